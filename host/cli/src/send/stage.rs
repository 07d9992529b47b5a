//! Everything around the function: emulator, catcher, fakes and faults.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use campanile_core::config::{Config, StoreConfig};
use campanile_local::catcher::{Catcher, CatcherConfig};
use campanile_local::fakes;
use campanile_local::inbox::Inbox;
use campanile_local::lambda::{Emulator, EmulatorConfig};
use campanile_router::Report;
use jiff::Timestamp;
use serde_json::Value;

use super::caught::Message;
use crate::args::SendingArguments;
use crate::error::CliError;
use crate::function;
use crate::output;
use crate::project::{self, Project};

/// Requests that are shown of one event.
const INBOX: usize = 500;

/// The function and what it talks to.
pub(crate) struct Stage {
    emulator: Emulator,
    catcher: Option<Catcher>,
    /// Keeps the configuration for `--channel` until the end.
    _only: Option<tempfile::NamedTempFile>,
}

/// What is played, and how.
pub(crate) struct Setting<'s> {
    pub(crate) project: &'s Project,
    pub(crate) config: &'s Config,
    /// Only this channel, by another configuration's text.
    pub(crate) only: Option<(&'s str, String)>,
    /// A file's path is absolute: the function runs in another folder.
    pub(crate) store: &'s StoreConfig,
    pub(crate) sending: &'s SendingArguments,
}

/// An event that went through.
#[derive(Debug)]
pub(crate) struct Played {
    /// What the function answered.
    pub(crate) report: Report,
    /// What was caught, in order.
    pub(crate) messages: Vec<Message>,
    /// Start of the process until it asked for the event.
    pub(crate) init: Option<Duration>,
    /// The invocation.
    pub(crate) duration: Duration,
}

impl Stage {
    /// Starts it all.
    pub(crate) async fn set(setting: Setting<'_>) -> Result<Self, CliError> {
        let Setting { project, config, only, store, sending } = setting;
        let catcher = if sending.live { None } else { Some(catcher(&sending.fault).await?) };
        let channel = only.as_ref().map(|(channel, _)| *channel);
        let only = only.as_ref().map(|(_, text)| temporary(text)).transpose()?;
        let path = only.as_ref().map_or(project.config.as_path(), tempfile::NamedTempFile::path);
        let mut environment = function::environment(project, path)?;
        environment.push(("CAMPANILE_STORE".to_owned(), store.to_string()));
        let is_sent_to = |name: &str| channel.is_none_or(|channel| channel == name);
        if matches!(store, StoreConfig::Dynamodb(_))
            || (sending.live && function::has_parameters(config, |_| true))
        {
            environment.extend(function::cloud());
        }
        match &catcher {
            Some(catcher) => environment.push(("CAMPANILE_CATCH".to_owned(), catcher.url())),
            None => environment.extend(function::secrets(config, is_sent_to)),
        }
        let function = EmulatorConfig::new(project::bootstrap()?);
        let emulator =
            Emulator::start(EmulatorConfig { task_root: project.folder()?, environment, ..function })?;
        if sending.verbose {
            follow(&emulator);
        }
        Ok(Self { emulator, catcher, _only: only })
    }

    /// Invokes the function with `event`, once.
    pub(crate) async fn play(self, event: Value) -> Result<Played, CliError> {
        let invocation = self.emulator.invoke(event).await?;
        let report = match invocation.result {
            Ok(answer) => {
                serde_json::from_value(answer).map_err(|error| CliError::Answer(error.to_string()))?
            }
            Err(error) if error.error_type == RETRYING => serde_json::from_str(&error.error_message)
                .map_err(|error| CliError::Answer(error.to_string()))?,
            Err(error) => {
                return Err(CliError::Function { kind: error.error_type, message: error.error_message });
            }
        };
        let messages = match &self.catcher {
            Some(catcher) => catcher.inbox().list(None).iter().map(|caught| Message::of(caught)).collect(),
            None => Vec::new(),
        };
        self.strike().await;
        Ok(Played { report, messages, init: invocation.init, duration: invocation.duration })
    }

    /// Lets the function do what is due, as its schedule does.
    pub(crate) async fn tick(&self) -> Result<(), CliError> {
        match self.emulator.tick().await?.result {
            Ok(_) => Ok(()),
            Err(error) => Err(CliError::Function { kind: error.error_type, message: error.error_message }),
        }
    }

    /// Ends it all.
    pub(crate) async fn strike(self) {
        self.emulator.shutdown().await;
        if let Some(catcher) = self.catcher {
            catcher.shutdown().await;
        }
    }
}

/// The error by which the function asks to be called again.
const RETRYING: &str = "Campanile.Retrying";

async fn catcher(given: &[String]) -> Result<Catcher, CliError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let seed = u64::try_from(Timestamp::now().as_nanosecond()).unwrap_or_default();
    let inbox = Arc::new(Inbox::new(INBOX));
    let catcher = Catcher::start(CatcherConfig { address, fakes: fakes::all(), inbox, seed }).await?;
    for given in given {
        let (selector, fault) = function::fault(given)?;
        catcher.faults().set(selector, fault);
    }
    Ok(catcher)
}

/// Shows what the function logs from now on.
fn follow(emulator: &Emulator) {
    let mut lines = emulator.logs();
    tokio::spawn(async move {
        while let Ok(line) = lines.recv().await {
            output::note(output::styled(output::QUIET, output::visible(&line.text)));
        }
    });
}

fn temporary(text: &str) -> Result<tempfile::NamedTempFile, CliError> {
    let folder = std::env::temp_dir();
    let file = tempfile::NamedTempFile::with_suffix(".toml").map_err(CliError::file(&folder))?;
    std::fs::write(file.path(), text).map_err(CliError::file(file.path()))?;
    Ok(file)
}
