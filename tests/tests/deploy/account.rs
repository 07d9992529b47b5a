//! An AWS account: moto, of this test alone, and a machine from which it is deployed to.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use campanile_tests::built;
use campanile_tests::project::{Ended, Project};
use serde_json::Value;
use tokio::process::Command;

use crate::server::Server;

/// A script calls the AWS CLI fifty times, which takes a second to start unless `tests/run` has loaded it, and other tests run as well.
const PATIENCE: Duration = Duration::from_secs(400);

/// What the scripts call first: it notes each command line, and fails where it is told to.
const WRAPPER: &str = r#"#!/usr/bin/env bash
printf '%s\n' "$*" >>"$CAMPANILE_TEST_CALLS"
if [[ -n ${CAMPANILE_TEST_REFUSED-} && "$1 $2" == "$CAMPANILE_TEST_REFUSED" ]]; then
    echo "An error occurred (ServiceUnavailable) when calling the operation: injected" >&2
    exit 254
fi
exec "$CAMPANILE_AWS_CLI" "$@"
"#;

/// What a channel's secret is.
pub(crate) const TOKEN: &str = "12345:a\"b\\c%d$e";

const CONFIG: &str = r#"
[channels.family]
plugin = "telegram"
allow = ["https://api.telegram.org"]
settings.chat-id = "1"
secrets.bot-token = { ssm = "/campanile/telegram-bot-token" }

[template.parameters]
NotifyRecovery = "true"

[[routes]]
when = 'event.status == "INACTIVE"'
channels = ["family"]
"#;

#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) project: Project,
    cli: String,
    endpoint: String,
    region: &'static str,
    bootstrap: PathBuf,
}

impl Account {
    /// In the region of the emulator of Lambda. None if what it takes is not here; in CI it has to be.
    pub(crate) async fn new() -> Option<Self> {
        Self::in_region("us-east-1").await
    }

    pub(crate) async fn in_region(region: &'static str) -> Option<Self> {
        let moto = Server::moto_alone().await?;
        let (cli, bootstrap) = (named("CAMPANILE_AWS_CLI")?, named("CAMPANILE_BOOTSTRAP_AARCH64")?);
        let project = Project::new(CONFIG, &["telegram"]);
        project.write("aws", WRAPPER);
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(project.path("aws"), permissions).unwrap();
        Some(Self { project, cli, endpoint: moto.endpoint.clone(), region, bootstrap: bootstrap.into() })
    }

    /// What programs need to reach AWS.
    pub(crate) fn environment(&self) -> Vec<(&str, &str)> {
        vec![
            ("AWS_ENDPOINT_URL", self.endpoint.as_str()),
            ("AWS_REGION", self.region),
            // Version 1 of the AWS CLI knows only this.
            ("AWS_DEFAULT_REGION", self.region),
            ("AWS_ACCESS_KEY_ID", "AKIATEST"),
            ("AWS_SECRET_ACCESS_KEY", "SECRETTEST"),
        ]
    }

    /// The AWS CLI, as somebody uses it who looks what is there.
    pub(crate) async fn aws(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new(&self.cli);
        command.args(arguments).args(["--output", "json"]);
        ended(self.at_home(&mut command)).await
    }

    /// The same, for what it answers.
    pub(crate) async fn asked(&self, arguments: &[&str]) -> Value {
        let ended = self.aws(arguments).await;
        assert_eq!(ended.code, 0, "{arguments:?}: {}", ended.stderr);
        if ended.stdout.trim().is_empty() { Value::Null } else { ended.json() }
    }

    /// A script, in the project's folder.
    pub(crate) fn script(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(root().join("deploy").join(name));
        command.args(arguments);
        let path = format!("{}:{}", self.project.path(".").display(), std::env::var("PATH").unwrap());
        self.at_home(&mut command)
            .env("PATH", path)
            .env("CAMPANILE_AWS_CLI", &self.cli)
            .env("CAMPANILE_TEST_CALLS", self.project.path("calls"))
            .env("CAMPANILE", built::binary("campanile"))
            .env("CAMPANILE_DEVICE", built::binary("campanile-device"))
            .env("CARGO_TARGET_DIR", self.project.path("target"))
            .current_dir(self.project.path("."));
        command
    }

