//! Who may work on a delivery.

use campanile_core::ledger::{AttemptRecord, Claim, Progress, StateKind};
use campanile_core::outcome::OutcomeKind;
use campanile_store::{Ledger, StoreError};

use crate::briefs::brief;
use crate::stores::Store;
use crate::support::{at, attempt, claimed, dead_letter, delivered, progress, rejected, retry, some_key};

pub(crate) async fn a_new_delivery_is_granted_and_then_held(store: &Store) {
    let (one, other, key) = (store.handle().await, store.handle().await, some_key());
    let record = claimed(&one, &key, "a", at(0)).await;
    assert_eq!((record.opened_at, record.progress, record.attempts.len()), (at(0), Progress::default(), 0));
    let held = Claim::Held { until: at(30) };
    for second in [0, 29] {
        assert_eq!(
            other.claim(&key, &brief("Heating"), "b", at(second + 30), at(second)).await.unwrap(),
            held
        );
    }
}

pub(crate) async fn its_owner_may_claim_it_again(store: &Store) {
    let (ledger, key) = (store.handle().await, some_key());
    claimed(&ledger, &key, "a", at(0)).await;
    ledger.record(&key, "a", attempt(1, &[]), progress("2")).await.unwrap();
    let other = store.handle().await;
    let again = claimed(&other, &key, "a", at(10)).await;
    assert_eq!(
        (again.opened_at, again.progress, again.attempts.len()),
        (at(0), progress("2"), 2),
        "its own broke off"
    );
    assert_eq!(
        ledger.claim(&key, &brief("Heating"), "b", at(70), at(39)).await.unwrap(),
        Claim::Held { until: at(40) }
    );
}

pub(crate) async fn after_the_lease_somebody_else_takes_it_over_and_the_old_owner_writes_nothing(
    store: &Store,
) {
    let (old, new, key) = (store.handle().await, store.handle().await, some_key());
    claimed(&old, &key, "a", at(0)).await;
    old.record(&key, "a", attempt(1, &[]), progress("1")).await.unwrap();
    let taken = claimed(&new, &key, "b", at(30)).await;
    let outcomes: Vec<_> = taken.attempts.iter().map(|attempt| attempt.outcome).collect();
    assert_eq!((taken.opened_at, outcomes.len(), outcomes.last()), (at(0), 2, Some(&OutcomeKind::Unknown)));

    let late = old.record(&key, "a", attempt(2, &[]), progress("2")).await;
    assert!(matches!(late, Err(StoreError::NotOwner(refusal)) if refusal.key == key));
    let late = old.settle(&key, "a", rejected()).await;
    assert!(matches!(late, Err(StoreError::NotOwner(refusal)) if refusal.key == key));
    assert_eq!(new.find(&key, at(31)).await.unwrap(), Some(taken));
    new.settle(&key, "b", delivered("7")).await.unwrap();
    assert!(old.settle(&key, "a", delivered("7")).await.is_err(), "not even the same ending");
}

pub(crate) async fn an_old_owner_writes_as_long_as_nobody_took_over(store: &Store) {
    let (ledger, key) = (store.handle().await, some_key());
    claimed(&ledger, &key, "a", at(0)).await;
    // The lease has ended by any clock, but what was done is better known than lost.
    ledger.record(&key, "a", attempt(1, &[]), Progress::default()).await.unwrap();
    ledger.settle(&key, "a", delivered("7")).await.unwrap();
    assert!(matches!(
        ledger.claim(&key, &brief("Heating"), "b", at(99), at(60)).await.unwrap(),
        Claim::Ended(_)
    ));
}

pub(crate) async fn a_retry_is_granted_when_it_is_due(store: &Store) {
    let (ledger, key) = (store.handle().await, some_key());
    claimed(&ledger, &key, "a", at(0)).await;
    ledger.record(&key, "a", attempt(1, &[]), progress("2")).await.unwrap();
    ledger.settle(&key, "a", retry(at(100))).await.unwrap();
    let other = store.handle().await;
    let waiting = Claim::Waiting { until: at(100) };
    assert_eq!(other.claim(&key, &brief("Heating"), "b", at(129), at(99)).await.unwrap(), waiting);
    assert!(ledger.settle(&key, "a", rejected()).await.is_err(), "a retry is nobody's");
    let again = claimed(&other, &key, "b", at(100)).await;
    assert_eq!((again.progress, again.attempts.len()), (progress("2"), 1));
}

pub(crate) async fn what_has_ended_stays_ended(store: &Store) {
    let ledger = store.handle().await;
    for (event, state) in [("1", delivered("7")), ("2", rejected()), ("3", dead_letter())] {
        let key = crate::support::key("d", event, "family");
        claimed(&ledger, &key, "a", at(0)).await;
        ledger.settle(&key, "a", state.clone()).await.unwrap();
        for owner in ["a", "b"] {
            let Claim::Ended(record) =
                ledger.claim(&key, &brief("Heating"), owner, at(99), at(60)).await.unwrap()
            else {
                panic!("{key} has ended");
            };
            assert_eq!(record.state, state);
            let late = ledger.record(&key, owner, attempt(1, &[]), Progress::default()).await;
            assert!(matches!(late, Err(StoreError::NotOwner(_))));
            assert!(ledger.settle(&key, owner, retry(at(0))).await.is_err());
        }
        assert_eq!(ledger.find(&key, at(60)).await.unwrap().unwrap().state, state);
    }
}

pub(crate) async fn what_was_delivered_before_its_invocation_broke_off_ends_with_the_next_claim(
    store: &Store,
) {
    let ledger = store.handle().await;
    for (event, owner) in [("1", "a"), ("2", "b")] {
        let key = crate::support::key("d", event, "family");
        claimed(&ledger, &key, "a", at(0)).await;
        let made = AttemptRecord { outcome: OutcomeKind::Delivered, ..attempt(1, &[]) };
        ledger.record(&key, "a", made, Progress::default()).await.unwrap();
        let Claim::Concluded(concluded) =
            ledger.claim(&key, &brief("Heating"), owner, at(60), at(30)).await.unwrap()
        else {
            panic!("{key} was delivered");
        };
        assert_eq!((concluded.state.kind(), concluded.attempts.len()), (StateKind::Delivered, 1));
        let other = store.handle().await;
        assert_eq!(other.find(&key, at(31)).await.unwrap().as_ref(), Some(&concluded));
        assert_eq!(
            other.claim(&key, &brief("Heating"), "c", at(99), at(61)).await.unwrap(),
            Claim::Ended(concluded)
        );
        let late = ledger.settle(&key, "a", delivered("7")).await;
        assert!(matches!(late, Err(StoreError::NotOwner(_))), "the receipt comes too late");
    }
}

pub(crate) async fn nobody_writes_to_what_was_never_claimed(store: &Store) {
    let (ledger, key) = (store.handle().await, some_key());
    assert_eq!(ledger.find(&key, at(0)).await.unwrap(), None);
    let unclaimed = ledger.record(&key, "a", attempt(1, &[]), Progress::default()).await;
    assert!(matches!(unclaimed, Err(StoreError::NotOwner(_))));
    assert!(matches!(ledger.settle(&key, "a", rejected()).await, Err(StoreError::NotOwner(_))));
    assert_eq!(ledger.find(&key, at(0)).await.unwrap(), None);
}

pub(crate) async fn what_is_found_is_what_was_granted(store: &Store) {
    let (ledger, key) = (store.handle().await, some_key());
    let granted = claimed(&ledger, &key, "a", at(0)).await;
    assert_eq!(store.handle().await.find(&key, at(0)).await.unwrap(), Some(granted));
}
