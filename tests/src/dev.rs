//! `campanile dev` as a process of its own, as users start it, told by what it prints with `--json`.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

use crate::built;
use crate::process;
use crate::project::Project;

/// The longest that anything here takes, on however slow a machine: the function's platform waits for a minute before it tries again.
const PATIENCE: Duration = Duration::from_secs(150);

/// A running `campanile dev` on free ports. It is killed when this is dropped.
#[derive(Debug)]
pub struct Dev {
    child: Child,
    stdout: Lines<BufReader<ChildStdout>>,
    stderr: ChildStderr,
    /// The line that tells where everything is.
    pub ready: Value,
    /// What it has printed since, in order.
    pub seen: Vec<Value>,
    /// How many of them [`Dev::next_where`] has looked at.
    looked: usize,
}

impl Dev {
    /// Starts it with these arguments as well, and waits until everything runs.
    pub async fn start(project: &Project, arguments: &[&str]) -> Self {
        Self::start_with(project, arguments, &[]).await
    }

    /// The same with these variables.
    pub async fn start_with(project: &Project, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let has_own = !arguments.contains(&"--broker");
        let free = ["--mqtt", "--mqtts"].into_iter().filter(|flag| has_own && !arguments.contains(flag));
        let free = free.flat_map(|flag| [flag, "127.0.0.1:0"]);
        // Whoever wants a page says where.
        let headless = (!arguments.contains(&"--ui")).then_some("--headless");
        let mut command = Command::new(built::binary("campanile"));
        command.args(["dev", "--json"]).args(headless).args(free).args(arguments);
        command.env_clear().env("LANG", "C.UTF-8").envs(environment.iter().copied());
        Self::spawn(project, command).await
    }

    /// Starts `campanile plugin dev` on the plugin's project in `folder`. It has what an author has: a home, a path, a network.
    pub async fn of_author(project: &Project, folder: &str) -> Self {
        let mut command = Command::new(built::binary("campanile"));
        command.args(["plugin", "dev", folder, "--json", "--headless"]);
        Self::spawn(project, command).await
    }

    async fn spawn(project: &Project, mut command: Command) -> Self {
        let mut child = command
            .current_dir(project.path("."))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        let stderr = child.stderr.take().unwrap();
        let mut dev = Self { child, stdout, stderr, ready: Value::Null, seen: Vec::new(), looked: 0 };
        dev.ready = dev.next_where("ready", |_| true).await;
        dev
    }

    /// The address where devices connect to without TLS.
    #[must_use]
    pub fn mqtt(&self) -> &str {
        self.ready.get("mqtt").and_then(Value::as_str).unwrap()
    }

    /// The next object of this type that `wanted` accepts, after those that were looked at before.
    pub async fn next_where(&mut self, kind: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let search = async {
            loop {
                while let Some(seen) = self.seen.get(self.looked) {
                    self.looked += 1;
                    if seen["type"] == kind && wanted(seen) {
                        return Some(seen.clone());
                    }
                }
                let line = self.stdout.next_line().await.unwrap()?;
                self.seen.push(serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line}")));
            }
        };
        match tokio::time::timeout(PATIENCE, search).await {
            Ok(Some(found)) => found,
            Ok(None) => panic!("it ended without `{kind}`: {}\n{:#?}", self.stderr().await, self.seen),
            Err(_) => panic!("no `{kind}` in time: {:#?}", self.seen),
        }
    }

    /// The next attempt on this channel.
    pub async fn attempt(&mut self, channel: &str) -> Value {
        self.next_where("attempt", |attempt| attempt["channel"] == channel).await
    }

    /// Looks at everything once more from the start.
    pub fn rewind(&mut self) {
        self.looked = 0;
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap()
    }

    /// The processes of its function.
    #[must_use]
    pub fn functions(&self) -> Vec<u32> {
        let mut pids = process::children(self.pid());
        pids.retain(|pid| {
            let program = std::fs::read_link(format!("/proc/{pid}/exe")).unwrap_or_default();
            program.file_name() == Some("bootstrap".as_ref())
        });
        pids
    }

    /// Kills it with SIGKILL, as a crash or the kernel would.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks it to stop as Ctrl-C does; what it printed last, and its exit code.
    pub async fn stop(mut self) -> (Value, i32) {
        signal(self.pid(), "INT").await;
        let stopped = self.next_where("stopped", |_| true).await;
        let status = tokio::time::timeout(PATIENCE, self.child.wait()).await.unwrap().unwrap();
        (stopped, status.code().unwrap_or(-1))
    }

    async fn stderr(&mut self) -> String {
        let mut text = String::new();
        self.stderr.read_to_string(&mut text).await.ok();
        text
    }
}

/// Sends a signal to a process.
pub async fn signal(pid: u32, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).status().await.unwrap();
    assert!(status.success(), "kill -{name} {pid}");
}

/// Copies the template that is deployed into a project.
pub fn with_template(project: &Project) {
    std::fs::create_dir_all(project.path("deploy")).unwrap();
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/template.yaml");
    std::fs::copy(template, project.path("deploy/template.yaml")).unwrap();
}
