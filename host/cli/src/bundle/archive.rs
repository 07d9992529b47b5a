//! The package as a zip file: the same entries make the same bytes, whenever and on whatever machine.

use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

use crate::error::CliError;

/// What one of Lambda's other users may read.
pub(super) const READABLE: u32 = 0o644;

/// And what it may run.
pub(super) const EXECUTABLE: u32 = 0o755;

/// A file in the package.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its path from the root of the package.
    pub(super) path: String,
    /// Its permissions.
    pub(super) mode: u32,
    pub(super) bytes: Vec<u8>,
}

/// A zip file.
#[derive(Debug)]
pub(super) struct Zip {
    pub(super) bytes: Vec<u8>,
    /// The compressed size of each entry, in their order.
    pub(super) sizes: Vec<u64>,
}

/// Packs the entries in their order. All are of 1980-01-01, where the time of zip files begins.
pub(super) fn zip(entries: &[Entry]) -> Result<Zip, CliError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        writer.start_file(&entry.path, options.unix_permissions(entry.mode))?;
        writer.write_all(&entry.bytes).map_err(zip::result::ZipError::Io)?;
    }
    let written = writer.finish()?;
    let mut archive = ZipArchive::new(written)?;
    let size = |index| Ok(archive.by_index_raw(index)?.compressed_size());
    let sizes = (0..entries.len()).map(size).collect::<Result<_, CliError>>()?;
    Ok(Zip { bytes: archive.into_inner().into_inner(), sizes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Vec<Entry> {
        let entry =
            |path: &str, mode, bytes: &[u8]| Entry { path: path.to_owned(), mode, bytes: bytes.to_vec() };
        vec![entry("bootstrap", EXECUTABLE, &[7; 9000]), entry("plugins/.compiled/a", READABLE, b"")]
    }

    #[test]
    fn the_same_entries_make_the_same_bytes() {
        let zip = zip(&entries()).unwrap();
        assert_eq!(zip.bytes, super::zip(&entries()).unwrap().bytes);
        assert!(zip.sizes[0] < 100 && zip.bytes.len() < 500, "{:?}", zip.sizes);
    }

    #[test]
    fn names_times_and_modes_are_fixed() {
        let zip = zip(&entries()).unwrap();
        let mut archive = ZipArchive::new(Cursor::new(zip.bytes)).unwrap();
        for (index, entry) in entries().iter().enumerate() {
            let file = archive.by_index(index).unwrap();
            assert_eq!(file.name().unwrap(), entry.path);
            assert_eq!(file.unix_mode(), Some(0o100_000 | entry.mode));
            assert_eq!(file.last_modified(), Some(DateTime::DEFAULT));
        }
    }
}
