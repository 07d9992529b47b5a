//! What can go wrong at the command line, each with its exit code and, where there is one, the next thing to do.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use campanile_broker::{BridgeError, IdentityError};
use campanile_dev::data::DataError;
use campanile_dev::system::SystemError;
use campanile_export::ExportError;
use campanile_local::catcher::CatcherError;
use campanile_local::lambda::{ConfigError, InvokeError};
use campanile_rules::limits::PAYLOAD_BYTES;
use campanile_rules::topic::TopicError;
use campanile_sandbox::EngineError;
use campanile_sandbox::compile::CompileError;
use campanile_sandbox::egress::EgressError;
use campanile_sandbox::inspect::InspectError;
use campanile_sandbox::precompiled::PrecompiledError;

use campanile_store::StoreError;

use crate::bundle::BinaryError;
use crate::exit::Exit;
use crate::output::visible;
use crate::plugin::TrustError;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    #[error("`{}`: {error}", path.display())]
    File { path: PathBuf, error: std::io::Error },
    #[error("there is no campanile.toml here or in any folder above")]
    NoProject,
    #[error("`{}` is not JSON: {error}", path.display())]
    NotJson { path: PathBuf, error: serde_json::Error },
    #[error("the configuration has {}", count(*.0, "error"))]
    Configuration(usize),
    #[error("there is no channel `{name}`; there are: {known}")]
    NoChannel { name: String, known: String },
    #[error(
        "the channel `{channel}` is to really send, and the variable `{variable}` of its secrets is not set"
    )]
    NoSecret { channel: String, variable: String },
    #[error("the configuration keeps deliveries in memory, so there is nothing to look at afterwards")]
    NoStore,
    #[error("there is no store `{}` yet", .0.display())]
    StoreMissing(PathBuf),
    #[error("the dispatch table `{0}` has no events: they are in another table")]
    NoEventTable(String),
    #[error("CAMPANILE_STORE: {0}")]
    StoreName(#[from] campanile_core::config::StoreError),
    #[error("there is no {what} `{id}`")]
    NotFound { what: &'static str, list: &'static str, id: String, meant: Option<String> },
    #[error("`{id}` is part of the ids of {} {what}", candidates.len())]
    Ambiguous { what: &'static str, id: String, candidates: Vec<String> },
    #[error("`{id}` {why}, so there is nothing to redrive")]
    NotEnded { id: String, why: String },
    #[error("`{id}` is no event, so it has no delivery to redrive: {reason}")]
    NoEvent { id: String, reason: String },
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("`{given}` is no answer of a function: {reason}")]
    Stub { given: String, reason: String },
    #[error("`{0}` is no value of a parameter")]
    Parameter(String),
    #[error("there is no version `{0}` of rule SQL")]
    SqlVersion(String),
    #[error("the topic `{topic}` {reason}")]
    Topic { topic: String, reason: TopicError },
    #[error("the payload has {0} bytes; AWS IoT takes {PAYLOAD_BYTES}")]
    Payload(usize),
    #[error("the statement has {}", count(*.0, "error"))]
    Statement(usize),
    #[error("`{0}` is no CloudFormation template")]
    NoTemplate(String),
    #[error("there is no deploy/template.yaml here or in any folder above")]
    TemplateMissing,
    #[error("there is no rule `{name}`; there are: {known}")]
    NoRule { name: String, known: String, meant: Option<String> },
    #[error("`{given}` is not a fault for a provider: {reason}")]
    Fault { given: String, reason: String },
    #[error("there is no plugin `{name}` in `{}`, and no such file", folder.display())]
    NoPlugin { name: String, folder: PathBuf },
    #[error("`{}`: {error}", path.display())]
    Inspect { path: PathBuf, error: InspectError },
    #[error("--settings is no JSON object: {0}")]
    Settings(serde_json::Error),
    #[error("the setting `{0}` is required, and its schema has no example of it")]
    NoSetting(String),
    #[error(
        "`{0}` is no name for a plugin: lower case letters, digits and single hyphens, a letter first, at most 64"
    )]
    PluginName(String),
    #[error("`{program}` can't be run: {error}")]
    Spawn { program: String, error: std::io::Error },
    #[error("`{command}` failed")]
    Command { command: String },
    #[error("`{}` builds no component", .0.display())]
    NoComponent(PathBuf),
    #[error("`{}` {error}", path.display())]
    Bootstrap { path: PathBuf, error: BinaryError },
    #[error("nothing is deployed like this: {}", count(*.0, "error"))]
    Undeployable(usize),
    #[error("nothing is deployed like this: {} can't be used", count(*.0, "plugin"))]
    BrokenPlugins(usize),
    #[error("`{}` can't be read: {reason}", path.display())]
    Lock { path: PathBuf, reason: String },
    #[error("plugins.lock can't be written: {0}")]
    LockText(String),
    #[error("the package would have {size} bytes unpacked, and Lambda takes {limit}")]
    PackageTooLarge { size: u64, limit: u64 },
    #[error("the package can't be packed: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("the function answered with something else than a report: {0}")]
    Answer(String),
    #[error("the function failed: {kind}: {message}")]
    Function { kind: String, message: String },
    #[error("{flag} {address} is no address of this machine alone; use 127.0.0.1 or [::1]")]
    NotLoopback { flag: &'static str, address: SocketAddr },
    #[error("{flag} {address} can't be listened on: {error}")]
    Taken { flag: &'static str, address: SocketAddr, error: std::io::Error },
    #[error("files can't be watched: {0}")]
    Watch(notify::Error),
    #[error("no broker at {address}: {reason}")]
    NoBroker { address: SocketAddr, reason: String },
    #[error("{address} did not acknowledge the message within {} s", .patience.as_secs())]
    NotAcknowledged { address: SocketAddr, patience: Duration },
    #[error("`{}` does not say what it is to be written as", .0.display())]
    NoFormat(PathBuf),
    #[error("--since is not before --until, so there is nothing to export")]
    NoTime,
    #[error("--json prints to the standard output, and so does --out -")]
    StdoutTaken,
    #[error("Parquet is nothing to look at on a terminal")]
    NotForTerminals,
    #[error("`{}` is there already", .0.display())]
    Exists(PathBuf),
    #[error("`{}` is there already", .0.display())]
    FolderExists(PathBuf),
    #[error("another export is writing `{}`", .0.display())]
    BeingWritten(PathBuf),
    #[error("`{}`: {error}", path.display())]
    Export { path: PathBuf, error: ExportError },
    #[error("stopped before it was complete")]
    Interrupted,
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    System(#[from] SystemError),
    #[error(transparent)]
    Bridge(#[from] BridgeError),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Compile(#[from] CompileError),
    #[error(transparent)]
    Precompiled(#[from] PrecompiledError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Catcher(#[from] CatcherError),
    #[error(transparent)]
    Emulator(#[from] ConfigError),
    #[error(transparent)]
    Invoke(#[from] InvokeError),
    #[error(transparent)]
    Trust(#[from] TrustError),
    #[error(transparent)]
    Egress(#[from] EgressError),
    #[error("there is no case in `{}`: no file NAME.json", .0.display())]
    NoCases(PathBuf),
    #[error("there is no case or built-in script `{name}`")]
    NoCase { name: String, meant: Option<String> },
}

impl CliError {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::NoProject
            | Self::Configuration(_)
            | Self::NoChannel { .. }
            | Self::NoSecret { .. }
            | Self::Statement(_)
            | Self::NoTemplate(_)
            | Self::TemplateMissing
            | Self::NoRule { .. }
            | Self::NoStore
            | Self::Undeployable(_)
            | Self::Lock { .. }
            | Self::NoEventTable(_) => Exit::Configuration,
            Self::NotFound { .. } | Self::Ambiguous { .. } | Self::NotEnded { .. } | Self::NoCase { .. } => {
                Exit::Unmatched
            }
            Self::Fault { .. }
            | Self::NotLoopback { .. }
            | Self::Bridge(_)
            | Self::StoreName(_)
            | Self::NoFormat(_)
            | Self::PluginName(_)
            | Self::Settings(_)
            | Self::NoSetting(_)
            | Self::NoTime
            | Self::StdoutTaken
            | Self::NotForTerminals
            | Self::Stub { .. }
            | Self::Parameter(_)
            | Self::SqlVersion(_)
            | Self::Topic { .. } => Exit::Usage,
            Self::NotJson { .. } | Self::Payload(_) | Self::NoEvent { .. } => Exit::Rejected,
            Self::NoPlugin { .. }
            | Self::Inspect { .. }
            | Self::Compile(_)
            | Self::Precompiled(_)
            | Self::BrokenPlugins(_) => Exit::Plugin,
            Self::Trust(error) => error.exit(),
            Self::Engine(_) | Self::Egress(_) | Self::Answer(_) => Exit::Internal,
            Self::Interrupted => Exit::Interrupted,
            _ => Exit::Unexpected,
        }
    }

    /// The next thing to do.
    pub(crate) fn help(&self) -> Option<String> {
        let help = match self {
            Self::NoProject => "go to your project, or name the file: --config PATH",
            Self::Configuration(_) => "see what is wrong above; `campanile check` shows it again",
            Self::Undeployable(_) | Self::BrokenPlugins(_) => {
                "see what is wrong above; `campanile check --deploy` shows it again"
            }
            Self::Bootstrap { .. } => {
                "deploy/build makes one for aarch64; the last line that it prints is its path"
            }
            Self::Lock { .. } => {
                "repair it, or remove it and pin the plugins as they are: campanile bundle --lock"
            }
            Self::Trust(error) => return error.help(),
            Self::PackageTooLarge { .. } => {
                "a plugin's code is large; `campanile bundle` leaves out what no channel uses"
            }
            Self::NoStore => {
                "write `[store]` with `kind = \"sqlite\"` into campanile.toml, or name one: --store sqlite:PATH"
            }
            Self::StoreMissing(_) => "it is made when the first event comes",
            Self::NoEventTable(_) => {
                "name it: --store dynamodb:TABLE, or `events-table` in `[store]`; the stack's output EventTableName has its name"
            }
            Self::NotFound { meant: Some(meant), .. } => return Some(format!("did you mean `{meant}`?")),
            Self::NotFound { list, .. } => return Some(format!("`campanile {list}` lists the newest")),
            Self::Ambiguous { candidates, .. } => return Some(one_of(candidates)),
            Self::NotEnded { .. } => "`campanile deliveries show ID` tells all of it",
            Self::NoEvent { .. } => "repair what sends it; `campanile deliveries letters` shows all of them",
            Self::Stub { .. } => "write for example --stub get_thing_shadow='{\"state\":{}}'",
            Self::Parameter(_) => "write NAME=VALUE",
            Self::SqlVersion(_) => "2015-10-08, 2016-03-23, beta",
            Self::Statement(_) => "see what is wrong above",
            Self::TemplateMissing => "name the file: --template PATH",
            Self::NoRule { meant: Some(meant), .. } | Self::NoCase { meant: Some(meant), .. } => {
                return Some(format!("did you mean `{meant}`?"));
            }
            Self::NotJson { .. } => "examples/events has events to start from",
            Self::NoPlugin { .. } => "`campanile plugin list` shows what is there",
            Self::Fault { .. } => "for example: --fault discord.com=429:retry-after=2:times=1",
            Self::Taken { flag, .. } => {
                return Some(format!(
                    "stop what uses it, or choose another one: {flag} 127.0.0.1:0 takes a free one"
                ));
            }
            Self::Data(DataError::InUse(_)) => "stop that one, or name another folder: --data-dir DIR",
            Self::NoBroker { .. } => "start one: campanile dev",
            Self::NoFormat(_) => "name the format: --format parquet, --format csv or --format jsonl",
            Self::StdoutTaken => "write the events to a file: --out FILE",
            Self::NotForTerminals => "write a file, --out FILE, or into another program: --out - | PROGRAM",
            Self::NoSetting(_) => {
                "give it: --settings '{\"NAME\": VALUE}'; or put `examples` into the schema"
            }
            Self::FolderExists(_) => "take another name, or another folder: --into DIR",
            Self::Exists(_) => "name another file, or replace it: --force",
            Self::Export { error, .. } if error.is_full() => {
                "make room, or write elsewhere; nothing is left of it"
            }
            Self::Command { .. } => "what it printed is above",
            Self::Emulator(_) => "build it: cargo build --release",
            Self::Function { .. } => "what it logged: --verbose",
            _ => return None,
        };
        Some(help.to_owned())
    }

    /// An error of reading or writing `path`.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |error| Self::File { path, error }
    }
}

/// What an id may stand for: the first few.
fn one_of(candidates: &[String]) -> String {
    const SHOWN: usize = 5;
    let mut lines: Vec<String> =
        candidates.iter().take(SHOWN).map(|candidate| format!("\n  {}", visible(candidate))).collect();
    if candidates.len() > SHOWN {
        lines.push(format!("\n  and {} more", candidates.len() - SHOWN));
    }
    format!("give more of the id, one of{}", lines.concat())
}

/// `1 error`, `2 errors`.
pub(crate) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
