//! What happens once, in the init phase: configuration, plugins, clients. The order is the story of a start.

use std::path::PathBuf;

use campanile_core::config::Config;
use campanile_core::diagnostic::Diagnostic;
use campanile_router::SecretMode;
use campanile_sandbox::catalogue::Catalogue;
use campanile_sandbox::egress::{Egress, EgressError};
use campanile_sandbox::precompiled::PrecompiledError;
use campanile_sandbox::{Allocation, Engine, EngineError};

use crate::function::Function;

/// Path of the configuration; beside the binary if it is not set.
const CONFIG: &str = "CAMPANILE_CONFIG";

/// Folder of the plugins; beside the binary if it is not set.
const PLUGINS: &str = "CAMPANILE_PLUGINS";

/// Where requests go instead of to the providers.
const CATCH: &str = "CAMPANILE_CATCH";

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
    #[error(transparent)]
    Egress(#[from] EgressError),
}

impl SetupError {
    /// As in `docs/exit-codes.md`.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::ConfigFile { .. } | Self::Config { .. } | Self::Egress(EgressError::Catch(_)) => 3,
            Self::Plugins(_) => 5,
            Self::Engine(_) | Self::Egress(EgressError::Client(_)) => 70,
        }
    }
}

/// Sets the function up from the environment.
pub(crate) fn function() -> Result<Function, SetupError> {
    let config = config(beside_binary(CONFIG, "campanile.toml"))?;
    let egress = egress()?;
    let mode = if egress.is_caught() { SecretMode::Examples } else { SecretMode::Real };
    let engine = Engine::new(Allocation::Pooling)?;
    let catalogue = Catalogue::open(&engine, &beside_binary(PLUGINS, "plugins"))?;
    Ok(Function::new(config, catalogue, egress, mode))
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

fn egress() -> Result<Egress, EgressError> {
    let Some(catch) = std::env::var(CATCH).ok().filter(|catch| !catch.is_empty()) else {
        return Egress::live();
    };
    tracing::warn!(
        "CAUGHT, NOT SENT: {CATCH} is set, every message goes to {catch} and none to its provider"
    );
    Egress::caught(&catch)
}

fn beside_binary(variable: &str, name: &str) -> PathBuf {
    let beside = || std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join(name)));
    std::env::var_os(variable).map(PathBuf::from).or_else(beside).unwrap_or_else(|| name.into())
}
