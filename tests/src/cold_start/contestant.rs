//! The functions that are compared, each in a folder as it is deployed.

use std::fmt::Debug;
use std::fs::{self, DirEntry};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use campanile_local::lambda::EmulatorConfig;
use tempfile::TempDir;

use super::quota::Quota;
use crate::project::Project;

/// The longest that a start or an invocation may take, with a share of a processor.
const PATIENCE: Duration = Duration::from_secs(120);

/// Ids and tokens of the form that the services give, which open nothing.
const TELEGRAM_TOKEN: &str = "123456789:EXAMPLE-not-a-real-token";
const TELEGRAM_CHAT: &str = "-1001234567890";
const DISCORD_WEBHOOK: &str = "1100000000000000000/example-token-that-opens-nothing";

/// One channel, for one plugin.
const ONE_CHANNEL: &str = "[channels.family]\nplugin = \"telegram\"\nallow = [\"https://api.telegram.org\"]\n\
    settings.chat-id = \"-1001234567890\"\nsecrets.bot-token = { env = \"TELEGRAM_BOT_TOKEN\" }\n\
    [[routes]]\nwhen = 'event.status == \"INACTIVE\"'\nchannels = [\"family\"]\n";

/// What `tests/cold-start` has built and installed.
#[derive(Clone, Debug)]
pub struct Programs {
    /// `bootstrap`.
    pub bootstrap: PathBuf,
    /// `campanile-direct`.
    pub direct: PathBuf,
    /// A Python that has awslambdaric.
    pub python: PathBuf,
    /// The folder of Apprise and what it needs, as pip packs it for a zip.
    pub apprise: PathBuf,
}

/// A function that is measured.
#[derive(Debug)]
pub(super) struct Contestant {
    /// For programs.
    pub(super) id: &'static str,
    /// For people.
    pub(super) title: &'static str,
    /// How many requests an event comes to.
    pub(super) requests: usize,
    /// The size of all files that are deployed, unpacked. What Lambda has itself is not among them.
    pub(super) deployed_bytes: u64,
    /// Whether it has a ledger, which is in memory here and in a table when it is deployed.
    has_ledger: bool,
    config: EmulatorConfig,
    /// Goes with it.
    _folder: Box<dyn Debug>,
}

impl Programs {
    /// As `tests/cold-start` and `tests/run` tell them.
    #[must_use]
    pub fn from_environment() -> Self {
        let path = |name: &str| {
            let path = std::env::var_os(name).map(PathBuf::from);
            path.unwrap_or_else(|| panic!("{name} is not set; tests/cold-start builds it and sets that"))
        };
        Self {
            bootstrap: path("CAMPANILE_BOOTSTRAP"),
            direct: path("CAMPANILE_DIRECT"),
            python: path("CAMPANILE_LAMBDA_PYTHON"),
            apprise: path("CAMPANILE_APPRISE"),
        }
    }
}

impl Contestant {
    /// How it is run: with its share of a processor from its start on, or without one.
    pub(super) fn config(&self, quota: Option<&Quota>) -> EmulatorConfig {
        let mut config = self.config.clone();
        if let Some(quota) = quota {
            // A shell comes first, which goes in and becomes the function: a millisecond for all alike.
            let inside = config.task_root.join("inside");
            let script = format!(
                "#!/bin/sh\necho $$ >'{}'\nexec '{}'\n",
                quota.door().display(),
                config.binary.display()
            );
            write_program(&inside, &script);
            config.binary = inside;
        }
        config
    }

    /// The same with a client for a table that nobody serves, as long as its init phase lasts.
    pub(super) fn config_with_table(&self, quota: Option<&Quota>) -> Option<EmulatorConfig> {
        let mut config = self.has_ledger.then(|| self.config(quota))?;
        config.timeout = Duration::from_millis(1);
        let table = [
            ("CAMPANILE_DISPATCH_TABLE", "campanile-dispatch"),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            ("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "example"),
        ];
        config.environment.extend(table.map(|(name, value)| (name.to_owned(), value.to_owned())));
        Some(config)
    }
}

/// All of them; they send to `origin`.
pub(super) async fn all(programs: &Programs, origin: &str) -> Vec<Contestant> {
    let three = Project::sample();
    three.drop_plugin("webhook");
    let one = Project::new(ONE_CHANNEL, &["telegram"]);
    vec![
        campanile("campanile", "Campanile, 3 plugins", 2, three, programs, origin).await,
        campanile("campanile-one-plugin", "Campanile, 1 plugin, 1 request", 1, one, programs, origin).await,
        direct(programs, origin),
        python_urllib(programs, origin),
        python_apprise(programs, origin),
    ]
}

async fn campanile(
    id: &'static str,
    title: &'static str,
    requests: usize,
    project: Project,
    programs: &Programs,
    origin: &str,
) -> Contestant {
    let compiled = project.campanile(&["plugin", "compile"]).await;
    assert_eq!(compiled.code, 0, "{}", compiled.stderr);
    // The machine code is deployed, not what it was made of.
    for entry in fs::read_dir(project.path("plugins")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::remove_file(path).unwrap();
        }
    }
    let binary = project.path("bootstrap");
    fs::copy(&programs.bootstrap, &binary).unwrap();
    let deployed_bytes = bytes(&project.path(""));
    let config = config(binary, vec![("CAMPANILE_CATCH", origin.to_owned())]);
    Contestant { id, title, requests, deployed_bytes, has_ledger: true, config, _folder: Box::new(project) }
}

