//! The channel's settings, as `describe.json` describes them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Settings of a channel that the host has checked against the schema.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Settings {
    /// Name the message appears under.
    pub username: Option<String>,
    /// Picture beside the name.
    pub avatar_url: Option<String>,
    /// Existing thread to post into; wins over the one in the webhook's URL.
    pub thread_id: Option<Id>,
    /// Thread to make in a forum.
    pub thread_name: Option<String>,
    /// Without sound and push notification.
    pub silent: bool,
    /// Users to ping.
    pub mention_users: Vec<Id>,
    /// Roles to ping.
    pub mention_roles: Vec<Id>,
    /// What a message looks like.
    pub style: Style,
    /// What happens to more text than a message holds.
    pub overflow: Overflow,
    /// Attach the event as a file.
    pub attach_event: bool,
    /// Where the API is.
    pub api_url: String,
}

/// What a message looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// A card with a coloured bar.
    #[default]
    Embed,
    /// Text as people write it.
    Text,
}

/// What happens to more text than a message holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Overflow {
    /// It is cut and ends in `…`.
    #[default]
    Truncate,
    /// It goes on in further messages.
    Split,
}

/// An id of Discord's; TOML people write it with or without quotes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "Written")]
pub struct Id(String);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Number(u64),
}

impl From<Written> for Id {
    fn from(written: Written) -> Self {
        match written {
            Written::Text(text) => Self(text),
            Written::Number(number) => Self(number.to_string()),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            username: None,
            avatar_url: None,
            thread_id: None,
            thread_name: None,
            silent: false,
            mention_users: Vec::new(),
            mention_roles: Vec::new(),
            style: Style::default(),
            overflow: Overflow::default(),
            attach_event: false,
            api_url: "https://discord.com".into(),
        }
    }
}
