//! Who may write a file, and what kind of file it is, as far as the platform tells.

use std::fs::{File, FileType, Metadata};
use std::path::Path;

use super::FileError;

/// Anybody may write.
#[cfg(unix)]
const WRITABLE: u32 = 0o002;

/// Who may own what lies in a folder: its owner, who could replace all of it, whoever runs this, and root.
///
/// Members of a file's group may write it: a umask of 002 is the default of some systems, with a group for each user.
#[derive(Debug)]
pub(super) struct Owners {
    #[cfg(unix)]
    trusted: [u32; 3],
}

#[cfg(unix)]
impl Owners {
    /// Those of `folder`; none if it is not there.
    pub(super) fn of(folder: &Path) -> Result<Option<Self>, FileError> {
        use std::os::unix::fs::MetadataExt as _;
        match std::fs::metadata(folder) {
            Ok(metadata) => {
                Ok(Some(Self { trusted: [metadata.uid(), rustix::process::geteuid().as_raw(), 0] }))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(FileError::Io { path: folder.to_owned(), error }),
        }
    }

    /// Whether nobody else may write what has this `metadata`.
    pub(super) fn check(&self, path: &Path, metadata: &Metadata) -> Result<(), FileError> {
        use std::os::unix::fs::MetadataExt as _;
        let (owner, mode) = (metadata.uid(), metadata.mode() & 0o7777);
        if !self.trusted.contains(&owner) {
            return Err(FileError::Owner { path: path.to_owned(), owner });
        }
        if mode & WRITABLE != 0 {
            return Err(FileError::Writable { path: path.to_owned(), mode });
        }
        Ok(())
    }
}

/// Opens `path` for reading. It never waits, as opening a FIFO would for somebody who writes, and follows no link.
#[cfg(unix)]
pub(super) fn open(path: &Path) -> std::io::Result<File> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

/// What it is, unless it is a file.
#[cfg(unix)]
pub(super) fn other_kind(kind: FileType) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt as _;
    match kind {
        _ if kind.is_file() => None,
        _ if kind.is_dir() => Some("a folder"),
        _ if kind.is_symlink() => Some("a link"),
        _ if kind.is_fifo() => Some("a FIFO"),
        _ if kind.is_socket() => Some("a socket"),
        _ => Some("a device"),
    }
}

/// Makes a folder with those above it, for its owner to write into.
#[cfg(unix)]
pub(super) fn create_folder(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o755).create(path)
}

/// Makes a file for its owner to write.
#[cfg(unix)]
pub(super) fn create_file(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    File::options().write(true).create_new(true).mode(0o644).open(path)
}

#[cfg(not(unix))]
impl Owners {
    /// Nothing is known of owners.
    pub(super) fn of(_: &Path) -> Result<Option<Self>, FileError> {
        Ok(Some(Self {}))
    }

    /// Nothing is known of who may write.
    pub(super) fn check(&self, _: &Path, _: &Metadata) -> Result<(), FileError> {
        Ok(())
    }
}

/// Opens `path` for reading.
#[cfg(not(unix))]
pub(super) fn open(path: &Path) -> std::io::Result<File> {
    File::open(path)
}

/// What it is, unless it is a file.
#[cfg(not(unix))]
pub(super) fn other_kind(kind: FileType) -> Option<&'static str> {
    if kind.is_file() { None } else { Some("something else") }
}

/// Makes a folder with those above it.
#[cfg(not(unix))]
pub(super) fn create_folder(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}

/// Makes a file.
#[cfg(not(unix))]
pub(super) fn create_file(path: &Path) -> std::io::Result<File> {
    File::create_new(path)
}
