//! Machine code that was compiled ahead: written by [`crate::compile`], loaded by digest.
//!
//! Loading machine code is as good as running it, so this is the one place with `unsafe`: only code whose digest stands
//! in the manifest that the same tool wrote is loaded, and the bytes that were checked are the bytes that are used.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use campanile_core::description::Description;
use serde::{Deserialize, Serialize};
use wasmtime::component::Component;

use crate::digest::Digest;
use crate::engine::Engine;
use crate::plugin::{LoadError, Plugin};

/// The folder inside `plugins/` that holds compiled code, one folder per target triple.
pub const FOLDER: &str = ".compiled";

const MANIFEST: &str = "manifest.json";

/// The triple of this process.
#[must_use]
pub fn host_target() -> String {
    format!("{}-unknown-{}-gnu", std::env::consts::ARCH, std::env::consts::OS)
}

/// The folder of compiled code for `target`.
#[must_use]
pub fn folder(plugins: &Path, target: &str) -> PathBuf {
    plugins.join(FOLDER).join(target)
}

/// What was compiled, by the name of the `.wasm` file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Manifest {
    /// One entry per component.
    pub plugins: BTreeMap<String, Entry>,
}

/// One compiled component.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Entry {
    /// SHA-256 of the `.wasm`.
    pub wasm: Digest,
    /// SHA-256 of the `.cwasm`, which is named after it.
    pub code: Digest,
    /// The compiler and its settings: code of another one is compiled again.
    pub compiler: String,
    /// What `describe` said.
    pub description: Description,
}

/// Why compiled code can't be read.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says it")]
pub enum PrecompiledError {
    #[error("`{}`: {error}", path.display())]
    Io { path: PathBuf, error: std::io::Error },
    #[error("`{}` is not a manifest of compiled plugins ({error}); compile them: campanile plugin compile", path.display())]
    Manifest { path: PathBuf, error: serde_json::Error },
    #[error("`{}` has been changed after it was compiled; compile it again: campanile plugin compile", path.display())]
    Changed { path: PathBuf },
    #[error(transparent)]
    Load(#[from] LoadError),
}

impl Manifest {
    /// The path of the manifest in `folder`.
    #[must_use]
    pub fn path(folder: &Path) -> PathBuf {
        folder.join(MANIFEST)
    }

    /// The file of the plugin that calls itself `name`; the first of several.
    #[cfg(feature = "compiler")]
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        let mut plugins = self.plugins.iter();
        plugins.find(|(_, entry)| entry.description.name == name).map(|(file, _)| file.as_str())
    }

    /// What that file has: the same bytes for equal manifests.
    ///
    /// # Errors
    /// That of writing JSON; what was compiled or read can be written.
    pub fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec_pretty(self)
    }

    /// Reads the manifest in `folder`; an empty one if there is none.
    ///
    /// # Errors
    /// [`PrecompiledError`] if it can't be read.
    pub fn read(folder: &Path) -> Result<Self, PrecompiledError> {
        let path = Self::path(folder);
        match std::fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|error| PrecompiledError::Manifest { path, error })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(PrecompiledError::Io { path, error }),
        }
    }
}

impl Entry {
    /// The file of the code in `folder`.
    #[must_use]
    pub fn code_path(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.cwasm", self.code))
    }

    /// Loads the code from `folder`.
    ///
    /// # Errors
    /// [`PrecompiledError`] if it is not there, not what was compiled, or not for this machine and host.
    pub fn load(&self, engine: &Engine, folder: &Path) -> Result<Plugin, PrecompiledError> {
        let path = self.code_path(folder);
        let code =
            std::fs::read(&path).map_err(|error| PrecompiledError::Io { path: path.clone(), error })?;
        if Digest::of(&code) != self.code {
            return Err(PrecompiledError::Changed { path });
        }
        let component = trusted_component(engine, &code)?;
        Ok(Plugin::link(engine, &component, self.description.clone(), self.wasm.clone())?)
    }
}

/// `code` must be what this tool's compiler wrote: the caller has compared its digest with the manifest's.
pub(crate) fn trusted_component(engine: &Engine, code: &[u8]) -> Result<Component, LoadError> {
    #[expect(unsafe_code, reason = "the code's digest is the one that the compiler of this tool recorded")]
    // SAFETY: `deserialize` needs bytes that `precompile_component` made, unchanged. The manifest is written by the
    // same function that compiles, beside the code; both lie in the deployment package or in the user's own folder.
    // wasmtime checks version, settings and processor features by itself.
    let component = unsafe { Component::deserialize(&engine.inner, code) };
    component.map_err(|error| LoadError::Code(format!("{error:#}")))
}
