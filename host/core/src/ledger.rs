//! The life of a delivery: who may work on it, and how it ends. Pure; stores apply it by conditional writes.
//!
//! One record per event key and channel. A record is claimed before anything is sent, so that two invocations of one
//! event never send twice; a claim has a lease, so that a crash never blocks a delivery for good.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::form_urlencoded::byte_serialize;

use crate::notification::{Presentation, Receipt};
use crate::outcome::OutcomeKind;

/// How long a record is kept. Lambda hands an event over for up to 6 hours (AWS Lambda developer guide, asynchronous invocation), and whoever repairs a channel
/// wants to see what was missed; a week covers both.
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

/// Everything that is kept of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Record {
    /// When it was claimed for the first time.
    pub opened_at: Timestamp,
    /// Where it stands.
    pub state: DeliveryState,
    /// Where the next attempt goes on.
    pub progress: Progress,
    /// All attempts, oldest first.
    pub attempts: Vec<AttemptRecord>,
}

impl Record {
    /// When it counts as absent. A lease or a wait that lasts longer is kept: forgetting it would send twice.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        let life = self.opened_at.checked_add(RECORD_LIFE).unwrap_or(Timestamp::MAX);
        self.state.due().map_or(life, |due| due.max(life))
    }

    /// Whether it counts.
    #[must_use]
    pub fn is_current(&self, now: Timestamp) -> bool {
        self.expires_at() > now
    }
}

/// The answer to a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Yours until the lease ends.
    Granted(Record),
    /// It has ended before; nothing is left to do.
    Ended(Record),
    /// Its invocation broke off after the attempt that delivered it: it ends now, and nothing is left to do.
    Concluded(Record),
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

impl Claim {
    /// The record as it should be, if the claim changes it: a store answers with the claim only when this is written.
    #[must_use]
    pub fn to_write(&self) -> Option<&Record> {
        match self {
            Self::Granted(record) | Self::Concluded(record) => Some(record),
            Self::Ended(_) | Self::Held { .. } | Self::Waiting { .. } => None,
        }
    }
}

/// Somebody else has taken the delivery over: what was about to be written is not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the delivery `{key}` belongs to another invocation now")]
pub struct NotOwner {
    /// The delivery.
    pub key: DeliveryKey,
}

/// The record as long as it counts: an expired one is as good as absent, whether or not the store has deleted it.
#[must_use]
pub fn current(record: Option<Record>, now: Timestamp) -> Option<Record> {
    record.filter(|record| record.is_current(now))
}

/// Decides on a claim; [`Claim::to_write`] tells what the store has to keep of it.
#[must_use]
pub fn claim(record: Option<Record>, owner: &str, lease_until: Timestamp, now: Timestamp) -> Claim {
    let claimed = DeliveryState::Claimed { owner: owner.to_owned(), lease_until };
    let Some(record) = current(record, now) else {
        return Claim::Granted(Record {
            opened_at: now,
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
        DeliveryState::Retry { .. } => Claim::Granted(Record { state: claimed, ..record }),
        // It broke off after its attempt was kept and before its end was: the provider has the message.
        DeliveryState::Claimed { .. } if is_delivered(&record) => {
            let warnings = vec!["the invocation broke off before it could keep the receipt".to_owned()];
            let receipt = Receipt { warnings, ..Receipt::default() };
            Claim::Concluded(Record { state: DeliveryState::Delivered { receipt }, ..record })
        }
        DeliveryState::Claimed { .. } => {
            let mut attempts = record.attempts;
            attempts.push(broken_off(&attempts, record.progress.presentation, now));
            Claim::Granted(Record { state: claimed, attempts, ..record })
        }
        DeliveryState::Delivered { .. }
        | DeliveryState::Rejected { .. }
        | DeliveryState::DeadLetter { .. } => Claim::Ended(record),
    }
}

fn is_delivered(record: &Record) -> bool {
    record.attempts.last().is_some_and(|last| last.outcome == OutcomeKind::Delivered)
}

/// The attempt of an invocation that ended without a word. It may have sent the message, so its outcome is unknown; whether to
/// send again is the channel's `on-unknown`. Also of the same owner: Lambda calls again with the same request id.
fn broken_off(attempts: &[AttemptRecord], presentation: Presentation, now: Timestamp) -> AttemptRecord {
    AttemptRecord {
        number: u32::try_from(attempts.len()).unwrap_or(u32::MAX).saturating_add(1),
        started_at: now,
        duration_ms: 0,
        presentation,
        outcome: OutcomeKind::Unknown,
        detail: "the invocation before broke off; it may have sent the message".to_owned(),
        guest_log: Vec::new(),
    }
}

/// Adds a finished attempt, if `owner` still has the delivery.
///
/// # Errors
///
/// If somebody else has taken the delivery over, or it has ended.
pub fn attempted(
    record: Option<&mut Record>,
    key: &DeliveryKey,
    owner: &str,
    attempt: AttemptRecord,
    progress: Progress,
) -> Result<(), NotOwner> {
    let record = owned(record, key, owner)?;
    record.attempts.push(attempt);
    record.progress = progress;
    Ok(())
}

/// Ends the claim, if `owner` still has the delivery.
///
/// # Errors
///
/// If somebody else has taken the delivery over, or it has ended.
pub fn settled(
    record: Option<&mut Record>,
    key: &DeliveryKey,
    owner: &str,
    state: DeliveryState,
) -> Result<(), NotOwner> {
    owned(record, key, owner)?.state = state;
    Ok(())
}

/// A lease that has ended is still its owner's until somebody takes the delivery over: what was done is better known than lost.
fn owned<'r>(
    record: Option<&'r mut Record>,
    key: &DeliveryKey,
    owner: &str,
) -> Result<&'r mut Record, NotOwner> {
    record.filter(|record| is_owner(record, owner)).ok_or_else(|| NotOwner { key: key.clone() })
}

