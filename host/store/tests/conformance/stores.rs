//! The stores under test. Each test has an empty one, and as many handles to it as it likes.

use std::path::PathBuf;
use std::sync::Arc;

use campanile_store::{AnyLedger, DynamoLedger, MemoryLedger, SqliteLedger};
use tempfile::TempDir;

use crate::servers::Server;

/// Where deliveries are kept.
pub(crate) enum Store {
    /// All handles are one: another process can't have it.
    Memory(Arc<AnyLedger>),
    /// A file in a folder of its own.
    Sqlite(TempDir),
    /// A table of its own.
    Dynamo { server: &'static Server, table: String },
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
        Some(Self::table(Server::moto().await?).await)
    }

    /// The same with another server.
    pub(crate) async fn dynalite() -> Option<Self> {
        Some(Self::table(Server::dynalite().await?).await)
    }

    async fn table(server: &'static Server) -> Self {
        Self::Dynamo { server, table: server.create_table().await }
    }

    /// A handle that shares nothing with others but the store.
    pub(crate) async fn handle(&self) -> Arc<AnyLedger> {
        match self {
            Self::Memory(ledger) => Arc::clone(ledger),
            Self::Sqlite(folder) => Arc::new(SqliteLedger::open(&file(folder)).await.unwrap().into()),
            Self::Dynamo { server, table } => Arc::new(DynamoLedger::new(server.client(), table).into()),
        }
    }

    /// What tells another process where to find it; `None` if it can't be found.
    pub(crate) fn address(&self) -> Option<String> {
        match self {
            Self::Memory(_) => None,
            Self::Sqlite(folder) => Some(file(folder).display().to_string()),
            Self::Dynamo { server, table } => Some(format!("{} {table}", server.endpoint)),
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
