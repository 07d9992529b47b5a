//! The history that the tool was told to look at.

use super::reading::{Batch, EventReader};
use crate::dynamo::{DynamoHistory, DynamoReader};
use crate::history::{EventFilter, History, PastEvent};
use crate::ledger::StoreError;
use crate::page::{Cursor, Page};
use crate::sqlite::{SqliteHistory, SqliteReader};

/// One of the histories.
#[derive(Debug)]
pub enum AnyHistory {
    /// A file.
    Sqlite(SqliteHistory),
    /// A table.
    Dynamo(DynamoHistory),
}

/// A reader of one of the histories.
#[derive(Debug)]
pub enum AnyReader<'h> {
    /// Of a file.
    Sqlite(SqliteReader<'h>),
    /// Of a table.
    Dynamo(DynamoReader<'h>),
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
    type Reader<'h> = AnyReader<'h>;

    fn read(&self, filter: &EventFilter) -> AnyReader<'_> {
        match self {
            Self::Sqlite(history) => AnyReader::Sqlite(history.read(filter)),
            Self::Dynamo(history) => AnyReader::Dynamo(history.read(filter)),
        }
    }

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

impl EventReader for AnyReader<'_> {
    async fn next(&mut self) -> Result<Option<Batch>, StoreError> {
        match self {
            Self::Sqlite(reader) => reader.next().await,
            Self::Dynamo(reader) => reader.next().await,
        }
    }
}
