//! `plugins.lock`: which components are meant, by digest.
//!
//! Beside the configuration it is optional and binds: what it does not pin is neither compiled nor asked what it is. In a package it
//! tells what is in there, and what made the machine code of it. It trusts nobody's word for a component: digests are of the files.

mod pin;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use campanile_sandbox::digest::Digest;
use campanile_sandbox::precompiled::Entry;
use pin::Code;
pub(crate) use pin::Pin;
use serde::{Deserialize, Serialize};

use crate::args::ProjectArguments;
use crate::error::CliError;
use crate::output::visible;
use crate::plugin::TrustError;
use crate::plugins::Plugins;
use crate::project::Project;
use crate::whole;

/// Its name, beside the configuration and in a package.
pub(crate) const FILE: &str = "plugins.lock";

const HEADER: &str = "# Which plugins are meant: the digests of their components, and what they want. `campanile plugin add` writes it.\n\n";

/// The contents of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Lock {
    /// By the names that plugins give themselves, which channels call them by.
    #[serde(default)]
    plugins: BTreeMap<String, Pin>,
}

impl Lock {
    /// Reads the file of a project; none if there is none, and then nothing is refused.
    pub(crate) fn read(project: &Project) -> Result<Option<Self>, CliError> {
        let path = path(project);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(CliError::File { path, error }),
        };
        Self::parse(&text).map(Some).map_err(|reason| CliError::Lock { path, reason })
    }

    /// That of the project around, if there is one: the folder of plugins may be used without.
    pub(crate) fn of_folder(arguments: &ProjectArguments) -> Result<Option<Self>, CliError> {
        match Project::find(arguments) {
            Ok(project) => Self::read(&project),
            Err(CliError::NoProject) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let lock: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        match lock.plugins.values().find(|pin| !pin.is_in_folder()) {
            Some(pin) => {
                Err(format!("`{}` is no file directly in the folder of plugins", visible(&pin.file)))
            }
            None => Ok(lock),
        }
    }

    /// Pins all plugins that are there as they are, for whatever machine they will be compiled. Of one that is pinned `before` with the
    /// same digest, what is known stays; one that has to be signed can't be pinned like this.
    pub(crate) fn of(plugins: &Plugins, before: Option<&Self>) -> Result<Self, TrustError> {
        let mut lock = Self::default();
        for (file, entry) in plugins.compiled() {
            let name = &entry.description.name;
            let pin = match before.and_then(|before| before.pin(name)) {
                Some(pin) if pin.sha256 == entry.wasm => Pin { file: file.to_owned(), ..pin.clone() },
                Some(pin) if pin.publisher_key.is_some() => {
                    return Err(TrustError::HasKey { name: name.clone(), file: file.to_owned() });
                }
                _ => Pin::of_entry(file, entry),
            };
            lock.insert(name, pin);
        }
        Ok(lock)
    }

    /// What a package has: components and the code for `target`.
    pub(crate) fn of_package<'p>(
        entries: impl IntoIterator<Item = (&'p String, &'p Entry)>,
        target: &str,
    ) -> Self {
        let pin = |(file, entry): (&String, &Entry)| {
            let code = Code {
                target: target.to_owned(),
                compiler: entry.compiler.clone(),
                sha256: entry.code.clone(),
            };
            (entry.description.name.clone(), Pin { code: Some(code), ..Pin::of_entry(file, entry) })
        };
        Self { plugins: entries.into_iter().map(pin).collect() }
    }

    /// As it is written: the same text for the same plugins.
    pub(crate) fn to_toml(&self) -> Result<String, CliError> {
        let text = toml::to_string(self).map_err(|error| CliError::LockText(error.to_string()))?;
        Ok(format!("{HEADER}{text}"))
    }

    /// Writes it beside the configuration.
    pub(crate) fn write(&self, project: &Project) -> Result<(), CliError> {
        whole::put(&path(project), self.to_toml()?.as_bytes())
    }

    /// What is pinned of the plugin that calls itself `name`.
    pub(crate) fn pin(&self, name: &str) -> Option<&Pin> {
        self.plugins.get(name)
    }

    /// Pins a plugin, in place of what was pinned by its name.
    pub(crate) fn insert(&mut self, name: &str, pin: Pin) {
        self.plugins.insert(name.to_owned(), pin);
    }

    /// Pins the plugin no more.
    pub(crate) fn remove(&mut self, name: &str) -> Option<Pin> {
        self.plugins.remove(name)
    }

    /// Whether a component with this digest is meant.
    pub(crate) fn pins(&self, digest: &Digest) -> bool {
        self.plugins.values().any(|pin| pin.sha256 == *digest)
    }

    /// Why `file` of `folder` is not what is meant, and what would make it that; none if it is.
    pub(crate) fn refusal(&self, folder: &Path, file: &str, digest: &Digest) -> Option<String> {
        if self.pins(digest) {
            return None;
        }
        let found = digest.short();
        let known = self.plugins.iter().find(|(_, pin)| pin.file == file);
        let what = match known {
            Some((name, pin)) => format!(
                "has the digest {found}, and {FILE} pins {} ({name} {})",
                pin.sha256.short(),
                visible(&pin.version)
            ),
            None => format!("(digest {found}) is not in {FILE}"),
        };
        Some(format!(
            "`{file}` {what}; if that is meant: campanile plugin add {}",
            folder.join(file).display()
        ))
    }
}

/// Where it is, if there is one.
pub(crate) fn path(project: &Project) -> PathBuf {
    project.config.parent().unwrap_or(Path::new("")).join(FILE)
}
