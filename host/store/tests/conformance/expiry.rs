//! How long a record counts. The clock is the caller's, so no test waits for a week.

use campanile_core::ledger::{Claim, RECORD_LIFE};
use campanile_store::{Filter, Ledger};

use crate::briefs::brief;
use crate::stores::Store;
use crate::support::{at, attempt, claimed, days, delivered, ended, key, progress, some_key};

/// The last second of a record that was opened at the start.
fn last() -> i64 {
    RECORD_LIFE.as_secs() - 1
}

pub(crate) async fn an_expired_record_is_absent(store: &Store) {
    assert_eq!(RECORD_LIFE, days(7));
    let (ledger, key) = (store.handle().await, some_key());
    ended(&ledger, &key, at(0), delivered("7")).await;
    for (second, expected) in [(last(), 1), (last() + 1, 0)] {
        let now = at(second);
        assert_eq!(ledger.find(&key, now).await.unwrap().iter().count(), expected);
        let page = ledger.list(&Filter::default(), now, None, 10).await.unwrap();
        assert_eq!(page.entries.len(), expected);
    }
}

pub(crate) async fn an_expired_record_is_claimed_anew(store: &Store) {
    let (ledger, key) = (store.handle().await, some_key());
    claimed(&ledger, &key, "a", at(0)).await;
    ledger.record(&key, "a", attempt(1, &["old"]), progress("old")).await.unwrap();
    ledger.settle(&key, "a", delivered("7")).await.unwrap();
    assert!(matches!(
        ledger.claim(&key, &brief("Heating"), "b", at(last() + 30), at(last())).await.unwrap(),
        Claim::Ended(_)
    ));
    let anew = claimed(&ledger, &key, "b", at(last() + 1)).await;
    assert_eq!((anew.opened_at, anew.attempts.len()), (at(last() + 1), 0));
    ledger.record(&key, "b", attempt(1, &["new"]), progress("")).await.unwrap();
    let found = store.handle().await.find(&key, at(last() + 2)).await.unwrap().unwrap();
    assert_eq!((found.opened_at, found.attempts), (anew.opened_at, vec![attempt(1, &["new"])]));
}

/// Others expire while it is worked on; the store may delete those, but not this one.
pub(crate) async fn a_lease_outlives_the_record(store: &Store) {
    let (ledger, held) = (store.handle().await, some_key());
    claimed(&ledger, &held, "a", at(0)).await;
    let until = at(last() + 10);
    assert!(matches!(
        ledger.claim(&held, &brief("Heating"), "a", until, at(last() - 5)).await.unwrap(),
        Claim::Granted(_)
    ));
    for event in 0..5 {
        claimed(&ledger, &key("d", &event.to_string(), "c"), "a", at(last() + 5)).await;
    }
    let claim = ledger.claim(&held, &brief("Heating"), "b", at(last() + 40), at(last() + 9)).await.unwrap();
    assert_eq!(claim, Claim::Held { until });
    ledger.settle(&held, "a", delivered("7")).await.unwrap();
}
