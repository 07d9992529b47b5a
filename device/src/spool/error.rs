//! Why the spool can't be used.

use std::path::PathBuf;

use super::open::VERSION;

/// Why the spool can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// Another process has it; two would publish as one device.
    #[error("another process uses the spool `{}`", .0.display())]
    InUse(PathBuf),
    /// There is none.
    #[error("there is no spool `{}`: `run` has never been here", .0.display())]
    Absent(PathBuf),
    /// There is no place for it, or none to write.
    #[error("the spool `{}` can't be opened: {error}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// It was made by a newer version.
    #[error("the spool `{}` has version {found}, and this program knows version {VERSION}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
    /// A broken file could not be put aside.
    #[error("the spool `{}` is broken and can't be put aside: {error}", path.display())]
    Quarantine {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The disk is full or broken, or the file may not be written.
    #[error("the spool can't be used: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A reading that is no JSON.
    #[error("the transition is no JSON: {0}")]
    Json(#[from] serde_json::Error),
}
