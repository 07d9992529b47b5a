//! What can be wrong with a file, in words that name it.

use std::path::{Path, PathBuf};

use campanile_core::ledger::NotOwner;
use rusqlite::ErrorCode;

use super::open::BUSY_TIMEOUT;
use crate::ledger::StoreError;

/// A store's file is in trouble.
#[derive(Debug, thiserror::Error)]
#[error("the store `{}` {trouble}", path.display())]
pub struct SqliteError {
    /// The file.
    pub path: PathBuf,
    /// What it is.
    pub trouble: SqliteTrouble,
}

/// What is wrong with a store's file.
#[derive(Debug, thiserror::Error)]
pub enum SqliteTrouble {
    /// Its content makes no sense.
    #[error("is damaged, or no SQLite file: {0}; move it away to start with an empty one")]
    Damaged(rusqlite::Error),
    /// Writing to it would destroy somebody's data.
    #[error("is another program's SQLite file; name a file that does not exist")]
    Foreign,
    /// An older version must not guess what a newer one means.
    #[error("was written by a newer version: its schema is {found}, this version knows up to {known}")]
    Newer {
        /// The file's.
        found: i64,
        /// The last one of this version.
        known: i64,
    },
    /// Other processes write to it all the time, or one of them hangs.
    #[error("was locked by other processes for {} s", BUSY_TIMEOUT.as_secs())]
    Busy,
    /// A row is not what this version writes.
    #[error("has a row that can't be understood: {0}")]
    Row(#[from] serde_json::Error),
    /// Everything else that SQLite says, for example that the disk is full.
    #[error("can't be used: {0}")]
    Unusable(rusqlite::Error),
    /// The thread that has the file open could not be started.
    #[error("can't be opened: {0}")]
    Thread(std::io::Error),
    /// The thread that had the file open is gone.
    #[error("is closed")]
    Closed,
}

impl From<rusqlite::Error> for SqliteTrouble {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged(error),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Unusable(error),
        }
    }
}

/// Why some work on a file was not done, where the path is not known yet.
#[derive(Debug)]
pub enum Fault {
    /// The delivery was taken over.
    NotOwner(NotOwner),
    /// The file.
    Trouble(SqliteTrouble),
}

impl Fault {
    pub(super) fn of(self, path: &Path) -> StoreError {
        match self {
            Self::NotOwner(refusal) => refusal.into(),
            Self::Trouble(trouble) => SqliteError { path: path.to_owned(), trouble }.into(),
        }
    }
}

impl From<NotOwner> for Fault {
    fn from(refusal: NotOwner) -> Self {
        Self::NotOwner(refusal)
    }
}

impl From<SqliteTrouble> for Fault {
    fn from(trouble: SqliteTrouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Trouble(error.into())
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::Trouble(error.into())
    }
}
