//! The settings of a channel, as `describe.json` describes them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One `[channels.NAME.settings]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    /// Where to send.
    pub chat_id: Address,
    /// The topic, if the address names none.
    pub message_thread_id: Option<i32>,
    /// Without sound.
    #[serde(default)]
    pub silent: bool,
    /// Neither forwarded nor saved.
    #[serde(default)]
    pub protect_content: bool,
    /// With a preview of the first link.
    #[serde(default)]
    pub link_preview: bool,
    /// How markup is sent.
    #[serde(default)]
    pub parse_mode: ParseMode,
    /// What happens to long text.
    #[serde(default)]
    pub overflow: Overflow,
    /// Where the Bot API is.
    #[serde(default = "public_api")]
    pub api_url: String,
}

impl Settings {
    /// The topic to send to, if any.
    pub(crate) fn topic(&self) -> Option<i32> {
        self.chat_id.topic.or(self.message_thread_id)
    }
}

fn public_api() -> String {
    "https://api.telegram.org".to_owned()
}

/// How markup is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum ParseMode {
    /// Tags, three characters escaped.
    #[default]
    #[serde(rename = "HTML")]
    Html,
    /// Marks, eighteen characters escaped.
    MarkdownV2,
    /// Not at all.
    #[serde(rename = "none")]
    None,
}

/// What happens to text that is too long for one message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Overflow {
    /// It is cut.
    #[default]
    Truncate,
    /// It becomes several messages.
    Split,
}

/// A chat, and maybe a topic in it: `-1001234567890`, `@name`, `name`, each with or without `:42`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Address {
    /// The chat.
    pub chat: Chat,
    /// The topic.
    pub topic: Option<i32>,
}

/// A chat as the Bot API names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Chat {
    /// By number; groups have negative ones.
    Id(i64),
    /// By public name, with `@`.
    Name(String),
}

impl Chat {
    /// The chat that is written like this; `None` if none can be.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let name = text.strip_prefix('@').unwrap_or(text);
        if name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            let valid = name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
            return valid.then(|| Self::Name(format!("@{name}")));
        }
        text.parse().ok().map(Self::Id)
    }
}

impl fmt::Display for Chat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(formatter),
            Self::Name(name) => name.fmt(formatter),
        }
    }
}

/// An address as TOML has it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Number(i64),
    Text(String),
}

impl TryFrom<Written> for Address {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let text = match written {
            Written::Number(id) => return Ok(Self { chat: Chat::Id(id), topic: None }),
            Written::Text(text) => text,
        };
        let (chat, topic) = match text.split_once(':') {
            Some((chat, topic)) => (chat, Some(topic.parse().ok().filter(|topic| *topic > 0))),
            None => (text.as_str(), None),
        };
        match (Chat::parse(chat), topic) {
            (Some(chat), None) => Ok(Self { chat, topic: None }),
            (Some(chat), Some(Some(topic))) => Ok(Self { chat, topic: Some(topic) }),
            _ => Err(format!("`{text}` is no chat: use its number, `@name`, or either with `:TOPIC`")),
        }
    }
}
