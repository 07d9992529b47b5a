//! `plugins.lock`: which components are meant, by digest.
//!
//! Beside the configuration it is optional and pins what may be deployed; in a package it tells what is in there, and what made
//! the machine code of it. It trusts nobody's word for a component: digests are of the files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use campanile_core::description::Description;
use campanile_sandbox::digest::Digest;
use campanile_sandbox::precompiled::Entry;
use serde::{Deserialize, Serialize};

use crate::error::CliError;
use crate::plugins::Plugins;
use crate::project::Project;

/// Its name, beside the configuration and in a package.
pub(crate) const FILE: &str = "plugins.lock";

const HEADER: &str =
    "# Which plugins are meant: the digests of their components. `campanile bundle --lock` writes it.\n\n";

/// The contents of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Lock {
    /// By the names that plugins give themselves, which channels call them by.
    #[serde(default)]
    plugins: BTreeMap<String, Pin>,
}

/// One plugin.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Pin {
    /// For people: the digest counts.
    version: String,
    /// Where the component was found, in the folder of plugins.
    file: String,
    /// Of the component.
    sha256: Digest,
    /// What was compiled of it, in a package.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
}

/// Machine code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Code {
    target: String,
    /// The compiler and its settings.
    compiler: String,
    sha256: Digest,
}

impl Lock {
    /// Reads the file of a project; an empty one if there is none, which pins nothing.
    pub(crate) fn read(project: &Project) -> Result<Self, CliError> {
        let path = path(project);
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                toml::from_str(&text).map_err(|error| CliError::Lock { path, reason: error.to_string() })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(CliError::File { path, error }),
        }
    }

    /// Pins all plugins that are there as they are, for whatever machine they will be compiled.
    pub(crate) fn of(plugins: &Plugins) -> Self {
        let pins = plugins.compiled().map(|(file, entry)| named(file, entry, None));
        Self { plugins: pins.collect() }
    }

    /// What a package has: components and the code for `target`.
    pub(crate) fn of_package<'p>(
        entries: impl IntoIterator<Item = (&'p String, &'p Entry)>,
        target: &str,
    ) -> Self {
        let code = |entry: &Entry| Code {
            target: target.to_owned(),
            compiler: entry.compiler.clone(),
            sha256: entry.code.clone(),
        };
        let pins = entries.into_iter().map(|(file, entry)| named(file, entry, Some(code(entry))));
        Self { plugins: pins.collect() }
    }

    /// As it is written: the same text for the same plugins.
    pub(crate) fn to_toml(&self) -> Result<String, CliError> {
        let text = toml::to_string(self).map_err(|error| CliError::LockText(error.to_string()))?;
        Ok(format!("{HEADER}{text}"))
    }

    /// Writes it beside the configuration.
    pub(crate) fn write(&self, project: &Project) -> Result<(), CliError> {
        let path = path(project);
        std::fs::write(&path, self.to_toml()?).map_err(CliError::file(path))
    }

    /// Which of `plugins`, by the files' names, are not what is pinned, each in a sentence; none if nothing is pinned.
    pub(crate) fn differences<'p>(&self, plugins: impl Iterator<Item = (&'p str, &'p Entry)>) -> Vec<String> {
        if self.plugins.is_empty() {
            return Vec::new();
        }
        plugins.filter_map(|(file, entry)| self.difference(file, entry)).collect()
    }

    fn difference(&self, file: &str, entry: &Entry) -> Option<String> {
        const REMEDY: &str = "if that is meant: campanile bundle --lock";
        let Description { name, version, .. } = &entry.description;
        let found = entry.wasm.short();
        match self.plugins.get(name) {
            Some(pin) if pin.sha256 == entry.wasm => None,
            Some(pin) => Some(format!(
                "`{file}` ({name} {version}) has the digest {found}, and {FILE} pins {} ({}); {REMEDY}",
                pin.sha256.short(),
                pin.version,
            )),
            None => Some(format!("`{file}` ({name} {version}, digest {found}) is not in {FILE}; {REMEDY}")),
        }
    }
}

fn named(file: &str, entry: &Entry, code: Option<Code>) -> (String, Pin) {
    let Description { name, version, .. } = &entry.description;
    let pin = Pin { version: version.clone(), file: file.to_owned(), sha256: entry.wasm.clone(), code };
    (name.clone(), pin)
}

fn path(project: &Project) -> PathBuf {
    project.config.parent().unwrap_or(Path::new("")).join(FILE)
}
