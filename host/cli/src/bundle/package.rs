//! What is in a package, and what is not.
//!
//! Of the plugins it has those that a channel of its configuration names. Others could not be used without another configuration,
//! so another package; but each would be loaded at every cold start, and be code in the function that nobody asked for.

use std::path::Path;

use campanile_core::config::Config;
use campanile_sandbox::digest::Digest;
use campanile_sandbox::precompiled::{self, Manifest, PrecompiledError};

use super::archive::{EXECUTABLE, Entry, READABLE};
use super::binary::{Bootstrap, Glibc};
use crate::check::Review;
use crate::error::CliError;
use crate::plugins::Plugins;
use crate::project::Project;
use crate::project::lock::{self, Lock};

/// What the service unpacks at most, layers included (Lambda quotas: "Deployment package size").
const UNPACKED_LIMIT: u64 = 250 * 1024 * 1024;

/// The folder of plugins, beside the binary.
const PLUGINS: &str = "plugins";

/// The files of a package, and what they are.
#[derive(Debug)]
pub(super) struct Package {
    /// Sorted by their paths.
    pub(super) entries: Vec<Entry>,
    /// The plugins whose code is in there, by the names of their files.
    pub(super) manifest: Manifest,
    /// The plugins that no channel names.
    pub(super) left_out: Vec<String>,
    /// The oldest C library that the binary runs with.
    pub(super) glibc: Option<Glibc>,
}

impl Package {
    /// Puts together what `config` needs.
    pub(super) fn of(
        bootstrap: Bootstrap,
        review: &Review,
        config: &Config,
        project: &Project,
    ) -> Result<Self, CliError> {
        let plugins = &review.plugins;
        let (manifest, left_out) = chosen(plugins, config);
        let there = precompiled::folder(Path::new(PLUGINS), &plugins.target);
        let here = precompiled::folder(&project.plugins, &plugins.target);
        let lock = Lock::of_package(&manifest.plugins, &plugins.target).to_toml()?;
        let listed = manifest
            .to_json()
            .map_err(|error| PrecompiledError::Manifest { path: Manifest::path(&there), error })?;
        let readable = |path: &Path, bytes| Entry { path: path.display().to_string(), mode: READABLE, bytes };
        let mut entries = vec![
            Entry { path: "bootstrap".to_owned(), mode: EXECUTABLE, bytes: bootstrap.bytes },
            readable(Path::new("campanile.toml"), review.text().as_bytes().to_vec()),
            readable(Path::new(lock::FILE), lock.into_bytes()),
            readable(&Manifest::path(&there), listed),
        ];
        for entry in manifest.plugins.values() {
            entries.push(readable(&entry.code_path(&there), code(entry, &here)?));
        }
        // Two plugins may have the same code.
        entries.sort_by(|one, other| one.path.cmp(&other.path));
        entries.dedup_by(|one, other| one.path == other.path);
        let package = Self { entries, manifest, left_out, glibc: bootstrap.glibc };
        match package.unpacked() {
            size if size > UNPACKED_LIMIT => Err(CliError::PackageTooLarge { size, limit: UNPACKED_LIMIT }),
            _ => Ok(package),
        }
    }

    /// Bytes of all files.
    pub(super) fn unpacked(&self) -> u64 {
        self.entries.iter().map(|entry| entry.bytes.len() as u64).sum()
    }
}

/// The plugins that channels name, and the names of the others.
fn chosen(plugins: &Plugins, config: &Config) -> (Manifest, Vec<String>) {
    let (mut manifest, mut left_out) = (Manifest::default(), Vec::new());
    for (file, entry) in plugins.compiled() {
        let name = &entry.description.name;
        if !config.uses(name) {
            left_out.push(name.clone());
            continue;
        }
        manifest.plugins.insert(file.to_owned(), entry.clone());
    }
    (manifest, left_out)
}

/// The code that was compiled, if it still is that.
fn code(entry: &precompiled::Entry, folder: &Path) -> Result<Vec<u8>, CliError> {
    let path = entry.code_path(folder);
    let code = std::fs::read(&path).map_err(CliError::file(&path))?;
    if Digest::of(&code) == entry.code { Ok(code) } else { Err(PrecompiledError::Changed { path }.into()) }
}
