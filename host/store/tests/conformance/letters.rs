//! Events that went no further.

use campanile_store::{Ledger, Letter};

use crate::stores::Store;
use crate::support::at;

fn letter(second: i64, reason: &str) -> Letter {
    Letter {
        at: at(second),
        event: Some(format!("event {second}")),
        reason: reason.to_owned(),
        payload: "{}".into(),
    }
}

pub(crate) async fn letters_are_kept_newest_first(store: &Store) {
    let ledger = store.handle().await;
    assert!(ledger.letters(None, 10).await.unwrap().entries.is_empty());
    for second in [20, 10, 30] {
        ledger.bury(letter(second, "no status")).await.unwrap();
    }
    let page = store.handle().await.letters(None, 10).await.unwrap();
    assert_eq!(page.entries, [30, 20, 10].map(|second| letter(second, "no status")));
    assert_eq!(page.next, None);
}

pub(crate) async fn pages_of_letters_join(store: &Store) {
    let ledger = store.handle().await;
    for number in 0..25 {
        // Some have the same moment.
        ledger.bury(letter(number / 3, &number.to_string())).await.unwrap();
    }
    let (mut reasons, mut moments, mut after) = (Vec::new(), Vec::new(), None);
    loop {
        let page = ledger.letters(after, 4).await.unwrap();
        reasons.extend(page.entries.iter().map(|letter| letter.reason.parse::<i64>().unwrap()));
        moments.extend(page.entries.iter().map(|letter| letter.at));
        let Some(next) = page.next else { break };
        after = Some(next.to_string().parse().unwrap());
    }
    assert!(moments.is_sorted_by(|one, other| one >= other));
    reasons.sort_unstable();
    assert_eq!(reasons, (0..25).collect::<Vec<_>>());
}

pub(crate) async fn a_letter_may_be_large_and_strange(store: &Store) {
    let ledger = store.handle().await;
    let payload = "\u{1}\"\\ü".repeat(128 * 1024 / 5);
    let strange = Letter { at: at(0), event: None, reason: "not JSON".into(), payload };
    ledger.bury(strange.clone()).await.unwrap();
    assert_eq!(ledger.letters(None, 1).await.unwrap().entries, [strange]);
}
