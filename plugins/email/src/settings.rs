//! The channel's settings, as `describe.json` describes them.

use serde::Deserialize;

/// Settings of a channel that the host has checked against the schema.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    /// The sender.
    pub from: String,
    /// The receiver.
    pub to: String,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<String>,
    /// Stands before each subject.
    #[serde(default)]
    pub subject_prefix: String,
    /// What a message is made of.
    #[serde(default)]
    pub format: Format,
    /// Where the API is.
    #[serde(default = "public_api")]
    pub api_url: String,
}

fn public_api() -> String {
    "https://api.resend.com".to_owned()
}

/// What a message is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// HTML, and the same as plain text.
    #[default]
    Html,
    /// Plain text alone.
    Text,
}
