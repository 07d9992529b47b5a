//! What happens once, in the init phase: configuration, plugins, clients. The order is the story of a start.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use campanile_core::config::{Config, StoreConfig, StoreError as StoreNameError};
use campanile_core::diagnostic::Diagnostic;
use campanile_router::{Parameters, SecretReader};
use campanile_sandbox::catalogue::Catalogue;
use campanile_sandbox::egress::{Egress, EgressError};
use campanile_sandbox::precompiled::PrecompiledError;
use campanile_sandbox::{Allocation, Engine, EngineError};

use campanile_store::{AnyLedger, StoreError};

use crate::function::{Function, Parts};
use crate::log::Format;
use crate::record::Records;

/// Path of the configuration; beside the binary if it is not set.
const CONFIG: &str = "CAMPANILE_CONFIG";

/// Folder of the plugins; beside the binary if it is not set.
const PLUGINS: &str = "CAMPANILE_PLUGINS";

/// Where deliveries are kept, as `sqlite:PATH`, `dynamodb:TABLE` or `memory`: before the configuration's word.
const STORE: &str = "CAMPANILE_STORE";

/// The table that the template makes, for a configuration that says nothing of a store.
const TABLE: &str = "CAMPANILE_DISPATCH_TABLE";

/// The path in SSM under which the secrets are that the configuration has in variables. Variables of a function are shown to
/// whoever may look at it, so there are none with secrets in AWS.
const SECRET_PATH: &str = "CAMPANILE_SECRET_PATH";

/// Whether the function hears of recoveries: `unseen` if the rule that lets them through is not there.
const RECOVERIES: &str = "CAMPANILE_RECOVERIES";

/// The channels that really send although others are caught, separated by commas.
const LIVE: &str = "CAMPANILE_LIVE";

/// Where requests go instead of to the providers.
const CATCH: &str = "CAMPANILE_CATCH";

/// What the platform calls the function.
const FUNCTION_NAME: &str = "AWS_LAMBDA_FUNCTION_NAME";

/// Why the function can't start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SetupError {
    #[error("the configuration `{}` can't be read: {error}", path.display())]
    ConfigFile { path: PathBuf, error: std::io::Error },
    #[error("the configuration `{}` is not valid:\n{findings}", path.display())]
    Config { path: PathBuf, findings: String },
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Plugins(#[from] PrecompiledError),
    #[error("loading the plugins broke off: {0}")]
    Loading(#[from] tokio::task::JoinError),
    #[error(transparent)]
    Egress(#[from] EgressError),
    #[error("{STORE}: {0}")]
    StoreName(#[from] StoreNameError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SetupError {
    /// As in `docs/exit-codes.md`.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::ConfigFile { .. }
            | Self::Config { .. }
            | Self::Egress(EgressError::Catch(_))
            | Self::StoreName(_) => 3,
            Self::Store(_) => 1,
            Self::Plugins(_) => 5,
            Self::Engine(_) | Self::Loading(_) | Self::Egress(EgressError::Client(_)) => 70,
        }
    }
}

/// The records of a log in JSON. A log in text has lines instead, for people.
pub(crate) fn records(format: Format) -> Option<Arc<Records>> {
    let name = || std::env::var(FUNCTION_NAME).unwrap_or_else(|_| "campanile".to_owned());
    (format == Format::Json).then(|| Arc::new(Records::new(name(), std::io::stdout())))
}

/// Sets the function up from the environment.
pub(crate) async fn function(records: Option<Arc<Records>>) -> Result<Function, SetupError> {
    let path = beside_binary(CONFIG, "campanile.toml");
    let mut config = config(path.clone())?;
    if std::env::var_os(RECOVERIES).is_some_and(|seen| seen == "unseen") {
        config.routes = std::mem::take(&mut config.routes).with_recoveries_unseen();
    }
    if let Some(path) = set(SECRET_PATH) {
        config = config.with_variables_under(&path);
    }
    // Half of a start is work with plugins, and most of the rest is making clients: two processors do both at once.
    let wanted: Vec<String> =
        config.channels.values().map(|channel| channel.plugin.get_ref().clone()).collect();
    let catalogue = tokio::task::spawn_blocking(move || catalogue(&wanted));
    let ledger = ledger(&config, path.parent().unwrap_or(Path::new(""))).await?;
    let egress = egress()?;
    let secrets = secrets(&egress);
    let catalogue = catalogue.await??;
    let parts = Parts { config, catalogue, egress, secrets, ledger, records };
    Ok(Function::new(parts).await)
}

/// The plugins, with the code of those that are `wanted`.
fn catalogue(wanted: &[String]) -> Result<Catalogue, SetupError> {
    let engine = Engine::new(Allocation::Pooling)?;
    let catalogue = Catalogue::open(&engine, &beside_binary(PLUGINS, "plugins"))?;
    catalogue.prepare(wanted.iter().map(String::as_str));
    Ok(catalogue)
}

fn config(path: PathBuf) -> Result<Config, SetupError> {
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => return Err(SetupError::ConfigFile { path, error }),
    };
    let config = Config::parse(&text).map_err(|findings| {
        let plain = |finding: &Diagnostic| finding.plain("campanile.toml", &text).to_string();
        let findings = findings.iter().map(plain).collect::<Vec<_>>().join("\n");
        SetupError::Config { path, findings }
    })?;
    for warning in &config.warnings {
        tracing::warn!("{}", warning.plain("campanile.toml", &text));
    }
    Ok(config)
}

/// The environment's word comes first, then the configuration's; the table of the template is better than memory.
async fn ledger(config: &Config, folder: &Path) -> Result<AnyLedger, SetupError> {
    let store = match (set(STORE), &config.store, set(TABLE)) {
        (Some(store), ..) => store.parse()?,
        (None, Some(store), _) => store.clone(),
        (None, None, Some(table)) => StoreConfig::Dynamodb(table),
        (None, None, None) => StoreConfig::Memory,
    };
    tracing::info!("deliveries are kept in {store}");
    Ok(AnyLedger::open(&store, folder).await?)
}

/// While requests are caught, the real secrets are those of live channels.
fn secrets(egress: &Egress) -> SecretReader {
    let live: BTreeSet<String> = std::env::var(LIVE)
        .unwrap_or_default()
        .split(',')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    match (egress.is_caught(), live.is_empty()) {
        (false, _) => SecretReader::Sources(Parameters::default()),
        (true, true) => SecretReader::Examples,
        (true, false) => {
            let names = live.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            tracing::warn!("LIVE: {LIVE} is set, messages of these channels really go out: {names}");
            SecretReader::SourcesOf(live, Parameters::default())
        }
    }
}

fn egress() -> Result<Egress, EgressError> {
    let Some(catch) = set(CATCH) else {
        return Egress::live();
    };
    tracing::warn!(
        "CAUGHT, NOT SENT: {CATCH} is set, every message goes to {catch} and none to its provider"
    );
    Egress::caught(&catch)
}

fn set(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|value| !value.is_empty())
}

fn beside_binary(variable: &str, name: &str) -> PathBuf {
    let beside = || std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join(name)));
    std::env::var_os(variable).map(PathBuf::from).or_else(beside).unwrap_or_else(|| name.into())
}
