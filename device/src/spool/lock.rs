//! One process publishes out of a spool. `SQLite` would let more of them write; whoever looks needs no lock.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use super::SpoolError;
use super::open::beside;

/// What the file's name ends with. It stays when the process ends, and the system forgets the lock.
const SUFFIX: &str = ".lock";

/// The spool is ours until this is dropped, or the process ends in whatever way.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes it, and makes the folder if there is none.
    pub(super) fn take(path: &Path) -> Result<Self, SpoolError> {
        let unusable = |error| SpoolError::Unusable { path: path.to_owned(), error };
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(unusable)?;
        }
        let file =
            OpenOptions::new().create(true).append(true).open(beside(path, SUFFIX)).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(SpoolError::InUse(path.to_owned())),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }

    /// Whether a process has it.
    pub(super) fn is_taken(path: &Path) -> bool {
        let file = File::open(beside(path, SUFFIX));
        file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}
