//! Where things are: configuration, plugins, and the function's binary.

pub(crate) mod author;
pub(crate) mod checkout;
pub(crate) mod lock;
pub(crate) mod ready;

use std::path::{Path, PathBuf};

use crate::args::ProjectArguments;
use crate::error::CliError;

/// A project: a folder with `campanile.toml` and `plugins/`.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    /// The configuration.
    pub(crate) config: PathBuf,
    /// The folder of plugins.
    pub(crate) plugins: PathBuf,
}

impl Project {
    /// Finds the project that the arguments name, or the one around the current folder.
    pub(crate) fn find(arguments: &ProjectArguments) -> Result<Self, CliError> {
        let config = match &arguments.config {
            Some(config) => config.clone(),
            None => above("campanile.toml")?.ok_or(CliError::NoProject)?,
        };
        let folder = config.parent().unwrap_or(Path::new(""));
        let plugins = arguments.plugins.clone().unwrap_or_else(|| folder.join("plugins"));
        Ok(Self { plugins, config })
    }

    /// The folder of plugins alone: it needs no configuration.
    pub(crate) fn plugins(arguments: &ProjectArguments) -> Result<PathBuf, CliError> {
        match &arguments.plugins {
            Some(plugins) => Ok(plugins.clone()),
            None => Self::find(arguments).map(|project| project.plugins),
        }
    }

    /// The text of the configuration.
    pub(crate) fn read_config(&self) -> Result<String, CliError> {
        std::fs::read_to_string(&self.config).map_err(CliError::file(&self.config))
    }

    /// Where relative paths of the configuration start.
    pub(crate) fn folder(&self) -> Result<PathBuf, CliError> {
        let absolute = std::path::absolute(&self.config).map_err(CliError::file(&self.config))?;
        Ok(absolute.parent().map_or_else(|| PathBuf::from("/"), Path::to_owned))
    }
}

/// `name` in the current folder or the nearest one above that has it.
pub(crate) fn above(name: &str) -> Result<Option<PathBuf>, CliError> {
    let current = std::env::current_dir().map_err(CliError::file("."))?;
    let found = current.ancestors().map(|folder| folder.join(name)).find(|path| path.exists());
    // Short paths read better: the current folder's files go by their name.
    Ok(found.map(|path| path.strip_prefix(&current).map(Path::to_owned).unwrap_or(path)))
}

/// The function's binary: it lies beside this one.
pub(crate) fn bootstrap() -> Result<PathBuf, CliError> {
    let tool = std::env::current_exe().map_err(CliError::file("campanile"))?;
    Ok(tool.with_file_name("bootstrap"))
}
