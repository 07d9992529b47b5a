//! The stores under test. Each test has an empty one, and as many handles to it as it likes.

use std::path::PathBuf;
use std::sync::Arc;

use campanile_store::{AnyLedger, DynamoLedger, MemoryLedger, SqliteLedger};
use tempfile::TempDir;

use crate::moto::Moto;

/// Where deliveries are kept.
pub(crate) enum Store {
    /// All handles are one: another process can't have it.
    Memory(Arc<AnyLedger>),
    /// A file in a folder of its own.
    Sqlite(TempDir),
    /// A table of its own.
    Dynamo { moto: &'static Moto, table: String },
}

impl Store {
    pub(crate) fn memory() -> Self {
        Self::Memory(Arc::new(MemoryLedger::default().into()))
    }

    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// `None` if there is no server to test with.
    pub(crate) async fn dynamo() -> Option<Self> {
        let moto = Moto::get().await?;
        Some(Self::Dynamo { moto, table: moto.create_table().await })
    }

    /// A handle that shares nothing with others but the store.
    pub(crate) async fn handle(&self) -> Arc<AnyLedger> {
        match self {
            Self::Memory(ledger) => Arc::clone(ledger),
            Self::Sqlite(folder) => Arc::new(SqliteLedger::open(&file(folder)).await.unwrap().into()),
            Self::Dynamo { moto, table } => Arc::new(DynamoLedger::new(moto.client(), table).into()),
        }
    }

    /// What tells another process where to find it; `None` if it can't be found.
    pub(crate) fn address(&self) -> Option<String> {
        match self {
            Self::Memory(_) => None,
            Self::Sqlite(folder) => Some(file(folder).display().to_string()),
            Self::Dynamo { moto, table } => Some(format!("{} {table}", moto.endpoint)),
        }
    }
}

/// Opens what [`Store::address`] told, the way that a program does.
pub(crate) async fn open(address: &str) -> AnyLedger {
    match address.split_once(' ') {
        Some((endpoint, table)) => DynamoLedger::connect(table, Some(endpoint)).await.into(),
        None => SqliteLedger::open(&PathBuf::from(address)).await.unwrap().into(),
    }
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("campanile.db")
}
