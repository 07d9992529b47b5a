//! What is kept of a delivery while somebody works on it.

use campanile_store::Ledger;
use jiff::Timestamp;

use crate::stores::Store;
use crate::support::{at, attempt, claimed, delivered, progress, retry, some_key};

pub(crate) async fn attempts_and_progress_are_kept_in_order(store: &Store) {
    let key = some_key();
    let mut made = Vec::new();
    for round in 0..3 {
        let ledger = store.handle().await;
        let now = at(i64::from(round) * 100);
        let record = claimed(&ledger, &key, &format!("owner {round}"), now).await;
        assert_eq!(record.attempts, made);
        for _ in 0..4 {
            let number = u32::try_from(made.len()).unwrap() + 1;
            made.push(attempt(number, &["asked", "answered"]));
            let attempt = made.last().unwrap().clone();
            let owner = format!("owner {round}");
            ledger.record(&key, &owner, attempt, progress(&number.to_string())).await.unwrap();
        }
        ledger.settle(&key, &format!("owner {round}"), retry(now)).await.unwrap();
    }
    let found = store.handle().await.find(&key, at(300)).await.unwrap().unwrap();
    assert_eq!((found.attempts, found.progress), (made, progress("12")));
}

/// A plugin logs up to 64 KiB in each attempt, and a table's item has up to 400 KB.
pub(crate) async fn many_long_logs_are_no_reason_to_lose_an_attempt(store: &Store) {
    let (ledger, key) = (store.handle().await, some_key());
    claimed(&ledger, &key, "a", at(0)).await;
    let line = "\"\u{1F514}".repeat(64 * 1024 / 5);
    for number in 1..=12 {
        ledger.record(&key, "a", attempt(number, &[&line]), progress("")).await.unwrap();
    }
    ledger.settle(&key, "a", delivered("7")).await.unwrap();
    let found = store.handle().await.find(&key, at(1)).await.unwrap().unwrap();
    assert_eq!(found.state, delivered("7"));
    let numbers: Vec<_> = found.attempts.iter().map(|attempt| attempt.number).collect();
    assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
    assert_eq!(found.attempts[11].guest_log, [line]);
    assert!(found.attempts.iter().all(|attempt| !attempt.guest_log.is_empty()), "a cut log says so");
}

pub(crate) async fn moments_are_exact(store: &Store) {
    let (ledger, key) = (store.handle().await, some_key());
    let moment = |nanosecond| Timestamp::new(at(0).as_second(), nanosecond).unwrap();
    claimed(&ledger, &key, "a", moment(123_456_789)).await;
    let mut made = attempt(1, &[]);
    made.started_at = moment(987_654_321);
    ledger.record(&key, "a", made.clone(), progress("")).await.unwrap();
    ledger.settle(&key, "a", retry(moment(999_999_999))).await.unwrap();
    let found = store.handle().await.find(&key, at(1)).await.unwrap().unwrap();
    assert_eq!(found.opened_at, moment(123_456_789));
    assert_eq!(found.state, retry(moment(999_999_999)));
    assert_eq!(found.attempts, [made]);
}
