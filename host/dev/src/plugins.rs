//! What is known of the plugins, as told by whoever compiles them.

/// A file in the folder of plugins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginStatus {
    /// Its file.
    pub file: String,
    /// Its name, if it says one.
    pub name: Option<String>,
    /// Its version, if it says one.
    pub version: Option<String>,
    /// What it says of itself.
    pub summary: Option<String>,
    /// SHA-256 of the component, in hexadecimal.
    pub digest: Option<String>,
    /// Bytes of the component.
    pub size: u64,
    /// Milliseconds that compiling took; none if it was compiled before.
    pub compiled_in: Option<u64>,
    /// Why the file, as it is now, can't be used. The last good one is used if there was one.
    pub problem: Option<String>,
    /// The channels that it serves.
    pub channels: Vec<String>,
    /// What a channel has to be granted before it is deployed.
    pub wants: Vec<String>,
}
