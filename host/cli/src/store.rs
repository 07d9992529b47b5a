//! The store of a project, as the verbs about deliveries open it.

use campanile_core::config::{Config, StoreConfig};
use campanile_store::AnyLedger;

use crate::args::StoreArguments;
use crate::error::CliError;
use crate::findings;
use crate::project::Project;

/// Opens the store that the arguments name, else the configuration's.
pub(crate) async fn open(arguments: &StoreArguments) -> Result<AnyLedger, CliError> {
    let (store, folder) = match &arguments.store {
        Some(store) => (store.clone(), std::env::current_dir().map_err(CliError::file("."))?),
        None => configured(arguments)?,
    };
    match &store {
        StoreConfig::Memory => return Err(CliError::NoStore),
        // Looking at what is not there must not make it.
        StoreConfig::Sqlite(path) if !folder.join(path).exists() => {
            return Err(CliError::StoreMissing(folder.join(path)));
        }
        StoreConfig::Sqlite(_) | StoreConfig::Dynamodb(_) => {}
    }
    Ok(AnyLedger::open(&store, &folder).await?)
}

fn configured(arguments: &StoreArguments) -> Result<(StoreConfig, std::path::PathBuf), CliError> {
    let project = Project::find(&arguments.project)?;
    let text = project.read_config()?;
    let config = Config::parse(&text).map_err(|found| {
        findings::show(&project.config.display().to_string(), &text, &found);
        CliError::Configuration(findings::errors(&found))
    })?;
    Ok((config.store.unwrap_or_default(), project.folder()?))
}