    pub(crate) async fn run(&self, name: &str, arguments: &[&str]) -> Ended {
        ended(&mut self.script(name, arguments)).await
    }

    /// `deploy/deploy` of the project, with its secret in the environment, and without the test alert.
    pub(crate) fn deploy(&self, arguments: &[&str]) -> Command {
        let (config, bootstrap) = (self.project.path("campanile.toml"), self.bootstrap.display().to_string());
        let own = ["--config", config.to_str().unwrap(), "--bootstrap", &bootstrap, "--no-smoke-test"];
        let mut command = self.script("deploy", &[&own[..], arguments].concat());
        command.env("TELEGRAM_BOT_TOKEN", TOKEN);
        command
    }

    /// The same, which has to work.
    pub(crate) async fn deployed(&self, arguments: &[&str]) -> Ended {
        let deployed = ended(&mut self.deploy(&[&["--yes"], arguments].concat())).await;
        assert_eq!(deployed.code, 0, "{}", deployed.stderr);
        deployed
    }

    /// The same with the test alert.
    pub(crate) fn tried(&self) -> Command {
        let (config, bootstrap) = (self.project.path("campanile.toml"), self.bootstrap.display().to_string());
        let own = ["--config", config.to_str().unwrap(), "--bootstrap", &bootstrap, "--yes"];
        self.script("deploy", &own)
    }

    /// An output of the stack.
    pub(crate) async fn output(&self, name: &str) -> String {
        let query = format!("Stacks[0].Outputs[?OutputKey=='{name}'].OutputValue | [0]");
        let stack = ["cloudformation", "describe-stacks", "--stack-name", "campanile", "--query", &query];
        let found = self.asked(&stack).await;
        found.as_str().unwrap_or_else(|| panic!("no output {name}")).to_owned()
    }

    /// The command lines of the AWS CLI since the last time, without what only looks.
    pub(crate) fn changes(&self) -> Vec<String> {
        self.calls().into_iter().filter(|call| !only_looks(call)).collect()
    }

    /// All of them.
    pub(crate) fn calls(&self) -> Vec<String> {
        let calls = std::fs::read_to_string(self.project.path("calls")).unwrap_or_default();
        std::fs::remove_file(self.project.path("calls")).ok();
        calls.lines().map(ToOwned::to_owned).collect()
    }

    /// Nothing of the developer's, but for what finds programs.
    fn at_home<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        let kept = ["PATH", "HOME"].map(|name| (name, std::env::var_os(name).unwrap_or_default()));
        command.env_clear().envs(kept).env("LANG", "C.UTF-8").envs(self.environment()).stdin(Stdio::null())
    }
}

fn only_looks(call: &str) -> bool {
    let operation = call.split(' ').nth(1).unwrap_or_default();
    let reads = ["describe-", "get-", "list-", "head-", "validate-", "filter-"];
    call.starts_with("configure ") || reads.iter().any(|read| operation.starts_with(read))
}

pub(crate) async fn ended(command: &mut Command) -> Ended {
    let running = command.kill_on_drop(true).output();
    let ended = tokio::time::timeout(PATIENCE, running).await.unwrap().unwrap();
    Ended {
        code: ended.status.code().unwrap_or_else(|| panic!("{}", ended.status)),
        stdout: String::from_utf8(ended.stdout).unwrap(),
        stderr: String::from_utf8(ended.stderr).unwrap(),
    }
}

/// The checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn named(variable: &str) -> Option<String> {
    let named = std::env::var(variable).ok();
    if named.is_none() {
        assert!(!std::env::var("CI").is_ok_and(|ci| ci == "true"), "CI deploys: set {variable}");
        eprintln!("not tested: {variable} does not name a program");
    }
    named
}
