//! The function's binary: whether Lambda can start it.

use std::path::Path;

use object::Endianness;
use object::elf::{EM_AARCH64, EM_X86_64, ET_DYN, ET_EXEC, FileHeader64};
use object::read::elf::FileHeader as _;

use crate::args::LambdaTarget;
use crate::error::CliError;

/// The C library of the runtime provided.al2023 (Amazon Linux 2023 user guide, "glibc").
const RUNTIME_GLIBC: Glibc = Glibc(2, 34);

/// A binary that Lambda can start.
#[derive(Debug)]
pub(super) struct Bootstrap {
    pub(super) bytes: Vec<u8>,
    /// The oldest C library that it runs with; none if it brings its own.
    pub(super) glibc: Option<Glibc>,
}

/// A version of glibc.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Glibc(u32, u32);

/// Why Lambda could not start a file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BinaryError {
    #[error("is no program for Linux (an ELF file of 64 bits)")]
    NotElf,
    #[error("is for {found}, and the package is for {}", .target.triple())]
    Processor { found: String, target: LambdaTarget },
    #[error("needs glibc {0}, and the runtime provided.al2023 has {RUNTIME_GLIBC}")]
    Glibc(Glibc),
}

impl Bootstrap {
    /// Reads the file at `path`, which is to run on `target`.
    pub(super) fn read(path: &Path, target: LambdaTarget) -> Result<Self, CliError> {
        let bytes = std::fs::read(path).map_err(CliError::file(path))?;
        let glibc =
            checked(&bytes, target).map_err(|error| CliError::Bootstrap { path: path.to_owned(), error })?;
        Ok(Self { bytes, glibc })
    }
}

fn checked(bytes: &[u8], target: LambdaTarget) -> Result<Option<Glibc>, BinaryError> {
    let header = FileHeader64::<Endianness>::parse(bytes).map_err(|_| BinaryError::NotElf)?;
    let endian = header.endian().map_err(|_| BinaryError::NotElf)?;
    if ![ET_EXEC, ET_DYN].contains(&header.e_type(endian)) {
        return Err(BinaryError::NotElf);
    }
    let (found, wanted) = (header.e_machine(endian), machine(target));
    if found != wanted {
        return Err(BinaryError::Processor { found: name(found), target });
    }
    let glibc = needed(header, endian, bytes).map_err(|_| BinaryError::NotElf)?;
    match glibc {
        Some(glibc) if glibc > RUNTIME_GLIBC => Err(BinaryError::Glibc(glibc)),
        glibc => Ok(glibc),
    }
}

/// The newest version of glibc that a symbol is taken from.
fn needed(
    header: &FileHeader64<Endianness>,
    endian: Endianness,
    bytes: &[u8],
) -> object::read::Result<Option<Glibc>> {
    let sections = header.sections(endian, bytes)?;
    let Some((mut libraries, strings)) = sections.gnu_verneed(endian, bytes)? else { return Ok(None) };
    let strings = sections.strings(endian, bytes, strings)?;
    let mut newest = None;
    while let Some((_, mut versions)) = libraries.next()? {
        while let Some(version) = versions.next()? {
            newest = newest.max(Glibc::read(version.name(endian, strings)?));
        }
    }
    Ok(newest)
}

fn machine(target: LambdaTarget) -> u16 {
    match target {
        LambdaTarget::Aarch64 => EM_AARCH64,
        LambdaTarget::X86_64 => EM_X86_64,
    }
}

fn name(machine: u16) -> String {
    match machine {
        EM_AARCH64 => "aarch64".to_owned(),
        EM_X86_64 => "x86_64".to_owned(),
        other => format!("another processor (machine {other})"),
    }
}

impl Glibc {
    /// Reads the name of a symbol's version, for example `GLIBC_2.34`.
    fn read(version: &[u8]) -> Option<Self> {
        let version = std::str::from_utf8(version).ok()?.strip_prefix("GLIBC_")?;
        let mut parts = version.split('.').map(|part| part.parse().ok());
        Some(Self(parts.next()??, parts.next()??))
    }
}

impl std::fmt::Display for Glibc {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.0, self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_glibc_are_compared_by_number() {
        assert_eq!(Glibc::read(b"GLIBC_2.2.5"), Some(Glibc(2, 2)));
        assert_eq!(Glibc::read(b"GLIBC_PRIVATE"), None);
        assert_eq!(Glibc::read(b"GCC_3.0"), None);
        assert!(Glibc::read(b"GLIBC_2.9") < Glibc::read(b"GLIBC_2.34"));
        assert!(Glibc::read(b"GLIBC_2.36") > Some(RUNTIME_GLIBC));
    }

    #[test]
    fn what_is_no_program_is_refused() {
        for bytes in [&b""[..], b"#!/bin/sh\n", b"\0asm\x01\0\0\0", b"\x7fELF", &[0x7f; 100]] {
            assert_eq!(checked(bytes, LambdaTarget::Aarch64), Err(BinaryError::NotElf));
        }
    }

    /// The test itself is a program for this machine.
    #[test]
    fn the_processor_is_compared() {
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        let (same, other) = match std::env::consts::ARCH {
            "aarch64" => (LambdaTarget::Aarch64, LambdaTarget::X86_64),
            _ => (LambdaTarget::X86_64, LambdaTarget::Aarch64),
        };
        let found = std::env::consts::ARCH.to_owned();
        assert_eq!(checked(&own, other), Err(BinaryError::Processor { found, target: other }));
        assert!(matches!(checked(&own, same), Ok(Some(_)) | Err(BinaryError::Glibc(_))));
    }
}
