//! What is pinned of one plugin.

use campanile_core::description::Description;
use campanile_sandbox::digest::Digest;
use campanile_sandbox::precompiled::Entry;
use serde::{Deserialize, Serialize};

use crate::wants::Wants;

/// One plugin.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Pin {
    /// For people: the digest counts.
    pub(crate) version: String,
    /// Where the component was found, in the folder of plugins.
    pub(crate) file: String,
    /// Of the component.
    pub(crate) sha256: Digest,
    /// The URL that it was fetched from; none if it was a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,
    /// The publisher's key, for minisign: an update has to be signed by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) publisher_key: Option<String>,
    /// What it wanted when somebody agreed to that; an older file does not say.
    #[serde(default, skip_serializing_if = "Wants::is_empty")]
    pub(crate) wants: Wants,
    /// What was compiled of it, in a package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<Code>,
}

/// Machine code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Code {
    pub(super) target: String,
    /// The compiler and its settings.
    pub(super) compiler: String,
    pub(super) sha256: Digest,
}

impl Pin {
    /// Of a component that is `file`, with what it says of itself.
    pub(crate) fn of(file: &str, sha256: &Digest, description: &Description) -> Self {
        Self {
            version: description.version.clone(),
            file: file.to_owned(),
            sha256: sha256.clone(),
            source: None,
            publisher_key: None,
            wants: Wants::of(description),
            code: None,
        }
    }

    /// Of one that was compiled.
    pub(super) fn of_entry(file: &str, entry: &Entry) -> Self {
        Self::of(file, &entry.wasm, &entry.description)
    }

    /// Whether its file is directly in the folder of plugins: a name that leads elsewhere was not written by this tool.
    pub(super) fn is_in_folder(&self) -> bool {
        std::path::Path::new(&self.file).file_name().is_some_and(|name| name == self.file.as_str())
    }
}
