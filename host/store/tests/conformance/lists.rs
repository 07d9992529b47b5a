//! Lists of deliveries.

use campanile_core::ledger::StateKind;
use campanile_store::{AnyLedger, Cursor, Entry, Filter, Ledger};

use crate::stores::Store;
use crate::support::{
    at, attempt, claimed, dead_letter, delivered, ended, key, progress, rejected, retry, some_key,
};

/// Every page of a list, joined.
async fn all(ledger: &AnyLedger, filter: &Filter, limit: usize) -> Vec<Entry> {
    let (mut entries, mut after) = (Vec::new(), None);
    loop {
        let page = ledger.list(filter, at(1000), after, limit).await.unwrap();
        assert!(page.entries.len() <= limit);
        entries.extend(page.entries);
        // As text and back, which is how it comes from a browser.
        let Some(next) = page.next else { return entries };
        after = Some(next.to_string().parse::<Cursor>().unwrap());
    }
}

fn events(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.key.event.as_str()).collect()
}

pub(crate) async fn newest_first(store: &Store) {
    let ledger = store.handle().await;
    for (event, second) in [("b", 20), ("a", 10), ("d", 40), ("c", 30)] {
        ended(&ledger, &key("d", event, "c"), at(second), rejected()).await;
    }
    // What happens to it later does not move it.
    claimed(&ledger, &key("d", "e", "c"), "a", at(5)).await;
    ledger.settle(&key("d", "e", "c"), "a", retry(at(50))).await.unwrap();
    claimed(&ledger, &key("d", "e", "c"), "b", at(60)).await;
    let page = ledger.list(&Filter::default(), at(100), None, 10).await.unwrap();
    assert_eq!(events(&page.entries), ["d", "c", "b", "a", "e"]);
    assert_eq!(page.next, None);
}

pub(crate) async fn a_filter_is_by_device_and_status(store: &Store) {
    let ledger = store.handle().await;
    let states = [Some(delivered("7")), Some(retry(at(50))), Some(rejected()), Some(dead_letter()), None];
    for (second, device) in ["x", "y"].into_iter().enumerate() {
        for (index, state) in states.iter().enumerate() {
            let key = key(device, &index.to_string(), "c");
            let now = at(i64::try_from(second * 10 + index).unwrap());
            claimed(&ledger, &key, "a", now).await;
            if let Some(state) = state {
                ledger.settle(&key, "a", state.clone()).await.unwrap();
            }
        }
    }
    let device = |name: &str| Some(name.to_owned());
    let of_x = all(&ledger, &Filter { device: device("x"), status: None }, 2).await;
    assert_eq!(events(&of_x), ["4", "3", "2", "1", "0"]);
    for (index, status) in [
        (0, StateKind::Delivered),
        (1, StateKind::Retry),
        (2, StateKind::Rejected),
        (3, StateKind::DeadLetter),
        (4, StateKind::Claimed),
    ] {
        let both = all(&ledger, &Filter { device: None, status: Some(status) }, 1).await;
        assert_eq!(events(&both), [index.to_string(), index.to_string()]);
        assert_eq!([&*both[0].key.device, &*both[1].key.device], ["y", "x"]);
        let one = all(&ledger, &Filter { device: device("x"), status: Some(status) }, 1).await;
        assert_eq!(events(&one), [index.to_string()]);
        assert_eq!(one[0].record.state.kind(), status);
    }
    assert!(all(&ledger, &Filter { device: device("z"), status: None }, 1).await.is_empty());
}

pub(crate) async fn pages_join_without_a_gap_whatever_comes_in_between(store: &Store) {
    let ledger = store.handle().await;
    for event in 0..7 {
        ended(&ledger, &key("d", &event.to_string(), "c"), at(event), rejected()).await;
    }
    let first = ledger.list(&Filter::default(), at(100), None, 3).await.unwrap();
    assert_eq!(events(&first.entries), ["6", "5", "4"]);
    ended(&ledger, &key("d", "new", "c"), at(50), rejected()).await;
    let second = ledger.list(&Filter::default(), at(100), first.next, 3).await.unwrap();
    assert_eq!(events(&second.entries), ["3", "2", "1"]);
    let third = ledger.list(&Filter::default(), at(100), second.next, 3).await.unwrap();
    assert_eq!((events(&third.entries), third.next), (vec!["0"], None));
    // A page that is just full is the last one.
    let all = ledger.list(&Filter::default(), at(100), None, 8).await.unwrap();
    assert_eq!((all.entries.len(), all.next), (8, None));
}

pub(crate) async fn of_one_moment_all_are_listed_once(store: &Store) {
    let ledger = store.handle().await;
    let mut expected = Vec::new();
    for event in ["a", "b", "z", "Z", "ü", "10", "9"] {
        ended(&ledger, &key("d", event, "c"), at(0), rejected()).await;
        expected.push(key("d", event, "c"));
    }
    expected.sort_by_key(|key| std::cmp::Reverse(key.to_string()));
    let listed: Vec<_> =
        all(&ledger, &Filter::default(), 2).await.into_iter().map(|entry| entry.key).collect();
    assert_eq!(listed, expected);
}

pub(crate) async fn an_entry_is_the_whole_record(store: &Store) {
    let (ledger, key) = (store.handle().await, some_key());
    claimed(&ledger, &key, "a", at(0)).await;
    ledger.record(&key, "a", attempt(1, &["asked"]), progress("2")).await.unwrap();
    ledger.record(&key, "a", attempt(2, &["asked"]), progress("3")).await.unwrap();
    let page = ledger.list(&Filter::default(), at(1), None, 0).await.unwrap();
    let record = ledger.find(&key, at(1)).await.unwrap().unwrap();
    assert_eq!(record.attempts.len(), 2);
    assert_eq!(page.entries, [Entry { key, record }]);
}
