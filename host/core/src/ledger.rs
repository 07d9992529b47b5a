//! The life of a delivery: who may work on it, and how it ends. Pure; stores apply it by conditional writes.
//!
//! One record per event key and channel. A record is claimed before anything is sent, so that two invocations of one
//! event never send twice; a claim has a lease, so that a crash never blocks a delivery for good.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::form_urlencoded::byte_serialize;

use crate::notification::{Presentation, Receipt};
use crate::outcome::OutcomeKind;

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

/// Everything that is kept of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Record {
    /// Where it stands.
    pub state: DeliveryState,
    /// Where the next attempt goes on.
    pub progress: Progress,
    /// All attempts, oldest first.
    pub attempts: Vec<AttemptRecord>,
}

/// The answer to a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Yours until the lease ends.
    Granted(Record),
    /// It has ended before; nothing is left to do.
    Ended(Record),
    /// Somebody else works on it until then.
    Held {
        /// End of the other's lease.
        until: Timestamp,
    },
    /// The provider asked to wait until then.
    Waiting {
        /// When it is due.
        until: Timestamp,
    },
}

/// Somebody else has taken the delivery over: what was about to be written is not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the delivery `{key}` belongs to another invocation now")]
pub struct NotOwner {
    /// The delivery.
    pub key: DeliveryKey,
}

/// Decides on a claim; [`Claim::Granted`] holds the record to write.
#[must_use]
pub fn claim(current: Option<Record>, owner: &str, lease_until: Timestamp, now: Timestamp) -> Claim {
    let claimed = DeliveryState::Claimed { owner: owner.to_owned(), lease_until };
    let Some(record) = current else {
        return Claim::Granted(Record {
            state: claimed,
            progress: Progress::default(),
            attempts: Vec::new(),
        });
    };
    match record.state {
        DeliveryState::Claimed { owner: ref other, lease_until: until } if other != owner && until > now => {
            Claim::Held { until }
        }
        DeliveryState::Retry { not_before } if not_before > now => Claim::Waiting { until: not_before },
        DeliveryState::Claimed { .. } | DeliveryState::Retry { .. } => {
            Claim::Granted(Record { state: claimed, ..record })
        }
        DeliveryState::Delivered { .. }
        | DeliveryState::Rejected { .. }
        | DeliveryState::DeadLetter { .. } => Claim::Ended(record),
    }
}

/// Whether `owner` may write to `record`.
#[must_use]
pub fn is_owner(record: &Record, owner: &str) -> bool {
    matches!(&record.state, DeliveryState::Claimed { owner: current, .. } if current == owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn record(state: DeliveryState) -> Option<Record> {
        Some(Record { state, progress: Progress::default(), attempts: Vec::new() })
    }

    #[test]
    fn a_new_delivery_is_granted_and_then_held() {
        let Claim::Granted(first) = claim(None, "a", at(30), at(0)) else { panic!("not granted") };
        assert!(is_owner(&first, "a") && !is_owner(&first, "b"));
        assert_eq!(claim(Some(first.clone()), "b", at(40), at(10)), Claim::Held { until: at(30) });
        assert!(
            matches!(claim(Some(first.clone()), "b", at(60), at(30)), Claim::Granted(_)),
            "the lease ended"
        );
        assert!(matches!(claim(Some(first), "a", at(60), at(10)), Claim::Granted(_)), "its own");
    }

    #[test]
    fn a_retry_is_granted_when_it_is_due_and_goes_on_where_it_stopped() {
        let progress = Progress { presentation: Presentation::Plain, resume: "2".into() };
        let waiting =
            Record { state: DeliveryState::Retry { not_before: at(100) }, progress, attempts: Vec::new() };
        assert_eq!(claim(Some(waiting.clone()), "a", at(130), at(99)), Claim::Waiting { until: at(100) });
        let Claim::Granted(again) = claim(Some(waiting.clone()), "a", at(130), at(100)) else {
            panic!("not granted")
        };
        assert_eq!(again.progress, waiting.progress);
    }

    #[test]
    fn a_key_is_plain_text_that_only_its_own_device_can_make() {
        let key = |device: &str, event: &str| {
            DeliveryKey { device: device.into(), event: event.into(), channel: "family/@x".into() }
                .to_string()
        };
        assert_eq!(key("küche", "01935a7e"), "k%C3%BCche:01935a7e:family%2F%40x");
        assert_ne!(key("a:b", "c"), key("a", "b:c"));
    }

    #[test]
    fn what_has_ended_stays_ended() {
        for state in [
            DeliveryState::Delivered { receipt: Receipt::default() },
            DeliveryState::Rejected { reason: "gone".into() },
            DeliveryState::DeadLetter { reason: "tried".into() },
        ] {
            assert!(matches!(claim(record(state), "a", at(2), at(1)), Claim::Ended(_)));
        }
    }
}
