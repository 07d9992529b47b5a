//! What became of an event: the answer of an invocation, and what the tools read.

use campanile_core::ledger::AttemptRecord;
use campanile_core::notification::{Presentation, Receipt};
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
    /// One for each channel, by name.
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
    /// No route wants it.
    Unmatched,
    /// It is not an event; it was kept as a dead letter.
    Invalid,
}

/// What became of one delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct DeliveryReport {
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

/// The result that follows from the deliveries of an event.
pub(crate) fn result(deliveries: &[DeliveryReport]) -> EventResult {
    let any =
        |statuses: &[DeliveryStatus]| deliveries.iter().any(|delivery| statuses.contains(&delivery.status));
    if deliveries.is_empty() {
        EventResult::Unmatched
    } else if any(&[DeliveryStatus::Retrying, DeliveryStatus::InProgress]) {
        EventResult::Retrying
    } else if any(&[DeliveryStatus::Rejected, DeliveryStatus::DeadLettered]) {
        EventResult::Undelivered
    } else {
        EventResult::Delivered
    }
}