fn direct(programs: &Programs, origin: &str) -> Contestant {
    let folder = tempfile::tempdir().unwrap();
    let binary = folder.path().join("bootstrap");
    fs::copy(&programs.direct, &binary).unwrap();
    Contestant {
        id: "rust",
        title: "Rust by hand",
        requests: 2,
        deployed_bytes: bytes(folder.path()),
        has_ledger: false,
        config: config(binary, by_hand(origin)),
        _folder: Box::new(folder),
    }
}

fn python_urllib(programs: &Programs, origin: &str) -> Contestant {
    let handler = include_str!("../../benches/cold_start/urllib_function.py");
    let folder = python(programs, handler);
    Contestant {
        id: "python-urllib",
        title: "Python, urllib",
        requests: 2,
        deployed_bytes: u64::try_from(handler.len()).unwrap(),
        has_ledger: false,
        config: config(folder.path().join("bootstrap"), by_hand(origin)),
        _folder: Box::new(folder),
    }
}

fn python_apprise(programs: &Programs, origin: &str) -> Contestant {
    let handler = include_str!("../../benches/cold_start/apprise_function.py");
    let folder = python(programs, handler);
    let environment = vec![
        ("PYTHONPATH", programs.apprise.to_str().unwrap().to_owned()),
        ("PROVIDERS_URL", origin.to_owned()),
        ("TELEGRAM_URL", format!("tgram://{TELEGRAM_TOKEN}/{TELEGRAM_CHAT}")),
        ("DISCORD_URL", format!("discord://{DISCORD_WEBHOOK}")),
    ];
    Contestant {
        id: "python-apprise",
        title: "Python, Apprise",
        requests: 2,
        deployed_bytes: bytes(&programs.apprise) + u64::try_from(handler.len()).unwrap(),
        has_ledger: false,
        config: config(folder.path().join("bootstrap"), environment),
        _folder: Box::new(folder),
    }
}

/// What both functions by hand read.
fn by_hand(origin: &str) -> Vec<(&'static str, String)> {
    vec![
        ("TELEGRAM_API_URL", origin.to_owned()),
        ("TELEGRAM_BOT_TOKEN", TELEGRAM_TOKEN.to_owned()),
        ("TELEGRAM_CHAT_ID", TELEGRAM_CHAT.to_owned()),
        ("DISCORD_WEBHOOK_URL", format!("{origin}/api/webhooks/{DISCORD_WEBHOOK}")),
    ]
}

/// A folder with the handler, and with what Lambda's own runtime does: awslambdaric, told the handler's name.
fn python(programs: &Programs, handler: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("lambda_function.py"), handler).unwrap();
    let script = format!(
        "#!{}\nfrom awslambdaric.__main__ import main\nmain([\"bootstrap\", \"lambda_function.lambda_handler\"])\n",
        programs.python.display()
    );
    write_program(&folder.path().join("bootstrap"), &script);
    folder
}

fn write_program(path: &Path, script: &str) {
    fs::write(path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn config(binary: PathBuf, environment: Vec<(&str, String)>) -> EmulatorConfig {
    let environment = environment.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    EmulatorConfig { environment, timeout: PATIENCE, init_timeout: PATIENCE, ..EmulatorConfig::new(binary) }
}

/// Without what Python has made of its files.
fn bytes(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let of = |entry: DirEntry| {
        let metadata = entry.metadata().unwrap();
        if metadata.is_dir() { bytes(&entry.path()) } else { metadata.len() }
    };
    entries.filter(|entry| entry.file_name() != "__pycache__").map(of).sum()
}
