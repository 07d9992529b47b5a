//! Files that are there whole or not at all.

use std::io::Write as _;
use std::path::Path;

use crate::error::CliError;

/// Writes beside and renames, so that nobody sees half a file. All may read it, only its owner may write, whatever the umask is.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |error| CliError::File { path: path.to_owned(), error };
    let mut unfinished = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    unfinished.write_all(bytes).map_err(failed)?;
    readable(unfinished.as_file()).map_err(failed)?;
    unfinished.as_file().sync_all().map_err(failed)?;
    unfinished.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// A temporary file is its user's alone; what is put has nothing that others may not see.
#[cfg(unix)]
fn readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_link_is_replaced_and_what_it_led_to_stays() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (elsewhere, path) = (folder.path().join("elsewhere"), folder.path().join("here"));
        std::fs::write(&elsewhere, "old").unwrap();
        symlink(&elsewhere, &path).unwrap();
        put(&path, b"new").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(std::fs::read(&elsewhere).unwrap(), b"old");
        let metadata = std::fs::symlink_metadata(&path).unwrap();
        assert_eq!((metadata.is_file(), metadata.permissions().mode() & 0o777), (true, 0o644));
    }
}
