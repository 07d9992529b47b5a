//! Where an export goes.

use std::fs::File;
use std::io::IsTerminal as _;
use std::os::fd::AsFd as _;
use std::path::PathBuf;

use campanile_export::Format;

use super::unfinished::Unfinished;
use crate::args::ExportArguments;
use crate::error::CliError;

/// A file, or whoever reads the standard output.
#[derive(Debug)]
pub(super) enum Destination {
    Stdout,
    File(Unfinished),
}

impl Destination {
    pub(super) fn open(arguments: &ExportArguments, format: Format) -> Result<Self, CliError> {
        if !arguments.is_to_stdout() {
            return Unfinished::open(&arguments.out, arguments.force).map(Self::File);
        }
        if format == Format::Parquet && std::io::stdout().is_terminal() {
            return Err(CliError::NotForTerminals);
        }
        Ok(Self::Stdout)
    }

    /// What is written to. Rust's own standard output looks for line ends in all of it.
    pub(super) fn file(&self) -> Result<File, CliError> {
        let file = match self {
            Self::Stdout => std::io::stdout().as_fd().try_clone_to_owned().map(File::from),
            Self::File(unfinished) => unfinished.file(),
        };
        file.map_err(CliError::file(self.path()))
    }

    /// As errors call it.
    pub(super) fn path(&self) -> PathBuf {
        match self {
            Self::Stdout => "standard output".into(),
            Self::File(unfinished) => unfinished.path().to_owned(),
        }
    }

    /// What was written is all that there will be.
    pub(super) fn finish(self) -> Result<(), CliError> {
        match self {
            Self::Stdout => Ok(()),
            Self::File(unfinished) => unfinished.finish(),
        }
    }
}
