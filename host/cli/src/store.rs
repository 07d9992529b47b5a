//! The store of a project, as the verbs about deliveries and events open it.

use std::path::{Path, PathBuf};

use campanile_core::config::{Config, StoreConfig};
use campanile_store::{AnyHistory, AnyLedger, DynamoHistory, SqliteHistory, StoreError};

use crate::args::{EventStoreArguments, ProjectArguments, StoreArguments};
use crate::error::CliError;
use crate::findings;
use crate::project::Project;

/// The table that events are in, for a store that is another table.
const EVENT_TABLE: &str = "CAMPANILE_EVENT_TABLE";

/// The store of the function, which is that of events as well if it is a file.
const STORE: &str = "CAMPANILE_STORE";

/// The store that the arguments name, else the configuration's; the path of a file is absolute.
pub(crate) fn locate(arguments: &StoreArguments) -> Result<StoreConfig, CliError> {
    match &arguments.store {
        Some(store) => given(store),
        None => configured(&arguments.project).map(|(store, _)| store),
    }
}

/// Opens a store that is there.
pub(crate) async fn open(store: &StoreConfig) -> Result<AnyLedger, CliError> {
    existing(store)?;
    Ok(AnyLedger::open(store, Path::new("")).await?)
}

/// Opens the history that the arguments, the environment or the configuration name.
pub(crate) async fn history(arguments: &EventStoreArguments) -> Result<AnyHistory, CliError> {
    let store = events(arguments)?;
    existing(&store)?;
    Ok(match store {
        StoreConfig::Memory => return Err(CliError::NoStore),
        StoreConfig::Sqlite(path) => {
            SqliteHistory::open(Path::new(&path)).await.map_err(StoreError::from)?.into()
        }
        StoreConfig::Dynamodb(table) => DynamoHistory::connect(&table, None).await.into(),
    })
}

fn events(arguments: &EventStoreArguments) -> Result<StoreConfig, CliError> {
    if let Some(store) = &arguments.store {
        return given(store);
    }
    let set = |variable: &str| std::env::var(variable).ok().filter(|value| !value.is_empty());
    if let Some(table) = set(EVENT_TABLE) {
        return Ok(StoreConfig::Dynamodb(table));
    }
    let (store, table) = match set(STORE) {
        Some(store) => match given(&store.parse()?)? {
            StoreConfig::Dynamodb(dispatch) => {
                let table = configured(&arguments.project).ok().and_then(|(_, table)| table);
                (StoreConfig::Dynamodb(dispatch), table)
            }
            file => (file, None),
        },
        None => configured(&arguments.project)?,
    };
    match store {
        StoreConfig::Dynamodb(dispatch) => {
            table.map(StoreConfig::Dynamodb).ok_or(CliError::NoEventTable(dispatch))
        }
        file => Ok(file),
    }
}

/// Looking at what is not there must not make it.
fn existing(store: &StoreConfig) -> Result<(), CliError> {
    match store {
        StoreConfig::Memory => Err(CliError::NoStore),
        StoreConfig::Sqlite(path) if !Path::new(path).exists() => Err(CliError::StoreMissing(path.into())),
        StoreConfig::Sqlite(_) | StoreConfig::Dynamodb(_) => Ok(()),
    }
}

/// A store that somebody named where they are.
fn given(store: &StoreConfig) -> Result<StoreConfig, CliError> {
    let here = std::env::current_dir().map_err(CliError::file("."))?;
    Ok(absolute(store, &here))
}

/// The configuration's store and event table.
fn configured(arguments: &ProjectArguments) -> Result<(StoreConfig, Option<String>), CliError> {
    let project = Project::find(arguments)?;
    let text = project.read_config()?;
    let config = Config::parse(&text).map_err(|found| {
        findings::show(&project.config.display().to_string(), &text, &found);
        CliError::Configuration(findings::errors(&found))
    })?;
    Ok((absolute(&config.store.unwrap_or_default(), &project.folder()?), config.events_table))
}

/// The store as every process finds it, whatever folder that runs in.
pub(crate) fn absolute(store: &StoreConfig, folder: &Path) -> StoreConfig {
    let path = |path: &String| -> PathBuf { folder.join(path) };
    match store {
        StoreConfig::Sqlite(file) => StoreConfig::Sqlite(path(file).to_string_lossy().into_owned()),
        other => other.clone(),
    }
}
