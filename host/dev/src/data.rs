//! The folder where everything is kept. One process uses it at a time.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A folder that is ours until this is dropped.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    /// Deleted with everything in it.
    temporary: Option<TempDir>,
    _lock: File,
}

/// Why a folder can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// Two at once would take each other's messages.
    #[error("another `campanile dev` uses `{}`", .0.display())]
    InUse(PathBuf),
    /// It can't be made or written.
    #[error("the folder `{}` can't be used: {error}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

impl DataDir {
    /// The folder `path`, made if there is none; without one, a folder that goes with the process.
    ///
    /// # Errors
    ///
    /// [`DataError`].
    pub fn open(path: Option<&Path>) -> Result<Self, DataError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| DataError::Folder { path, error }
        };
        let temporary = match path {
            Some(path) => {
                std::fs::create_dir_all(path).map_err(failed(path))?;
                None
            }
            None => Some(TempDir::with_prefix("campanile-dev-").map_err(failed(&std::env::temp_dir()))?),
        };
        let path = temporary.as_ref().map_or_else(|| path.unwrap_or(Path::new(".")), TempDir::path);
        let path = std::path::absolute(path).map_err(failed(path))?;
        // The lock goes with the process, however that ends.
        let lock = File::create(path.join("lock")).map_err(failed(&path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, temporary, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(DataError::InUse(path)),
            Err(TryLockError::Error(error)) => Err(DataError::Folder { path, error }),
        }
    }

    /// Whether it goes with the process.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        self.temporary.is_some()
    }

    /// The folder, as an absolute path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file of deliveries, states and history.
    #[must_use]
    pub fn store(&self) -> PathBuf {
        self.path.join("campanile.db")
    }

    /// The file of messages.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        self.path.join("journal.db")
    }

    /// The file of what was caught.
    #[must_use]
    pub fn inbox(&self) -> PathBuf {
        self.path.join("inbox.db")
    }

    /// The folder of the local authority and its identities.
    #[must_use]
    pub fn identities(&self) -> PathBuf {
        self.path.join("identities")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_user_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("data");
        let first = DataDir::open(Some(&path)).unwrap();
        assert!(matches!(DataDir::open(Some(&path)), Err(DataError::InUse(used)) if used == path));
        drop(first);
        DataDir::open(Some(&path)).unwrap();
    }

    #[test]
    fn without_a_folder_nothing_is_left() {
        let data = DataDir::open(None).unwrap();
        let path = data.path().to_owned();
        assert!(data.is_temporary() && path.is_dir());
        drop(data);
        assert!(!path.exists());
    }
}
