//! What somebody has to go on with.

use campanile_core::ledger::{Claim, DeliveryKey, RECORD_LIFE};
use campanile_store::{AnyLedger, Ledger};
use jiff::Timestamp;

use crate::briefs::brief;
use crate::stores::Store;
use crate::support::{at, claimed, dead_letter, delivered, ended, key, rejected, retry, some_key};

async fn events(ledger: &AnyLedger, now: Timestamp, limit: usize) -> Vec<String> {
    ledger.due(now, limit).await.unwrap().into_iter().map(|key| key.event).collect()
}

pub(crate) async fn waits_that_are_over_come_earliest_first(store: &Store) {
    let ledger = store.handle().await;
    assert_eq!(events(&ledger, at(0), 10).await, [""; 0]);
    // More than one that is due first, in whatever part of the store it is.
    let order = [50, 20, 80, 10, 70, 40, 30, 60, 90, 100];
    for second in order {
        let key = key(&format!("d{}", second % 30), &second.to_string(), "c");
        ended(&ledger, &key, at(0), retry(at(second))).await;
    }
    let other = store.handle().await;
    let expected: Vec<_> = (1..=8).map(|second| (second * 10).to_string()).collect();
    assert_eq!(events(&other, at(89), 20).await, expected);
    for limit in [1, 3, 8] {
        assert_eq!(events(&other, at(89), limit).await, expected[..limit]);
    }
}

pub(crate) async fn a_wait_is_over_at_its_very_moment(store: &Store) {
    let (ledger, key) = (store.handle().await, some_key());
    let moment = |nanosecond| Timestamp::new(at(100).as_second(), nanosecond).unwrap();
    ended(&ledger, &key, at(0), retry(moment(500_000_000))).await;
    assert_eq!(ledger.due(moment(499_999_000), 10).await.unwrap(), []);
    assert_eq!(ledger.due(moment(500_000_000), 10).await.unwrap(), std::slice::from_ref(&key));
    claimed(&ledger, &key, "b", moment(500_000_000)).await;
}

pub(crate) async fn a_lease_that_has_ended_is_due(store: &Store) {
    let (ledger, key) = (store.handle().await, some_key());
    claimed(&ledger, &key, "a", at(0)).await;
    assert_eq!(ledger.due(at(29), 10).await.unwrap(), []);
    assert_eq!(ledger.due(at(30), 10).await.unwrap(), std::slice::from_ref(&key));
    // Somebody goes on with it: it is due when that lease has ended.
    claimed(&ledger, &key, "b", at(40)).await;
    assert_eq!(ledger.due(at(69), 10).await.unwrap(), []);
    assert_eq!(ledger.due(at(70), 10).await.unwrap(), [key]);
}

pub(crate) async fn what_has_ended_is_never_due(store: &Store) {
    let ledger = store.handle().await;
    for (event, state) in [("1", delivered("7")), ("2", rejected()), ("3", dead_letter())] {
        let key = key("d", event, "c");
        ended(&ledger, &key, at(0), retry(at(10))).await;
        ended(&ledger, &key, at(20), state).await;
    }
    assert_eq!(ledger.due(at(100_000), 10).await.unwrap(), []);
}

/// Nobody asked for a week: the event is no news any more. Until then it is kept, however long ago it was opened.
pub(crate) async fn what_is_due_for_a_week_has_expired(store: &Store) {
    let (ledger, key) = (store.handle().await, some_key());
    let (due, week) = (RECORD_LIFE.as_secs() + 1000, RECORD_LIFE.as_secs());
    ended(&ledger, &key, at(0), retry(at(due))).await;
    let waiting = Claim::Waiting { until: at(due) };
    assert_eq!(ledger.claim(&key, &brief("New"), "b", at(due), at(due - 1)).await.unwrap(), waiting);
    for (second, expected) in [(due, 1), (due + week - 1, 1), (due + week, 0)] {
        assert_eq!(ledger.due(at(second), 10).await.unwrap().len(), expected, "at {second}");
        assert_eq!(ledger.find(&key, at(second)).await.unwrap().iter().count(), expected);
    }
}

pub(crate) async fn what_is_due_has_its_own_name(store: &Store) {
    let ledger = store.handle().await;
    let long = "ü#".repeat(1365);
    let parts = ["a", "", "~", "delivery#0", "küche", "%61 +", "\u{0}\n", &long];
    let mut keys: Vec<DeliveryKey> = Vec::new();
    for part in parts {
        keys.extend([key(part, "e", "c"), key("d", part, "c"), key("d", "e", part)]);
    }
    for key in &keys {
        ended(&ledger, key, at(0), retry(at(1))).await;
    }
    let mut due = ledger.due(at(2), 100).await.unwrap();
    due.sort();
    keys.sort();
    assert_eq!(due, keys);
}
