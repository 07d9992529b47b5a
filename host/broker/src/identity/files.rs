//! Files of the authority: whole or not at all, and secrets for their owner only.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::IdentityError;

/// Makes a folder that only its owner may look into, unless it is there.
pub(super) fn folder(path: &Path) -> Result<(), IdentityError> {
    let failed = |source| IdentityError::File { doing: "create", path: path.to_owned(), source };
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)?;
    fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(failed)
}

/// A file's text, none if there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<String>, IdentityError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(IdentityError::File { doing: "read", path: path.to_owned(), source }),
    }
}

pub(super) fn write(path: &Path, text: &str) -> Result<(), IdentityError> {
    replace(path, text, 0o644)
}

pub(super) fn write_secret(path: &Path, text: &str) -> Result<(), IdentityError> {
    replace(path, text, 0o600)
}

/// Writes beside the file and renames: whoever reads sees the old text or the new one.
fn replace(path: &Path, text: &str, mode: u32) -> Result<(), IdentityError> {
    let beside = path.with_added_extension("new");
    let write = || {
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(|source| IdentityError::File { doing: "write", path: path.to_owned(), source })
}
