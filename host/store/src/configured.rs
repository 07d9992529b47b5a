//! Opens the store that the configuration, or the environment, names.

use std::path::Path;

use campanile_core::config::StoreConfig;

use crate::any::AnyLedger;
use crate::dynamo::DynamoLedger;
use crate::ledger::StoreError;
use crate::memory::MemoryLedger;
use crate::sqlite::SqliteLedger;

impl AnyLedger {
    /// Opens a store; the path of a file is relative to `folder`.
    ///
    /// # Errors
    /// If the file can't be opened. A table is first asked for when it is used.
    pub async fn open(store: &StoreConfig, folder: &Path) -> Result<Self, StoreError> {
        Ok(match store {
            StoreConfig::Memory => MemoryLedger::default().into(),
            StoreConfig::Sqlite(path) => SqliteLedger::open(&folder.join(path)).await?.into(),
            StoreConfig::Dynamodb(table) => DynamoLedger::connect(table, None).await.into(),
        })
    }
}
