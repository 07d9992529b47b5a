//! What became of an event, or of what was due: the answer of an invocation, and what the tools read.

use std::collections::BTreeSet;

use campanile_core::ledger::{AttemptRecord, DeliveryKey};
use campanile_core::notification::{Presentation, Receipt};
use campanile_core::transition::Silence;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What became of one event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// The event's key; none if the event is invalid.
    pub event: Option<String>,
    /// The device that changed state.
    pub device: Option<String>,
    /// The state it changed to.
    pub status: Option<String>,
    /// All deliveries together.
    pub result: EventResult,
    /// Why the event went no further; empty if it did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// What went wrong on the way without stopping it, for the operator.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
    /// Why routes tell nothing of it, or not yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silences: Vec<RouteSilence>,
    /// One for each message and channel, by the channel's name.
    pub deliveries: Vec<DeliveryReport>,
}

/// Why a route tells nothing of an event, or not yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RouteSilence {
    /// The route's name.
    pub route: String,
    /// The reason.
    #[serde(flatten)]
    pub silence: Silence,
    /// The reason in one sentence.
    pub reason: String,
}

/// What became of what was due.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct TickReport {
    /// Devices and groups that time has changed.
    pub states: usize,
    /// What went wrong without stopping it, for the operator.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
    /// Whether something is due still: the invocation had no time for more.
    pub more: bool,
    /// One for each message and channel that was worked on.
    pub deliveries: Vec<DeliveryReport>,
}

/// All deliveries of an event together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventResult {
    /// Every channel has it.
    Delivered,
    /// Something is still to be done: the invocation fails, so that the platform calls again.
    Retrying,
    /// Every delivery has ended, at least one of them without success.
    Undelivered,
    /// It is no news, or not yet: the silences say why.
    Silent,
    /// No route wants it.
    Unmatched,
    /// It is not an event; it was kept as a dead letter.
    Invalid,
}

impl EventResult {
    /// The name as it is written everywhere.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Retrying => "retrying",
            Self::Undelivered => "undelivered",
            Self::Silent => "silent",
            Self::Unmatched => "unmatched",
            Self::Invalid => "invalid",
        }
    }
}

/// What became of one delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct DeliveryReport {
    /// The device that it tells of.
    pub device: String,
    /// The key of the news that it tells: the event's key, or a longer one.
    pub news: String,
    /// The channel's name.
    pub channel: String,
    /// The plugin that serves it.
    pub plugin: String,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// Why, in one sentence; empty if it was delivered.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// What the provider answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
    /// How elaborate the last message was.
    pub presentation: Presentation,
    /// When the next attempt is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Every attempt so far, oldest first.
    pub attempts: Vec<AttemptRecord>,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryStatus {
    /// The provider has it.
    Delivered,
    /// Another invocation works on it.
    InProgress,
    /// It will be tried again.
    Retrying,
    /// It can't work.
    Rejected,
    /// It was given up after trying.
    DeadLettered,
}

impl DeliveryStatus {
    /// The word for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::InProgress => "in progress",
            Self::Retrying => "retrying",
            Self::Rejected => "rejected",
            Self::DeadLettered => "dead-lettered",
        }
    }
}

impl Report {
    /// Whether the platform should call again with this event.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.result == EventResult::Retrying
    }
}

impl DeliveryReport {
    /// Whether it was not sent because something newer was.
    pub(crate) fn is_overtaken(&self) -> bool {
        self.status == DeliveryStatus::Rejected && self.detail == Silence::Overtaken.to_string()
    }

    /// What the ledger keeps it under.
    #[must_use]
    pub fn key(&self) -> DeliveryKey {
        DeliveryKey { device: self.device.clone(), event: self.news.clone(), channel: self.channel.clone() }
    }
}

impl From<(String, Silence)> for RouteSilence {
    fn from((route, silence): (String, Silence)) -> Self {
        Self { route, reason: silence.to_string(), silence }
    }
}

/// The result that follows from the deliveries of an event, and from why routes were silent.
pub(crate) fn result(deliveries: &[DeliveryReport], silences: &[RouteSilence]) -> EventResult {
    let any =
        |statuses: &[DeliveryStatus]| deliveries.iter().any(|delivery| statuses.contains(&delivery.status));
    let is_wanted = silences.iter().any(|silent| silent.silence != Silence::NothingWrong);
    if deliveries.is_empty() && is_wanted {
        EventResult::Silent
    } else if deliveries.is_empty() {
        EventResult::Unmatched
    } else if any(&[DeliveryStatus::Retrying, DeliveryStatus::InProgress]) {
        EventResult::Retrying
    } else if any(&[DeliveryStatus::Rejected, DeliveryStatus::DeadLettered]) {
        EventResult::Undelivered
    } else {
        EventResult::Delivered
    }
}

/// Why an event went no further; empty if it did.
pub(crate) fn reason(result: EventResult, silences: &[RouteSilence]) -> String {
    match result {
        EventResult::Unmatched => "no route wants it".to_owned(),
        EventResult::Silent => {
            let reasons: BTreeSet<&str> = silences
                .iter()
                .filter(|silent| silent.silence != Silence::NothingWrong)
                .map(|silent| silent.reason.as_str())
                .collect();
            reasons.into_iter().collect::<Vec<_>>().join("; ")
        }
        _ => String::new(),
    }
}
