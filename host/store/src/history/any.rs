//! The history that the tool was told to look at.

use crate::dynamo::DynamoHistory;
use crate::history::{EventFilter, History, PastEvent};
use crate::ledger::StoreError;
use crate::page::{Cursor, Page};
use crate::sqlite::SqliteHistory;

/// One of the histories.
#[derive(Debug)]
pub enum AnyHistory {
    /// A file.
    Sqlite(SqliteHistory),
    /// A table.
    Dynamo(DynamoHistory),
}

impl From<SqliteHistory> for AnyHistory {
    fn from(history: SqliteHistory) -> Self {
        Self::Sqlite(history)
    }
}

impl From<DynamoHistory> for AnyHistory {
    fn from(history: DynamoHistory) -> Self {
        Self::Dynamo(history)
    }
}

impl History for AnyHistory {
    async fn list(
        &self,
        filter: &EventFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<PastEvent>, StoreError> {
        match self {
            Self::Sqlite(history) => history.list(filter, after, limit).await,
            Self::Dynamo(history) => history.list(filter, after, limit).await,
        }
    }
}
