//! Why rows could not be written.

use std::error::Error;
use std::io;

use parquet::errors::ParquetError;

/// A row, or the end of the file, could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// What is written to takes no more: a full disk, a reader that went away.
    #[error(transparent)]
    Write(#[from] io::Error),
    /// The format's writer refused.
    #[error("the rows can't be written as Parquet: {0}")]
    Parquet(ParquetError),
}

impl From<ParquetError> for ExportError {
    /// What was wrong with writing is in there somewhere.
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::External(inner) => match inner.downcast::<io::Error>() {
                Ok(error) => Self::Write(*error),
                Err(inner) => Self::Parquet(ParquetError::External(inner)),
            },
            other => Self::Parquet(other),
        }
    }
}

impl From<csv::Error> for ExportError {
    fn from(error: csv::Error) -> Self {
        Self::Write(match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            // Every row has as many cells as the header, and nothing is read.
            other => io::Error::other(format!("{other:?}")),
        })
    }
}

impl From<serde_json::Error> for ExportError {
    fn from(error: serde_json::Error) -> Self {
        Self::Write(error.into())
    }
}

impl ExportError {
    /// Whether whoever read what was written has gone away.
    #[must_use]
    pub fn is_reader_gone(&self) -> bool {
        self.kind() == Some(io::ErrorKind::BrokenPipe)
    }

    /// Whether there is no more room.
    #[must_use]
    pub fn is_full(&self) -> bool {
        matches!(
            self.kind(),
            Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
        )
    }

    /// What the system says may be wrapped more than once.
    fn kind(&self) -> Option<io::ErrorKind> {
        let Self::Write(error) = self else { return None };
        let inner = error.get_ref().and_then(innermost);
        Some(inner.unwrap_or_else(|| error.kind()))
    }
}

fn innermost(error: &(dyn Error + Send + Sync + 'static)) -> Option<io::ErrorKind> {
    let mut found = None;
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            found = Some(error.kind());
        }
        next = error.source();
    }
    found
}
