//! Chats: what their ids mean, and which refuse messages (`check_chat_access` of `Client.cpp`).

use std::fmt;

use serde_json::{Value, json};

use super::entities::lenient_i64;
use super::refusal::Refusal;

/// Ids of supergroups and channels are below this; ids of groups are between it and zero.
const SUPERGROUPS_BELOW: i64 = -1_000_000_000_000;

/// What the fake knows about a chat.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Chat {
    /// Takes messages, in every topic if it is a supergroup. So do all chats that nothing else is known about.
    #[default]
    Open,
    /// A supergroup with no other topics than these.
    Topics(Vec<i32>),
    /// Does not exist, or never heard of the bot.
    Missing,
    /// The user has blocked the bot.
    Blocked,
    /// The user is gone.
    Deactivated,
    /// The group has thrown the bot out.
    Kicked,
    /// The bot is not in the group.
    NotAMember,
    /// The group was deleted.
    Deleted,
    /// The group became a supergroup with this id.
    Upgraded(i64),
    /// The bot may not write in the group.
    ReadOnly,
}

/// What a request wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Send a message.
    Write,
    /// Change one of its own.
    Edit,
}

/// The id of a chat.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum ChatId {
    /// Positive for users, negative for groups, very negative for supergroups and channels.
    Number(i64),
    /// Of a public supergroup or channel; lower case, without `@`.
    Name(String),
}

impl ChatId {
    /// Reads the parameter `chat_id`.
    pub(super) fn read(text: &str) -> Result<Self, Refusal> {
        if text.is_empty() {
            return Err(Refusal::new(400, "Bad Request: chat_id is empty"));
        }
        let id = match text.strip_prefix('@') {
            Some(name) => is_name(name).then(|| Self::Name(name.to_ascii_lowercase())),
            None => Some(lenient_i64(text)).filter(|id| *id != 0).map(Self::Number),
        };
        id.ok_or_else(Refusal::chat_not_found)
    }

    /// As `Chat` of the Bot API.
    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Number(id @ 1..) => {
                json!({ "id": id, "type": "private", "first_name": format!("User {id}") })
            }
            Self::Number(id) => json!({ "id": id, "type": self.type_name(), "title": format!("Group {id}") }),
            Self::Name(name) => {
                json!({ "id": number_of(name), "type": self.type_name(), "title": name, "username": name })
            }
        }
    }

    fn type_name(&self) -> &'static str {
        match self {
            Self::Number(1..) => "private",
            Self::Number(id) if *id >= SUPERGROUPS_BELOW => "group",
            Self::Number(_) | Self::Name(_) => "supergroup",
        }
    }
}

impl fmt::Display for ChatId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(id) => write!(formatter, "{id}"),
            Self::Name(name) => write!(formatter, "@{name}"),
        }
    }
}

impl Chat {
    /// Refuses what the chat does not allow.
    pub(super) fn check(&self, id: &ChatId, access: Access) -> Result<(), Refusal> {
        let forbidden = |words: &str| Err(Refusal::new(403, &format!("Forbidden: {words}")));
        match (self, access) {
            (Self::Missing, _) => Err(Refusal::chat_not_found()),
            (Self::Blocked, _) => forbidden("bot was blocked by the user"),
            (Self::Deactivated, _) => forbidden("user is deactivated"),
            (Self::Kicked, _) => forbidden(&format!("bot was kicked from the {} chat", id.type_name())),
            (Self::NotAMember, _) => {
                forbidden(&format!("bot is not a member of the {} chat", id.type_name()))
            }
            (Self::Deleted, Access::Write) => forbidden("the group chat was deleted"),
            (Self::Upgraded(to), Access::Write) => Err(Refusal::upgraded(*to)),
            (Self::ReadOnly, Access::Write) => {
                Err(Refusal::bad_request("not enough rights to send text messages to the chat"))
            }
            (Self::Open | Self::Topics(_), _)
            | (Self::Deleted | Self::Upgraded(_) | Self::ReadOnly, Access::Edit) => Ok(()),
        }
    }

    /// Refuses a topic that there is not.
    pub(super) fn check_thread(&self, id: &ChatId, thread: Option<i32>) -> Result<(), Refusal> {
        let exists = |thread| match self {
            Self::Topics(topics) => topics.contains(&thread),
            _ => id.type_name() == "supergroup",
        };
        if thread.is_none_or(exists) { Ok(()) } else { Err(Refusal::bad_request("message thread not found")) }
    }
}

impl Refusal {
    fn chat_not_found() -> Self {
        Self::bad_request("chat not found")
    }
}

/// Whether a text is a name as public chats have it (`is_valid_username` of `misc.cpp`).
fn is_name(text: &str) -> bool {
    text.len() <= 32
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !text.ends_with('_')
        && !text.contains("__")
}

/// A number that is always the same for a name (FNV-1a).
fn number_of(name: &str) -> i64 {
    let hash =
        name.bytes().fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    SUPERGROUPS_BELOW - 1 - i64::from(hash)
}
