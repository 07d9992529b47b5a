//! What has ended without success may be tried again.

use std::sync::Arc;

use campanile_core::ledger::{Claim, RECORD_LIFE};
use campanile_core::notification::Presentation;
use campanile_store::{AnyLedger, Ledger};

use crate::briefs::brief;
use crate::races::ROUNDS;
use crate::stores::Store;
use crate::support::{
    at, attempt, claimed, dead_letter, delivered, ended, key, progress, rejected, retry, some_key,
};

pub(crate) async fn only_what_has_ended_without_success_is_reopened(store: &Store) {
    let ledger = store.handle().await;
    assert!(!ledger.reopen(&some_key(), at(0)).await.unwrap(), "it was never there");
    let held = key("d", "held", "c");
    claimed(&ledger, &held, "a", at(0)).await;
    assert!(!ledger.reopen(&held, at(40)).await.unwrap());
    for (event, state, expected) in [
        ("1", delivered("7"), false),
        ("2", retry(at(5)), false),
        ("3", rejected(), true),
        ("4", dead_letter(), true),
    ] {
        let key = key("d", event, "c");
        ended(&ledger, &key, at(0), state.clone()).await;
        let (other, late) = (store.handle().await, at(RECORD_LIFE.as_secs() + 5));
        if expected {
            assert!(!other.reopen(&key, late).await.unwrap(), "it has expired");
        }
        assert_eq!(other.reopen(&key, at(40)).await.unwrap(), expected);
        let expected = if expected { retry(at(40)) } else { state };
        assert_eq!(ledger.find(&key, at(41)).await.unwrap().unwrap().state, expected);
        assert!(!ledger.reopen(&key, at(41)).await.unwrap(), "it is open");
    }
}

pub(crate) async fn what_is_reopened_starts_as_if_nothing_had_been_tried(store: &Store) {
    let (ledger, key) = (store.handle().await, some_key());
    claimed(&ledger, &key, "a", at(0)).await;
    for number in 1..=2 {
        ledger.record(&key, "a", attempt(number, &["asked"]), progress("2")).await.unwrap();
    }
    ledger.settle(&key, "a", dead_letter()).await.unwrap();
    assert_eq!(ledger.due(at(50), 10).await.unwrap(), []);
    assert!(ledger.reopen(&key, at(50)).await.unwrap());
    assert_eq!(ledger.due(at(49), 10).await.unwrap(), []);
    assert_eq!(ledger.due(at(50), 10).await.unwrap(), std::slice::from_ref(&key));

    let other = store.handle().await;
    let again = claimed(&other, &key, "b", at(50)).await;
    assert_eq!((again.attempts.len(), again.counted_from), (2, 2));
    assert_eq!((again.progress.presentation, &*again.progress.resume), (Presentation::Rich, "2"));
    assert_eq!((again.opened_at, again.brief), (at(0), brief("Heating")));
    other.record(&key, "b", attempt(3, &[]), progress("")).await.unwrap();
    other.settle(&key, "b", dead_letter()).await.unwrap();
    assert!(ledger.reopen(&key, at(60)).await.unwrap(), "and once more");
    let found = ledger.find(&key, at(61)).await.unwrap().unwrap();
    assert_eq!((found.attempts.len(), found.counted_from), (3, 3));
}

/// Whoever claims it meanwhile is told that it has ended, or gets the reopened one; nothing in between.
pub(crate) async fn of_two_that_reopen_one_does_whoever_claims_it_meanwhile(store: &Store) {
    let (one, other) = (store.handle().await, store.handle().await);
    for round in 0..ROUNDS {
        let key = key("d", &round.to_string(), "c");
        ended(&one, &key, at(0), dead_letter()).await;
        let reopen = |ledger: &Arc<AnyLedger>| {
            let (ledger, key) = (Arc::clone(ledger), key.clone());
            tokio::spawn(async move { ledger.reopen(&key, at(10)).await.unwrap() })
        };
        let claim = async { other.claim(&key, &brief("New"), "b", at(40), at(10)).await.unwrap() };
        let (first, second, claim) = tokio::join!(reopen(&one), reopen(&other), claim);
        assert!(first.unwrap() != second.unwrap(), "round {round}");
        match claim {
            Claim::Granted(record) => assert_eq!(record.brief, brief("Heating")),
            Claim::Ended(record) => {
                assert_eq!(record.state, dead_letter());
                claimed(&one, &key, "b", at(10)).await;
            }
            claim => panic!("round {round}: {claim:?}"),
        }
        one.settle(&key, "b", delivered("7")).await.unwrap();
    }
}
