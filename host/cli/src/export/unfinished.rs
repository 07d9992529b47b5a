//! A file that appears under its name when it is complete. Until then it is beside that, as `NAME.unfinished`, and goes if nothing comes
//! of it. What a `kill -9` leaves is taken by the next one.

use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::error::CliError;

/// A file in the making. Two can't make the same one: it is locked.
#[derive(Debug)]
pub(super) struct Unfinished {
    path: PathBuf,
    replaces: bool,
    /// None once it has its name.
    making: Option<Making>,
}

#[derive(Debug)]
struct Making {
    path: PathBuf,
    file: File,
}

impl Unfinished {
    pub(super) fn open(path: &Path, replaces: bool) -> Result<Self, CliError> {
        free(path, replaces)?;
        let mut beside = path.as_os_str().to_owned();
        beside.push(".unfinished");
        let beside = PathBuf::from(beside);
        let file = locked(&beside).map_err(CliError::file(&beside))?;
        let file = file.ok_or_else(|| CliError::BeingWritten(path.to_owned()))?;
        let making = Some(Making { path: beside, file });
        Ok(Self { path: path.to_owned(), replaces, making })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Another handle to it.
    pub(super) fn file(&self) -> io::Result<File> {
        self.making.as_ref().ok_or(io::ErrorKind::NotFound)?.file.try_clone()
    }

    /// It is complete, and on the disk.
    pub(super) fn finish(mut self) -> Result<(), CliError> {
        // Somebody else's may have come meanwhile.
        free(&self.path, self.replaces)?;
        if let Some(making) = &self.making {
            fs::rename(&making.path, &self.path).map_err(CliError::file(&self.path))?;
        }
        self.making = None;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(making) = &self.making {
            drop(fs::remove_file(&making.path));
        }
    }
}

/// Whether the name may be taken.
fn free(path: &Path, replaces: bool) -> Result<(), CliError> {
    match fs::metadata(path) {
        Ok(there) if there.is_dir() => Err(CliError::file(path)(io::ErrorKind::IsADirectory.into())),
        Ok(_) if !replaces => Err(CliError::Exists(path.to_owned())),
        _ => Ok(()),
    }
}

/// The file, empty and ours; none if somebody else has it.
fn locked(path: &Path) -> io::Result<Option<File>> {
    loop {
        let file = File::options().write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // Who had it may have finished or removed it between the two: then this is no longer the file of that name.
        if fs::metadata(path).is_ok_and(|there| is_same(&there, &file)) {
            file.set_len(0)?;
            return Ok(Some(file));
        }
    }
}

fn is_same(there: &fs::Metadata, file: &File) -> bool {
    file.metadata().is_ok_and(|ours| (ours.dev(), ours.ino()) == (there.dev(), there.ino()))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_when_it_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.csv");
        // Of one that was killed.
        fs::write(folder.path().join("events.csv.unfinished"), "half a line").unwrap();
        let unfinished = Unfinished::open(&path, false).unwrap();
        unfinished.file().unwrap().write_all(b"all").unwrap();
        assert_eq!(names(folder.path()), ["events.csv.unfinished"]);
        unfinished.finish().unwrap();
        assert_eq!(names(folder.path()), ["events.csv"]);
        assert_eq!(fs::read(&path).unwrap(), b"all");
    }

    #[test]
    fn nothing_is_left_of_what_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.csv");
        fs::write(&path, "before").unwrap();
        let unfinished = Unfinished::open(&path, true).unwrap();
        unfinished.file().unwrap().write_all(b"half").unwrap();
        drop(unfinished);
        assert_eq!(names(folder.path()), ["events.csv"]);
        assert_eq!(fs::read(&path).unwrap(), b"before");
    }

    #[test]
    fn what_is_there_stays_unless_it_is_to_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("events.csv");
        let unfinished = Unfinished::open(&path, false).unwrap();
        assert!(matches!(Unfinished::open(&path, false), Err(CliError::BeingWritten(_))));
        fs::write(&path, "meanwhile").unwrap();
        assert!(matches!(unfinished.finish(), Err(CliError::Exists(_))));
        assert!(matches!(Unfinished::open(&path, false), Err(CliError::Exists(_))));
        assert!(matches!(Unfinished::open(folder.path(), true), Err(CliError::File { .. })));
        assert_eq!(names(folder.path()), ["events.csv"]);
        Unfinished::open(&path, true).unwrap().finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"");
    }
}
