//! What a plugin says of itself: the JSON document that `describe` returns, format 1.
//!
//! It is a request, never a grant: what it asks for counts only as far as `campanile.toml` allows it.

use serde::{Deserialize, Serialize};

use crate::grant::{Origin, OriginError};
use crate::secret_pattern::{SecretError, SecretPattern};

/// The description's format that this host reads.
pub const DESCRIBE_VERSION: u32 = 1;

/// Who a plugin is and what it wants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Description {
    /// [`DESCRIBE_VERSION`].
    pub describe_version: u32,
    /// The name that `[channels.NAME] plugin = "…"` uses: lower case letters, digits and hyphens.
    pub name: String,
    /// Semantic version of the plugin.
    pub version: String,
    /// One sentence for people.
    pub summary: String,
    /// JSON Schema (2020-12) of the channel's settings; must describe an object.
    pub settings: serde_json::Value,
    /// A setting that may be given as a list: the host then makes one channel of each item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fan_out: Option<String>,
    /// Origins that the plugin talks to, for example `https://api.telegram.org`.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Settings whose value is a URL that the plugin talks to.
    #[serde(default)]
    pub hosts_from_settings: Vec<String>,
    /// Secrets that the plugin uses.
    #[serde(default)]
    pub secrets: Vec<SecretDescription>,
    /// The provider's limits, for people.
    #[serde(default)]
    pub limits: Vec<Limit>,
}

/// A secret that a plugin uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SecretDescription {
    /// The name in `[channels.NAME.secrets]`.
    pub name: String,
    /// Where to get it, for people.
    pub summary: String,
    /// Where it may appear in a request.
    pub places: Vec<SecretPlace>,
    /// Regular expression that the whole value must match, after white space around it is cut off. If it has a group,
    /// the first group is what is used; named groups are parts, referenced as `NAME.GROUP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Whether the channel works without it.
    #[serde(default)]
    pub optional: bool,
    /// A value of the right form that is not a secret: stands in while deliveries are caught.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
}

/// A place of a request where a secret may appear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretPlace {
    /// The path of the URL.
    Path,
    /// The query of the URL.
    Query,
    /// The value of a header.
    Header,
    /// The body.
    Body,
    /// Never sent: the host signs the request with it and puts the headers of Standard Webhooks in place of the
    /// placeholder in `webhook-signature`.
    StandardWebhooks,
}

impl SecretPlace {
    /// The word in a description.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Body => "body",
            Self::StandardWebhooks => "standard-webhooks",
        }
    }
}

/// A limit of the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Limit {
    /// What is limited, for example `text`.
    pub name: String,
    /// The largest value allowed.
    pub max: u64,
    /// For example `code points`.
    pub unit: String,
}

