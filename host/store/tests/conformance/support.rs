//! Short names for what every test needs.

use campanile_core::ledger::{AttemptRecord, Brief, Claim, DeliveryKey, DeliveryState, Progress, Record};
use campanile_core::notification::{Presentation, Receipt};
use campanile_core::outcome::OutcomeKind;
use campanile_store::{AnyLedger, Ledger, NewState, StateKey};
use jiff::{SignedDuration, Timestamp};

use crate::briefs::brief;

/// 24 November 2026.
const START: i64 = 1_795_500_000;

/// A moment, in seconds since the tests' start.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(START + second).unwrap()
}

pub(crate) fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

pub(crate) fn key(device: &str, event: &str, channel: &str) -> DeliveryKey {
    DeliveryKey { device: device.into(), event: event.into(), channel: channel.into() }
}

/// A key when one is enough.
pub(crate) fn some_key() -> DeliveryKey {
    key("home-heating", "0192f3a4-7b1c-7def-8123-456789abcdef", "family")
}

pub(crate) fn delivered(message: &str) -> DeliveryState {
    let (message_id, target) = (message.to_owned(), "chat".to_owned());
    DeliveryState::Delivered { receipt: Receipt { message_id, target, warnings: vec!["late".into()] } }
}

pub(crate) fn rejected() -> DeliveryState {
    DeliveryState::Rejected { reason: "gone".into() }
}

pub(crate) fn dead_letter() -> DeliveryState {
    DeliveryState::DeadLetter { reason: "tried 3 times".into() }
}

pub(crate) fn retry(not_before: Timestamp) -> DeliveryState {
    DeliveryState::Retry { not_before }
}

pub(crate) fn attempt(number: u32, guest_log: &[&str]) -> AttemptRecord {
    AttemptRecord {
        number,
        started_at: at(i64::from(number)),
        duration_ms: 250,
        presentation: Presentation::Rich,
        outcome: OutcomeKind::Transient,
        detail: "HTTP 500 \u{1F514} \"quoted\"".into(),
        guest_log: guest_log.iter().map(|line| (*line).to_owned()).collect(),
    }
}

pub(crate) fn progress(resume: &str) -> Progress {
    Progress { presentation: Presentation::Plain, resume: resume.into() }
}

pub(crate) fn device(name: &str) -> StateKey {
    StateKey::Device(name.to_owned())
}

pub(crate) fn group(route: &str, group: &str) -> StateKey {
    StateKey::Group { route: route.to_owned(), group: group.to_owned() }
}

/// A state that nothing is to be done with.
pub(crate) fn state(state: &str) -> NewState<'_> {
    NewState { state, due: None, expires_at: None }
}

/// Claims for 30 s, which must succeed.
pub(crate) async fn claimed(ledger: &AnyLedger, key: &DeliveryKey, owner: &str, now: Timestamp) -> Record {
    granted(ledger, key, &brief("Heating"), owner, now).await
}

/// The same with a brief of its own.
pub(crate) async fn granted(
    ledger: &AnyLedger,
    key: &DeliveryKey,
    brief: &Brief,
    owner: &str,
    now: Timestamp,
) -> Record {
    let until = now.checked_add(SignedDuration::from_secs(30)).unwrap();
    match ledger.claim(key, brief, owner, until, now).await.unwrap() {
        Claim::Granted(record) => record,
        other => panic!("{key} was not granted but {other:?}"),
    }
}

/// Opens and ends a delivery.
pub(crate) async fn ended(ledger: &AnyLedger, key: &DeliveryKey, now: Timestamp, state: DeliveryState) {
    claimed(ledger, key, "a", now).await;
    ledger.settle(key, "a", state).await.unwrap();
}
