//! The plugins, as whoever compiles them tells.

use serde::Serialize;
use utoipa::ToSchema;

use crate::plugins::PluginStatus;

/// A file in the folder of plugins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Plugin {
    /// Its file.
    pub(in crate::web) file: String,
    /// Its name, if it says one.
    pub(in crate::web) name: Option<String>,
    /// Its version, if it says one.
    pub(in crate::web) version: Option<String>,
    /// What it says of itself.
    pub(in crate::web) summary: Option<String>,
    /// SHA-256 of the component, in hexadecimal.
    pub(in crate::web) digest: Option<String>,
    /// Bytes of the component.
    pub(in crate::web) size: u64,
    /// Milliseconds that compiling took; none if it was compiled before.
    pub(in crate::web) compiled_in: Option<u64>,
    /// Why the file, as it is now, can't be used. The last good one is used if there was one.
    pub(in crate::web) problem: Option<String>,
    /// The channels that it serves.
    pub(in crate::web) channels: Vec<String>,
    /// What a channel has to be granted before it is deployed.
    pub(in crate::web) wants: Vec<String>,
}

impl From<&PluginStatus> for Plugin {
    fn from(plugin: &PluginStatus) -> Self {
        let plugin = plugin.clone();
        Self {
            file: plugin.file,
            name: plugin.name,
            version: plugin.version,
            summary: plugin.summary,
            digest: plugin.digest,
            size: plugin.size,
            compiled_in: plugin.compiled_in,
            problem: plugin.problem,
            channels: plugin.channels,
            wants: plugin.wants,
        }
    }
}