/// Why a text is not a description.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says it")]
pub enum DescriptionError {
    #[error("not the expected JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("a control character (U+{:04X}) in a text: a terminal would obey it", u32::from(*.0))]
    Control(char),
    #[error("`describe-version` is {0}; this host reads {DESCRIBE_VERSION}")]
    Version(u32),
    #[error("`{0}` is not a name: lower case letters, digits and hyphens, a letter first, at most 64")]
    Name(String),
    #[error("`settings` must be a JSON Schema with `\"type\": \"object\"`")]
    Settings,
    #[error("`{key}` names the setting `{setting}`, which `settings` does not have")]
    NoSuchSetting { key: &'static str, setting: String },
    #[error("`hosts`: {0}")]
    Host(#[from] OriginError),
    #[error("the secret `{0}` lists no place")]
    NoPlace(String),
    #[error("the pattern of the secret `{name}`: {error}")]
    Pattern { name: String, error: Box<regex::Error> },
    #[error("the example of the secret `{name}` can't be used: {error}")]
    Example { name: String, error: SecretError },
}

impl Description {
    /// Reads and checks what `describe` returned.
    ///
    /// # Errors
    /// [`DescriptionError`] with the first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, DescriptionError> {
        let description: Self = serde_json::from_str(text)?;
        match control(&serde_json::from_str(text)?) {
            Some(control) => return Err(DescriptionError::Control(control)),
            None => description.check()?,
        }
        Ok(description)
    }

    fn check(&self) -> Result<(), DescriptionError> {
        if self.describe_version != DESCRIBE_VERSION {
            return Err(DescriptionError::Version(self.describe_version));
        }
        let names = self.secrets.iter().map(|secret| &secret.name);
        if let Some(name) = names.chain([&self.name]).find(|name| !is_name(name)) {
            return Err(DescriptionError::Name(name.clone()));
        }
        if self.settings.get("type").and_then(serde_json::Value::as_str) != Some("object") {
            return Err(DescriptionError::Settings);
        }
        for setting in &self.hosts_from_settings {
            self.check_setting("hosts-from-settings", setting)?;
        }
        if let Some(setting) = &self.fan_out {
            self.check_setting("fan-out", setting)?;
        }
        for host in &self.hosts {
            Origin::parse(host)?;
        }
        self.secrets.iter().try_for_each(SecretDescription::check)
    }

    fn check_setting(&self, key: &'static str, setting: &str) -> Result<(), DescriptionError> {
        let known = self.settings.get("properties").and_then(|properties| properties.get(setting));
        known.map_or_else(
            || Err(DescriptionError::NoSuchSetting { key, setting: setting.to_owned() }),
            |_| Ok(()),
        )
    }
}

/// The first control character in any text of `value`. Line feeds and tabs are layout.
fn control(value: &serde_json::Value) -> Option<char> {
    let in_text = |text: &str| text.chars().find(|it| it.is_control() && !matches!(it, '\n' | '\t'));
    match value {
        serde_json::Value::String(text) => in_text(text),
        serde_json::Value::Array(items) => items.iter().find_map(control),
        serde_json::Value::Object(entries) => {
            entries.iter().find_map(|(key, value)| in_text(key).or_else(|| control(value)))
        }
        _ => None,
    }
}

impl SecretDescription {
    fn check(&self) -> Result<(), DescriptionError> {
        let name = || self.name.clone();
        if self.places.is_empty() {
            return Err(DescriptionError::NoPlace(name()));
        }
        let pattern = SecretPattern::compile(self.pattern.as_deref())
            .map_err(|error| DescriptionError::Pattern { name: name(), error: Box::new(error) })?;
        let example = self.example.as_ref().map(|example| pattern.apply(example));
        example.transpose().map_err(|error| DescriptionError::Example { name: name(), error })?;
        Ok(())
    }
}

/// Whether `text` can name a plugin, a secret or a channel.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_ascii_lowercase())
        && text.len() <= 64
        && characters.all(|next| next.is_ascii_lowercase() || next.is_ascii_digit() || next == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(change: impl FnOnce(&mut serde_json::Value)) -> Result<Description, DescriptionError> {
        let mut description = serde_json::json!({
            "describe-version": 1,
            "name": "ntfy",
            "version": "0.1.0",
            "summary": "Sends to ntfy.",
            "settings": { "type": "object", "properties": { "topic": { "type": "string" } } },
            "hosts": ["https://ntfy.sh"],
            "secrets": [{ "name": "token", "summary": "Access token.", "places": ["header"] }],
        });
        change(&mut description);
        Description::parse(&description.to_string())
    }

    #[test]
    fn a_complete_description_is_read() {
        assert_eq!(described(|_| ()).unwrap().secrets[0].places, [SecretPlace::Header]);
    }

    #[test]
    fn each_defect_has_its_message() {
        let message = |change: fn(&mut serde_json::Value)| described(change).unwrap_err().to_string();
        assert!(message(|it| it["describe-version"] = 2.into()).contains("this host reads 1"));
        assert!(message(|it| it["name"] = "../ntfy".into()).contains("is not a name"));
        assert!(message(|it| it["summary"] = "Sends.\u{1b}[2J".into()).contains("U+001B"));
        assert!(message(|it| it["settings"]["a\u{9b}b"] = 1.into()).contains("U+009B"));
        assert!(message(|it| it["settings"] = true.into()).contains("JSON Schema"));
        assert!(message(|it| it["fan-out"] = "chat".into()).contains("setting `chat`"));
        assert!(message(|it| it["hosts"][0] = "https://*.sh".into()).contains("wildcard"));
        assert!(message(|it| it["secrets"][0]["places"] = serde_json::json!([])).contains("no place"));
        assert!(
            message(|it| it["secrets"][0]["pattern"] = "(".into())
                .contains("the pattern of the secret `token`")
        );
        assert!(
            message(|it| it["secrets"][0]["example"] = " ".into())
                .contains("the example of the secret `token`")
        );
        assert!(message(|it| it["colour"] = 1.into()).contains("unknown field `colour`"));
    }
}
