//! The channel's settings, as `describe.json` describes them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Settings of a channel that the host has checked against the schema.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    /// The endpoint.
    pub url: String,
    /// How to ask it.
    #[serde(default)]
    pub method: Method,
    /// Headers to add, by name in lower case.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// How to ask the endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are those of HTTP")]
pub enum Method {
    #[default]
    Post,
    Put,
}

impl Method {
    /// As HTTP writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}
