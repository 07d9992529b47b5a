//! Who may do what with a delivery.

use jiff::Timestamp;

use super::{AttemptRecord, Brief, DeliveryKey, DeliveryState, Progress, Record};
use crate::notification::{Presentation, Receipt};
use crate::outcome::OutcomeKind;

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

/// Decides on a claim; [`Claim::to_write`] tells what the store has to keep of it. A record that is there keeps its own brief.
#[must_use]
pub fn claim(
    record: Option<Record>,
    brief: &Brief,
    owner: &str,
    lease_until: Timestamp,
    now: Timestamp,
) -> Claim {
    let claimed = DeliveryState::Claimed { owner: owner.to_owned(), lease_until };
    let Some(record) = current(record, now) else {
        return Claim::Granted(Record {
            opened_at: now,
            state: claimed,
            brief: brief.clone(),
            progress: Progress::default(),
            attempts: Vec::new(),
            counted_from: 0,
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
pub(super) fn broken_off(
    attempts: &[AttemptRecord],
    presentation: Presentation,
    now: Timestamp,
) -> AttemptRecord {
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

/// Opens a delivery again that has ended without success: from `now` on it may be claimed, and starts as if nothing had been
/// tried. Tells whether it was one.
pub fn reopened(record: Option<&mut Record>, now: Timestamp) -> bool {
    let Some(record) = record.filter(|record| record.is_current(now) && is_undelivered(record)) else {
        return false;
    };
    record.state = DeliveryState::Retry { not_before: now };
    record.progress.presentation = Presentation::default();
    record.counted_from = record.attempts.len();
    true
}

fn is_undelivered(record: &Record) -> bool {
    matches!(record.state, DeliveryState::Rejected { .. } | DeliveryState::DeadLetter { .. })
}

/// A lease that has ended is still its owner's until somebody takes the delivery over: what was done is better known than lost.
fn owned<'r>(
    record: Option<&'r mut Record>,
    key: &DeliveryKey,
    owner: &str,
) -> Result<&'r mut Record, NotOwner> {
    record.filter(|record| is_owner(record, owner)).ok_or_else(|| NotOwner { key: key.clone() })
}

pub(super) fn is_owner(record: &Record, owner: &str) -> bool {
    matches!(&record.state, DeliveryState::Claimed { owner: current, .. } if current == owner)
}
