//! Everything around the function: emulator, catcher, fakes and faults.

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
use campanile_local::surroundings::ThisMachine;
use campanile_router::Report;
use campanile_rules::message::Surroundings as _;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::caught::Message;
use crate::args::SendingArguments;
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
        let mut environment = vec![
            ("CAMPANILE_CONFIG".to_owned(), absolute(path)?),
            ("CAMPANILE_PLUGINS".to_owned(), absolute(&project.plugins)?),
            ("CAMPANILE_STORE".to_owned(), store.to_string()),
        ];
        if matches!(store, StoreConfig::Dynamodb(_)) || (sending.live && has_parameters(config)) {
            environment.extend(cloud());
        }
        match &catcher {
            Some(catcher) => environment.push(("CAMPANILE_CATCH".to_owned(), catcher.url())),
            None => environment.extend(secrets(config, channel)),
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
        match self.emulator.invoke(tick()).await?.result {
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

/// What a rule of EventBridge with a schedule hands over.
fn tick() -> Value {
    json!({
        "version": "0",
        "id": ThisMachine.uuid(),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "region": "us-east-1",
        "resources": ["arn:aws:events:us-east-1:123456789012:rule/tick"],
        "detail": {},
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
