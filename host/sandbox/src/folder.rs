//! The folder of plugins as an operator keeps it: which files there are components, and which of them may be read.
//!
//! Whoever writes into the folder decides what serves the channels. So a file is read only if nobody but its owner can have put it there,
//! and only if it is a file: a FIFO would keep the reader waiting, a link could lead anywhere. Why one is refused is a typed value with
//! the words that repair it; the compiled code of what was there before is not touched.

mod access;

use std::fs::File;
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::limits;
use crate::precompiled::{self, Manifest};
use access::Owners;

/// Why a file of the folder, or the folder, is not read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says it")]
pub enum FileError {
    #[error("`{}`: {error}", path.display())]
    Io { path: PathBuf, error: std::io::Error },
    #[error("`{}` is {kind}, not a file", path.display())]
    Kind { path: PathBuf, kind: &'static str },
    #[error("`{}` is a link to `{}`, which is not there", path.display(), target.display())]
    Dangling { path: PathBuf, target: PathBuf },
    #[error(
        "`{}` is a link out of the folder of plugins, to `{}`; take what it leads to: campanile plugin add {}",
        path.display(), target.display(), target.display()
    )]
    Elsewhere { path: PathBuf, target: PathBuf },
    #[error("anybody on this machine may write `{}` (mode {mode:04o}); if it is what you put there: chmod o-w {}", path.display(), path.display())]
    Writable { path: PathBuf, mode: u32 },
    #[error("`{}` belongs to the user {owner}, who is neither you nor the owner of the folder; if it is what you put there: chown \"$USER\" {}", path.display(), path.display())]
    Owner { path: PathBuf, owner: u32 },
    #[error("`{}` has {size} bytes; at most {max} are read", path.display(), max = limits::COMPONENT_BYTES)]
    TooLarge { path: PathBuf, size: u64 },
    #[error("`{}` has a name that is not UTF-8", path.display())]
    Name { path: PathBuf },
}

/// What is called `*.wasm` directly in `plugins`, sorted, whatever it is; hidden files and other names are not looked at.
///
/// # Errors
/// The error of reading the folder; a folder that does not exist has no files.
pub fn component_files(plugins: &Path) -> std::io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(plugins) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut files = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".wasm") && !name.starts_with('.') {
            files.push(name);
        }
    }
    files.sort();
    Ok(files)
}

/// Checks that nobody else can change what lies in `plugins`, its components and the code that was compiled of them for `target`.
///
/// # Errors
/// [`FileError`] with the first place that others may write. What is not there is no error.
pub fn check(plugins: &Path, target: &str) -> Result<(), FileError> {
    let Some(owners) = Owners::of(plugins)? else { return Ok(()) };
    let compiled = precompiled::folder(plugins, target);
    let places = [plugins.join(precompiled::FOLDER), Manifest::path(&compiled), compiled];
    for path in places.into_iter().chain([plugins.to_owned()]) {
        match std::fs::metadata(&path) {
            Ok(metadata) => owners.check(&path, &metadata)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(FileError::Io { path, error }),
        }
    }
    Ok(())
}

/// Reads a component of the folder. A link is followed if it stays in there.
///
/// # Errors
/// [`FileError`] if it is no file, leads elsewhere, is too large, or if others may write it.
pub fn read(plugins: &Path, file: &str) -> Result<Vec<u8>, FileError> {
    let path = plugins.join(file);
    if file.contains(char::REPLACEMENT_CHARACTER) {
        return Err(FileError::Name { path });
    }
    let failed = |error| FileError::Io { path: path.clone(), error };
    let is_link = std::fs::symlink_metadata(&path).map_err(failed)?.is_symlink();
    let owners = Owners::of(plugins)?;
    let target = if is_link { inside(plugins, &path, owners.as_ref())? } else { path.clone() };
    let opened = open(&target)?;
    if let Some(owners) = owners {
        owners.check(&target, &opened.metadata().map_err(failed)?)?;
    }
    bytes(opened, &target)
}

/// Reads a component from anywhere, whoever it belongs to: it is only looked at.
///
/// # Errors
/// [`FileError`] if it is no file or too large.
pub fn read_anywhere(path: &Path) -> Result<Vec<u8>, FileError> {
    let followed =
        std::fs::canonicalize(path).map_err(|error| FileError::Io { path: path.to_owned(), error })?;
    bytes(open(&followed)?, path)
}

/// Makes a folder, and those above it, that only its owner may write into, whatever the umask is.
///
/// # Errors
/// That of making it; one that is there is none.
pub fn create(folder: &Path) -> std::io::Result<()> {
    access::create_folder(folder)
}

/// Writes a file that only its owner may write, whatever the umask is. One that is there is replaced, also if it is a link.
///
/// # Errors
/// That of writing.
pub fn create_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    access::create_file(path)?.write_all(bytes)
}

/// Where the link `path` leads to, if that is in the folder and all folders between are the owner's as well.
fn inside(plugins: &Path, path: &Path, owners: Option<&Owners>) -> Result<PathBuf, FileError> {
    let failed = |error| FileError::Io { path: path.to_owned(), error };
    let folder = std::fs::canonicalize(plugins).map_err(failed)?;
    let target = match std::fs::canonicalize(path) {
        Ok(target) => target,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let target = std::fs::read_link(path).map_err(failed)?;
            return Err(FileError::Dangling { path: path.to_owned(), target });
        }
        Err(error) => return Err(failed(error)),
    };
    if !target.starts_with(&folder) {
        return Err(FileError::Elsewhere { path: path.to_owned(), target });
    }
    let between = target.ancestors().skip(1).take_while(|above| *above != folder);
    for above in between {
        let metadata = std::fs::metadata(above).map_err(failed)?;
        owners.map_or(Ok(()), |owners| owners.check(above, &metadata))?;
    }
    Ok(target)
}

/// Opens a file that is one. What it is is asked before, as opening a device may do something, and after, as it may be another by then.
fn open(path: &Path) -> Result<File, FileError> {
    let failed = |error| FileError::Io { path: path.to_owned(), error };
    let refused = |kind| FileError::Kind { path: path.to_owned(), kind };
    let before = std::fs::symlink_metadata(path).map_err(failed)?;
    access::other_kind(before.file_type()).map_or(Ok(()), |kind| Err(refused(kind)))?;
    let opened = access::open(path).map_err(failed)?;
    let after = opened.metadata().map_err(failed)?;
    access::other_kind(after.file_type()).map_or(Ok(opened), |kind| Err(refused(kind)))
}

fn bytes(opened: File, path: &Path) -> Result<Vec<u8>, FileError> {
    let failed = |error| FileError::Io { path: path.to_owned(), error };
    let too_large = |size| FileError::TooLarge { path: path.to_owned(), size };
    let size = opened.metadata().map_err(failed)?.len();
    if size > limits::COMPONENT_BYTES {
        return Err(too_large(size));
    }
    let mut bytes = Vec::new();
    // It may grow meanwhile.
    opened.take(limits::COMPONENT_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    match bytes.len() as u64 {
        read if read > limits::COMPONENT_BYTES => Err(too_large(read)),
        _ => Ok(bytes),
    }
}

#[cfg(test)]
mod tests;
