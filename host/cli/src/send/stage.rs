//! Everything around the function for one event: emulator, catcher, fakes and faults.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use campanile_core::config::{Config, SecretSource, StoreConfig};
use campanile_local::catcher::{Catcher, CatcherConfig, Selector};
use campanile_local::fakes::Fake;
use campanile_local::fakes::discord::DiscordFake;
use campanile_local::fakes::telegram::TelegramFake;
use campanile_local::fakes::webhook::WebhookFake;
use campanile_local::fault::Fault;
use campanile_local::inbox::Inbox;
use campanile_local::lambda::{Emulator, EmulatorConfig};
use campanile_router::Report;
use jiff::Timestamp;
use serde_json::Value;

use super::caught::Message;
use crate::args::SendArguments;
use crate::error::CliError;
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
    /// Starts it all. `only` is the text of another configuration to use.
    pub(crate) async fn set(
        project: &Project,
        config: &Config,
        only: Option<&str>,
        arguments: &SendArguments,
    ) -> Result<Self, CliError> {
        let catcher = if arguments.live { None } else { Some(catcher(&arguments.fault).await?) };
        let only = only.map(temporary).transpose()?;
        let path = only.as_ref().map_or(project.config.as_path(), tempfile::NamedTempFile::path);
        let mut environment = vec![
            ("CAMPANILE_CONFIG".to_owned(), absolute(path)?),
            ("CAMPANILE_PLUGINS".to_owned(), absolute(&project.plugins)?),
            ("CAMPANILE_STORE".to_owned(), store(&arguments.store)?),
        ];
        if matches!(arguments.store, StoreConfig::Dynamodb(_)) || (arguments.live && has_parameters(config)) {
            environment.extend(cloud());
        }
        match &catcher {
            Some(catcher) => environment.push(("CAMPANILE_CATCH".to_owned(), catcher.url())),
            None => environment.extend(secrets(config, arguments.channel.as_deref())),
        }
        let function = EmulatorConfig::new(project::bootstrap()?);
        let emulator =
            Emulator::start(EmulatorConfig { task_root: project.folder()?, environment, ..function })?;
        if arguments.verbose {
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
        self.emulator.shutdown().await;
        if let Some(catcher) = self.catcher {
            catcher.shutdown().await;
        }
        Ok(Played { report, messages, init: invocation.init, duration: invocation.duration })
    }
}

/// What the SDK of AWS needs to find a table or a parameter: the emulator's process has no other environment.
fn cloud() -> impl Iterator<Item = (String, String)> {
    const NAMES: [&str; 7] = [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_REGION",
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_DYNAMODB",
        "AWS_ENDPOINT_URL_SSM",
    ];
    NAMES.into_iter().filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?)))
}

/// Whether any secret is in SSM.
fn has_parameters(config: &Config) -> bool {
    let mut entries = config.channels.values().flat_map(|channel| channel.secrets.values());
    entries.any(|entry| matches!(entry.source, SecretSource::Ssm(_)))
}

/// The store as the function, which runs in another folder, finds it.
fn store(store: &StoreConfig) -> Result<String, CliError> {
    Ok(match store {
        StoreConfig::Sqlite(path) => StoreConfig::Sqlite(absolute(Path::new(path))?).to_string(),
        other => other.to_string(),
    })
}

/// The error by which the function asks to be called again.
const RETRYING: &str = "Campanile.Retrying";

async fn catcher(faults: &[String]) -> Result<Catcher, CliError> {
    let telegram: Arc<dyn Fake> = Arc::new(TelegramFake::new(Timestamp::now));
    let discord: Arc<dyn Fake> = Arc::new(DiscordFake::new(Timestamp::now));
    let webhook: Arc<dyn Fake> = Arc::new(WebhookFake::new(Timestamp::now));
    let selected = |selector: &str, fake: &Arc<dyn Fake>| Ok((selector.parse()?, Arc::clone(fake)));
    let fakes = [
        selected("api.telegram.org", &telegram),
        selected("/bot*/*", &telegram),
        selected("discord.com", &discord),
        selected("/api/webhooks/**", &discord),
        selected("*", &webhook),
    ];
    let built_in = |error: campanile_local::catcher::SelectorError| CliError::Answer(error.to_string());
    let fakes = fakes.into_iter().collect::<Result<_, _>>().map_err(built_in)?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let seed = u64::try_from(Timestamp::now().as_nanosecond()).unwrap_or_default();
    let catcher =
        Catcher::start(CatcherConfig { address, fakes, inbox: Arc::new(Inbox::new(INBOX)), seed }).await?;
    for given in faults {
        let (selector, fault) = fault(given)?;
        catcher.faults().set(selector, fault);
    }
    Ok(catcher)
}

/// Reads `WHO=FAULT`.
fn fault(given: &str) -> Result<(Selector, Fault), CliError> {
    let wrong = |reason: String| CliError::Fault { given: given.to_owned(), reason };
    let (who, fault) = given.split_once('=').ok_or_else(|| wrong("expected WHO=FAULT".into()))?;
    let selector =
        who.parse().map_err(|error: campanile_local::catcher::SelectorError| wrong(error.to_string()))?;
    let fault =
        fault.parse().map_err(|error: campanile_local::fault::FaultParseError| wrong(error.to_string()))?;
    Ok((selector, fault))
}

/// The variables that secrets come from, of all channels or of the one that is sent to: the function gets these and nothing
/// else of ours.
fn secrets(config: &Config, only: Option<&str>) -> Vec<(String, String)> {
    let channels = config.channels.iter().filter(|(name, _)| only.is_none_or(|only| only == *name));
    let entries = channels.flat_map(|(_, channel)| channel.secrets.values());
    let variable = |source: &SecretSource| match source {
        SecretSource::Env(variable) => Some((variable.clone(), std::env::var(variable).ok()?)),
        SecretSource::File(_) | SecretSource::Ssm(_) => None,
    };
    entries.filter_map(|entry| variable(&entry.source)).collect()
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

fn absolute(path: &Path) -> Result<String, CliError> {
    let absolute = std::path::absolute(path).map_err(CliError::file(path))?;
    Ok(absolute.to_string_lossy().into_owned())
}