fn is_owner(record: &Record, owner: &str) -> bool {
    matches!(&record.state, DeliveryState::Claimed { owner: current, .. } if current == owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn record(state: DeliveryState) -> Option<Record> {
        Some(Record { opened_at: at(0), state, progress: Progress::default(), attempts: Vec::new() })
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
    fn what_an_invocation_left_without_a_word_counts_as_an_attempt_without_an_answer() {
        let Claim::Granted(first) = claim(None, "a", at(30), at(0)) else { panic!("not granted") };
        for owner in ["a", "b"] {
            let Claim::Granted(second) = claim(Some(first.clone()), owner, at(60), at(30)) else {
                panic!("not granted")
            };
            let [broken] = second.attempts.as_slice() else { panic!("{:?}", second.attempts) };
            assert_eq!((broken.number, broken.outcome), (1, OutcomeKind::Unknown));
        }
        let delivered =
            AttemptRecord { outcome: OutcomeKind::Delivered, ..broken_off(&[], Presentation::Rich, at(1)) };
        let kept = Record { attempts: vec![delivered], ..first };
        let concluded = claim(Some(kept), "b", at(60), at(30));
        let Some(ended) = concluded.to_write() else { panic!("it stays claimed: {concluded:?}") };
        assert_eq!(ended.state.kind(), StateKind::Delivered);
        assert!(matches!(claim(Some(ended.clone()), "c", at(99), at(61)), Claim::Ended(_)));
    }

    #[test]
    fn a_retry_is_granted_when_it_is_due_and_goes_on_where_it_stopped() {
        let progress = Progress { presentation: Presentation::Plain, resume: "2".into() };
        let waiting = Record {
            opened_at: at(0),
            state: DeliveryState::Retry { not_before: at(100) },
            progress,
            attempts: Vec::new(),
        };
        assert_eq!(claim(Some(waiting.clone()), "a", at(130), at(99)), Claim::Waiting { until: at(100) });
        let Claim::Granted(again) = claim(Some(waiting.clone()), "a", at(130), at(100)) else {
            panic!("not granted")
        };
        assert_eq!((again.progress, again.opened_at), (waiting.progress, at(0)));
    }

    #[test]
    fn an_expired_record_is_absent_unless_somebody_works_on_it() {
        let life = RECORD_LIFE.as_secs();
        let delivered = record(DeliveryState::Delivered { receipt: Receipt::default() });
        assert!(matches!(claim(delivered.clone(), "a", at(life + 9), at(life - 1)), Claim::Ended(_)));
        let Claim::Granted(anew) = claim(delivered.clone(), "a", at(life + 9), at(life)) else {
            panic!("not granted")
        };
        assert_eq!((anew.opened_at, anew.attempts), (at(life), Vec::new()));
        let held = record(DeliveryState::Claimed { owner: "a".into(), lease_until: at(life + 9) });
        assert_eq!(claim(held.clone(), "b", at(life + 20), at(life)), Claim::Held { until: at(life + 9) });
        assert!(current(held, at(life + 9)).is_none());
    }

    #[test]
    fn only_the_owner_writes_and_only_until_somebody_takes_over() {
        let key = DeliveryKey { device: "d".into(), event: "e".into(), channel: "c".into() };
        let rejected = DeliveryState::Rejected { reason: "gone".into() };
        let mut held = record(DeliveryState::Claimed { owner: "a".into(), lease_until: at(9) });
        assert!(settled(held.as_mut(), &key, "b", rejected.clone()).is_err());
        settled(held.as_mut(), &key, "a", rejected.clone()).unwrap();
        assert_eq!(held.as_ref().unwrap().state, rejected);
        assert!(settled(held.as_mut(), &key, "a", rejected.clone()).is_err(), "it has ended");
        assert!(settled(None, &key, "a", rejected).is_err());
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
