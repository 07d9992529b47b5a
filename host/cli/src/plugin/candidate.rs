//! A component that is looked at before anybody trusts it: from the outside, and in its own words.
//!
//! Its bytes are read once. What was shown is what is installed, whatever becomes of the file meanwhile.

use campanile_core::description::Description;
use campanile_sandbox::compile::Compiler;
use campanile_sandbox::digest::Digest;
use campanile_sandbox::inspect::{Inspection, inspect};
use campanile_sandbox::{Allocation, Engine};

use super::trust::TrustError;
use crate::error::CliError;

/// A file's name in the folder that it is compiled in.
const FILE: &str = "plugin.wasm";

/// A component with all that can be known of it.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) wasm: Vec<u8>,
    pub(crate) digest: Digest,
    pub(crate) inspection: Inspection,
    pub(crate) description: Description,
}

impl Candidate {
    /// Looks at `wasm`, which came from `place`. It is asked what it is in the sandbox, with nothing granted.
    pub(crate) async fn of(wasm: Vec<u8>, place: &str) -> Result<Self, CliError> {
        let inspection = inspect(&wasm).map_err(|error| CliError::Inspect { path: place.into(), error })?;
        let folder = tempfile::tempdir().map_err(CliError::file(std::env::temp_dir()))?;
        let compiler = Compiler::new(&Engine::new(Allocation::OnDemand)?, None)?;
        let compiled = compiler.compile_component(folder.path(), FILE, &wasm).await.map_err(|error| {
            let here = folder.path().join(FILE).display().to_string();
            TrustError::NotAPlugin(error.to_string().replace(&here, place))
        })?;
        let description = compiled.entry.description;
        Ok(Self { digest: Digest::of(&wasm), wasm, inspection, description })
    }

    /// What plugins and channels call it by.
    pub(crate) fn name(&self) -> &str {
        &self.description.name
    }
}
