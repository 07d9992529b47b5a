//! The channel's settings, as `describe.json` describes them.

use serde::Deserialize;

/// Settings of a channel that the host has checked against the schema.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Settings {
    /// Origin of the server.
    pub server: String,
    /// Priority of every notification, 1 to 5; by default the severity decides.
    pub priority: Option<u8>,
    /// Tags beside the one of the severity.
    pub tags: Vec<String>,
    /// What a tap on the notification opens.
    pub click: Option<String>,
    /// Picture beside the text.
    pub icon: Option<String>,
    /// Send markup as Markdown.
    pub markdown: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            server: "https://ntfy.sh".to_owned(),
            priority: None,
            tags: Vec::new(),
            click: None,
            icon: None,
            markdown: false,
        }
    }
}
