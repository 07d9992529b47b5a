//! What happened, for whoever follows: which things have changed. What they are now is asked for by their ids.

use serde::Serialize;
use utoipa::ToSchema;

use crate::feed::Happening;

/// An item of the feed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct FeedItem {
    /// What it is about.
    pub(in crate::web) kind: FeedKind,
    /// The event that was received, or has got further.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::web) event: Option<u64>,
    /// What was caught, by its id in the inbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::web) caught: Option<u64>,
    /// The delivery whose attempt has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::web) delivery: Option<String>,
    /// The devices whose deliveries may have changed; empty if it is not known whose.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::web) devices: Vec<String>,
    /// Whoever connected or went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::web) client: Option<String>,
    /// Whether it is there now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::web) connected: Option<bool>,
    /// A line of the function's log, or a note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::web) text: Option<String>,
}

/// What an item of the feed is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) enum FeedKind {
    /// An event came in.
    Received,
    /// The rules have judged it, or an action has ended.
    Progressed,
    /// Something was caught.
    Caught,
    /// Deliveries have changed.
    Deliveries,
    /// An attempt has ended.
    Attempted,
    /// Plugins have changed.
    Plugins,
    /// Rules or the configuration were read again.
    Reloaded,
    /// A fault was set or taken back.
    Faults,
    /// The function has printed a line.
    Log,
    /// Somebody connected or went.
    Presence,
    /// Something to read.
    Note,
    /// More happened than is remembered: ask for everything again.
    #[default]
    Missed,
}

impl FeedItem {
    pub(in crate::web) fn missed() -> Self {
        Self::default()
    }

    pub(in crate::web) fn of(happening: &Happening) -> Self {
        let of = |kind| Self { kind, ..Self::default() };
        match happening {
            Happening::Received(entry) => Self { event: Some(entry.id.0), ..of(FeedKind::Received) },
            Happening::Progressed(entry) => Self { event: Some(entry.id.0), ..of(FeedKind::Progressed) },
            Happening::Caught(id) => Self { caught: Some(*id), ..of(FeedKind::Caught) },
            Happening::Deliveries(devices) => Self { devices: devices.clone(), ..of(FeedKind::Deliveries) },
            Happening::Attempted(attempt) => Self {
                delivery: Some(attempt.key.to_string()),
                devices: vec![attempt.key.device.clone()],
                ..of(FeedKind::Attempted)
            },
            Happening::Plugins => of(FeedKind::Plugins),
            Happening::Reloaded => of(FeedKind::Reloaded),
            Happening::Faults => of(FeedKind::Faults),
            Happening::Log(line) => Self { text: Some(line.to_string()), ..of(FeedKind::Log) },
            Happening::Presence(client, connected) => Self {
                client: Some(client.to_string()),
                connected: Some(*connected),
                ..of(FeedKind::Presence)
            },
            Happening::Note(text) => Self { text: Some(text.to_string()), ..of(FeedKind::Note) },
        }
    }
}
