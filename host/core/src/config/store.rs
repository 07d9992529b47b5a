//! `[store]`: where deliveries, the state of devices, dead letters and events are kept.

use std::fmt;
use std::str::FromStr;

use super::table::{Findings, Table};

/// Where things are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StoreConfig {
    /// In the process: nothing outlives it.
    #[default]
    Memory,
    /// In a file of SQLite, by its path; that of a configuration is relative to it.
    Sqlite(String),
    /// In a table of DynamoDB, by its name; region and credentials are those of the environment.
    Dynamodb(String),
}

/// Why a text names no store.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` names no store; write `memory`, `sqlite:PATH` or `dynamodb:TABLE`")]
pub struct StoreError(String);

const SQLITE_PATH: &str = "campanile.db";

#[derive(Clone, Copy)]
enum Kind {
    Memory,
    Sqlite,
    Dynamodb,
}

impl StoreConfig {
    /// The store, and the event table; none if the configuration does not say.
    pub(super) fn read(table: Option<Table<'_>>, found: &mut Findings) -> (Option<Self>, Option<String>) {
        let Some(mut table) = table else { return (None, None) };
        let events = table.text("events-table", found).map(|name| (*name.get_ref()).to_owned());
        let kinds = [("memory", Kind::Memory), ("sqlite", Kind::Sqlite), ("dynamodb", Kind::Dynamodb)];
        let stated = table.entries().any(|(key, ..)| key == "kind");
        let kind = table.choice("kind", &kinds, found);
        let path = table.text("path", found).map(|path| (*path.get_ref()).to_owned());
        let name = table.text("table", found).map(|name| (*name.get_ref()).to_owned());
        let missing =
            |key, example, table: &Table<'_>, found: &mut Findings| found.push(table.missing(key, example));
        let store = match (kind, name) {
            (None, _) if stated => None,
            (None, _) => {
                missing("kind", "\"sqlite\"", &table, found);
                None
            }
            (Some(Kind::Memory), _) => Some(Self::Memory),
            (Some(Kind::Sqlite), _) => Some(Self::Sqlite(path.unwrap_or_else(|| SQLITE_PATH.to_owned()))),
            (Some(Kind::Dynamodb), Some(name)) => Some(Self::Dynamodb(name)),
            (Some(Kind::Dynamodb), None) => {
                missing("table", "\"campanile-dispatch\"", &table, found);
                None
            }
        };
        table.finish(found);
        (store, events)
    }
}

impl FromStr for StoreConfig {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        match text.split_once(':') {
            None if text == "memory" => Ok(Self::Memory),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(path.to_owned())),
            Some(("dynamodb", table)) if !table.is_empty() => Ok(Self::Dynamodb(table.to_owned())),
            _ => Err(StoreError(text.to_owned())),
        }
    }
}

impl fmt::Display for StoreConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => formatter.write_str("memory"),
            Self::Sqlite(path) => write!(formatter, "sqlite:{path}"),
            Self::Dynamodb(table) => write!(formatter, "dynamodb:{table}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_written_as_it_is_read() {
        for text in ["memory", "sqlite:a/b.db", "sqlite:C:x", "dynamodb:campanile-dispatch"] {
            assert_eq!(text.parse::<StoreConfig>().unwrap().to_string(), text);
        }
        for text in ["", "sqlite", "sqlite:", "postgres:x", "Memory"] {
            assert!(text.parse::<StoreConfig>().is_err(), "{text}");
        }
    }
}
