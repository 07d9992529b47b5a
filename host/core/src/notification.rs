//! What people read: the channel-neutral notification, and the attempt it is handed over with.
//!
//! The same shapes as in `wit/channel.wit`, free of any WebAssembly type.

use serde::{Deserialize, Serialize};

/// How urgent a notification is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Only for those who look for it.
    Debug,
    /// Good to know.
    #[default]
    Info,
    /// Look at it today.
    Warning,
    /// Look at it now.
    Error,
    /// Wake somebody.
    Critical,
}

impl Severity {
    /// All of them, the least urgent first.
    pub const ALL: [Self; 5] = [Self::Debug, Self::Info, Self::Warning, Self::Error, Self::Critical];

    /// Its name, as the configuration has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Critical => "critical",
        }
    }
}

/// How a notification's body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextFormat {
    /// Plain text.
    #[default]
    Text,
    /// HTML from the route's template, values escaped.
    Html,
}

/// How elaborate a message may be; the host steps down when a provider refuses the content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presentation {
    /// Everything the provider offers.
    #[default]
    Rich,
    /// Text without markup.
    Plain,
    /// The title and nothing else.
    Minimal,
}

impl Presentation {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Rich => "rich",
            Self::Plain => "plain",
            Self::Minimal => "minimal",
        }
    }

    /// The next simpler one, if there is any.
    #[must_use]
    pub fn simpler(self) -> Option<Self> {
        match self {
            Self::Rich => Some(Self::Plain),
            Self::Plain => Some(Self::Minimal),
            Self::Minimal => None,
        }
    }
}

/// One named fact of an event, ready to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// For example `Previous`.
    pub name: String,
    /// For example `ACTIVE`.
    pub value: String,
}

/// A rendered notification, the same for all channels of a route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Notification {
    /// The event's key.
    pub event_id: String,
    /// The device that changed state.
    pub device_id: String,
    /// The state it changed to.
    pub status: String,
    /// From the route.
    pub severity: Severity,
    /// One line of plain text.
    pub title: String,
    /// The text below the title, as `body_format` says.
    pub body: String,
    /// How `body` is written.
    pub body_format: TextFormat,
    /// RFC 3339, UTC.
    pub occurred_at: String,
    /// Facts to show beside the body.
    pub fields: Vec<Field>,
    /// The event as the device sent it: a JSON object.
    pub event_json: String,
}

/// Which try of a delivery a plugin is called for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The same on every attempt of a delivery.
    pub delivery_id: String,
    /// 1 on the first.
    pub number: u32,
    /// How elaborate the message may be.
    pub presentation: Presentation,
    /// What the attempt before left to go on from; empty on the first.
    pub resume: String,
    /// The receipt of the earlier message that this one should edit.
    pub earlier: Option<Receipt>,
}

/// What the provider answered on success.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Receipt {
    /// The provider's id of the message; empty if it gives none.
    pub message_id: String,
    /// The address it went to; empty if there is just one.
    pub target: String,
    /// What the operator should know or change.
    pub warnings: Vec<String>,
}
