//! The life of a delivery: who may work on it, and how it ends. Pure; stores apply it by conditional writes.
//!
//! One record per event key and channel. A record is claimed before anything is sent, so that two invocations of one
//! event never send twice; a claim has a lease, so that a crash never blocks a delivery for good.

mod rules;
#[cfg(test)]
mod tests;

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::form_urlencoded::byte_serialize;

pub use self::rules::{Claim, NotOwner, attempted, claim, current, reopened, settled};
use crate::notification::{Notification, Presentation, Receipt};
use crate::outcome::OutcomeKind;

/// How long a record is kept after its end. Lambda hands an event over for up to 6 hours (AWS Lambda developer guide,
/// asynchronous invocation), and whoever repairs a channel wants to see what was missed; a week covers both.
pub const RECORD_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Names a delivery: the event's key and the channel's name. The device is part of it, so that no device can take another's
/// event away by repeating its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DeliveryKey {
    /// The device that reported it.
    pub device: String,
    /// `event_id` of the device, or the platform's trace id.
    pub event: String,
    /// The channel's name, with the item if it was fanned out.
    pub channel: String,
}

/// `DEVICE:EVENT:CHANNEL`, percent-encoded: the same on every attempt, so it serves providers as idempotency key, and no
/// device can make another's.
impl fmt::Display for DeliveryKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [&self.device, &self.event, &self.channel];
        for (index, part) in parts.iter().enumerate() {
            let colon = if index == 0 { "" } else { ":" };
            write!(formatter, "{colon}")?;
            byte_serialize(part.as_bytes()).try_for_each(|piece| formatter.write_str(piece))?;
        }
        Ok(())
    }
}

/// Where a delivery stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
pub enum DeliveryState {
    /// Somebody works on it.
    Claimed {
        /// The invocation that does.
        owner: String,
        /// When others may take it over.
        lease_until: Timestamp,
    },
    /// The provider has it.
    Delivered {
        /// What the provider answered.
        receipt: Receipt,
    },
    /// It will be tried again.
    Retry {
        /// Not earlier than this.
        not_before: Timestamp,
    },
    /// It can't work, for a reason that trying again does not change.
    Rejected {
        /// Why.
        reason: String,
    },
    /// It was given up after trying.
    DeadLetter {
        /// Why.
        reason: String,
    },
}

/// The name of a [`DeliveryState`], for filters and columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the variants are those of `DeliveryState`")]
pub enum StateKind {
    Claimed,
    Delivered,
    Retry,
    Rejected,
    DeadLetter,
}

impl StateKind {
    /// All of them, in the order of a delivery's life.
    pub const ALL: [Self; 5] =
        [Self::Claimed, Self::Retry, Self::Delivered, Self::Rejected, Self::DeadLetter];

    /// The name as it is written everywhere.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Claimed => "claimed",
            Self::Delivered => "delivered",
            Self::Retry => "retry",
            Self::Rejected => "rejected",
            Self::DeadLetter => "dead-letter",
        }
    }
}

impl DeliveryState {
    /// Its name.
    #[must_use]
    pub fn kind(&self) -> StateKind {
        match self {
            Self::Claimed { .. } => StateKind::Claimed,
            Self::Delivered { .. } => StateKind::Delivered,
            Self::Retry { .. } => StateKind::Retry,
            Self::Rejected { .. } => StateKind::Rejected,
            Self::DeadLetter { .. } => StateKind::DeadLetter,
        }
    }

    /// When somebody may go on with it: the end of the lease, or of the wait. `None` if it has ended.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        match self {
            Self::Claimed { lease_until: due, .. } | Self::Retry { not_before: due } => Some(*due),
            Self::Delivered { .. } | Self::Rejected { .. } | Self::DeadLetter { .. } => None,
        }
    }
}

/// One finished attempt, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct AttemptRecord {
    /// Counted from 1 over the whole delivery.
    pub number: u32,
    /// When it began.
    pub started_at: Timestamp,
    /// Wall time in milliseconds.
    pub duration_ms: u64,
    /// How elaborate the message was.
    pub presentation: Presentation,
    /// How it ended.
    pub outcome: OutcomeKind,
    /// One sentence for the operator; empty on success.
    pub detail: String,
    /// What the plugin logged.
    pub guest_log: Vec<String>,
}

/// Where the next attempt goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Progress {
    /// How elaborate the message may be.
    pub presentation: Presentation,
    /// The plugin's own note.
    pub resume: String,
}

/// What a delivery tells, and to whom it is reported: enough to go on with it without its event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Brief {
    /// The message.
    pub notification: Notification,
    /// The route that it comes from.
    pub route: String,
    /// The news that this delivery tells: whose states hear of its end. One, or the members of a summary.
    pub tells: Vec<Told>,
    /// The delivery whose message this one edits.
    pub earlier: Option<DeliveryKey>,
    /// The delivery that has to end before this one is attempted: people are to read them in order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<DeliveryKey>,
    /// When the event was received that it tells; `None` if that is not known, or if time made it news and not an event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
}

/// News of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Told {
    /// The device.
    pub device: String,
    /// The key of the news.
    pub news: String,
}

/// Everything that is kept of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Record {
    /// When it was claimed for the first time.
    pub opened_at: Timestamp,
    /// Where it stands.
    pub state: DeliveryState,
    /// What it tells. Never changed: whoever goes on with the delivery tells the same.
    pub brief: Brief,
    /// Where the next attempt goes on.
    pub progress: Progress,
    /// All attempts, oldest first.
    pub attempts: Vec<AttemptRecord>,
    /// How many of them do not count any more: those before it was reopened.
    pub counted_from: usize,
}

impl Record {
    /// When it counts as absent. What has not ended is kept from when it is due: forgetting it sooner would lose it, or send it
    /// twice.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        let since = self.state.due().map_or(self.opened_at, |due| due.max(self.opened_at));
        since.checked_add(RECORD_LIFE).unwrap_or(Timestamp::MAX)
    }

    /// Whether it counts.
    #[must_use]
    pub fn is_current(&self, now: Timestamp) -> bool {
        self.expires_at() > now
    }
}
