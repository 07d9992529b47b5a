//! A project on disk, and the tool run in it as a user runs it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::built;

/// No command takes longer, on however slow a machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with `campanile.toml` and `plugins/`; it goes with this value.
#[derive(Debug)]
pub struct Project {
    folder: TempDir,
}

/// A command that has ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Its exit code.
    pub code: i32,
    /// What it printed.
    pub stdout: String,
    /// What it told whoever watches.
    pub stderr: String,
}

impl Project {
    /// A project with this configuration and plugins.
    #[must_use]
    pub fn new(config: &str, plugins: &[&str]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        project.write("campanile.toml", config);
        std::fs::create_dir(project.path("plugins")).unwrap();
        for plugin in plugins {
            project.drop_plugin(plugin);
        }
        project
    }

    /// The project that this repository starts with: Telegram and Discord.
    #[must_use]
    pub fn sample() -> Self {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../campanile.toml");
        Self::new(&std::fs::read_to_string(sample).unwrap(), &["telegram", "discord"])
    }

    /// Where `name` is.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    /// Drops a built plugin into the folder of plugins.
    pub fn drop_plugin(&self, plugin: &str) {
        std::fs::copy(built::component(plugin), self.path(&format!("plugins/{plugin}.wasm"))).unwrap();
    }

    /// Changes a dropped plugin as a new version of it would: the same length, other bytes.
    pub fn rewrite(&self, plugin: &str, replacements: &[(&str, &str)]) {
        let file = format!("plugins/{plugin}.wasm");
        let mut wasm = std::fs::read(self.path(&file)).unwrap();
        for (old, new) in replacements {
            assert_eq!(old.len(), new.len());
            let at = wasm.windows(old.len()).position(|window| window == old.as_bytes());
            let at = at.unwrap_or_else(|| panic!("`{old}` is not in the component"));
            wasm.splice(at..at + old.len(), new.bytes());
        }
        self.write(&file, wasm);
    }

    /// Runs `campanile` in the project, with nothing of the developer's environment.
    pub async fn campanile(&self, arguments: &[&str]) -> Ended {
        self.campanile_with(arguments, &[], "").await
    }

    /// The same with these variables and this standard input.
    pub async fn campanile_with(
        &self,
        arguments: &[&str],
        environment: &[(&str, &str)],
        input: &str,
    ) -> Ended {
        let mut child = Command::new(built::binary("campanile"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("LANG", "C.UTF-8")
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        // An error means that the command had no need of its input.
        child.stdin.take().unwrap().write_all(input.as_bytes()).await.ok();
        let ended = tokio::time::timeout(PATIENCE, child.wait_with_output()).await;
        let ended = ended.unwrap_or_else(|_| panic!("campanile {arguments:?} did not end")).unwrap();
        Ended {
            code: ended.status.code().unwrap_or_else(|| panic!("campanile {arguments:?}: {}", ended.status)),
            stdout: String::from_utf8(ended.stdout).unwrap(),
            stderr: String::from_utf8(ended.stderr).unwrap(),
        }
    }

    /// `campanile send` of this event, with `--json` and `arguments`.
    pub async fn send(&self, event: &Value, arguments: &[&str]) -> Ended {
        let arguments = [&["send", "-", "--json"], arguments].concat();
        self.campanile_with(&arguments, &[], &event.to_string()).await
    }
}

impl Ended {
    /// What it printed, as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}\n{}", self.stdout, self.stderr))
    }
}
