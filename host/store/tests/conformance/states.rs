//! What is known of devices and groups.

use std::collections::BTreeSet;

use campanile_store::{AnyLedger, Cursor, KeptState, NewState, StateKey, States, Version};
use jiff::Timestamp;

use crate::stores::Store;
use crate::support::{at, device, group, state};

/// Writes, which must succeed.
pub(crate) async fn written(
    states: &AnyLedger,
    key: &StateKey,
    seen: Option<&Version>,
    new: NewState<'_>,
) -> Version {
    states.replace(key, seen, new).await.unwrap().unwrap_or_else(|| panic!("{key} was not written"))
}

async fn due(states: &AnyLedger, now: Timestamp, limit: usize) -> Vec<StateKey> {
    states.due_states(now, limit).await.unwrap()
}

pub(crate) async fn a_state_is_made_and_replaced(store: &Store) {
    let (one, other) = (store.handle().await, store.handle().await);
    for key in [device("home-heating"), group("storm", "2nd floor")] {
        assert_eq!(one.load(&key).await.unwrap(), None);
        let first = written(&one, &key, None, state("{\"n\":1}")).await;
        let kept = other.load(&key).await.unwrap();
        assert_eq!(kept, Some(KeptState { state: "{\"n\":1}".into(), version: first.clone() }));
        let second = written(&other, &key, Some(&first), state("{\"n\":2}")).await;
        assert_ne!(first, second);
        let kept = one.load(&key).await.unwrap();
        assert_eq!(kept, Some(KeptState { state: "{\"n\":2}".into(), version: second }));
    }
}

pub(crate) async fn who_builds_on_what_is_no_more_writes_nothing(store: &Store) {
    let (one, other) = (store.handle().await, store.handle().await);
    let (key, absent) = (device("d"), device("absent"));
    let first = written(&one, &key, None, state("1")).await;
    assert_eq!(other.replace(&key, None, state("x")).await.unwrap(), None, "it is there already");
    assert_eq!(other.replace(&absent, Some(&first), state("x")).await.unwrap(), None, "it is not there");
    let second = written(&one, &key, Some(&first), state("1")).await;
    assert_eq!(
        other.replace(&key, Some(&first), state("x")).await.unwrap(),
        None,
        "the same text, another write"
    );
    assert_eq!(other.load(&key).await.unwrap().unwrap().state, "1");
    assert_eq!(other.load(&absent).await.unwrap(), None);
    written(&other, &key, Some(&second), state("2")).await;
}

pub(crate) async fn states_that_are_due_come_earliest_first(store: &Store) {
    let states = store.handle().await;
    let mut expected = Vec::new();
    for (index, second) in [40, 10, 50, 20, 60, 30].into_iter().enumerate() {
        let name = second.to_string();
        let key = if index % 2 == 0 { device(&name) } else { group("storm", &name) };
        let new = NewState { due: Some(at(second)), expires_at: Some(at(5)), ..state("{}") };
        written(&states, &key, None, new).await;
        expected.push((second, key));
    }
    written(&states, &device("quiet"), None, state("{}")).await;
    expected.sort();
    let expected: Vec<_> = expected.into_iter().map(|(_, key)| key).collect();
    let other = store.handle().await;
    assert_eq!(due(&other, at(9), 10).await, []);
    for (second, count) in [(10, 1), (19, 1), (50, 5), (1_000_000, 6)] {
        assert_eq!(due(&other, at(second), 10).await, expected[..count]);
        assert_eq!(due(&other, at(second), 2).await, expected[..count.min(2)]);
    }
    // What was done is due later, or not any more.
    for (key, later) in [(&expected[0], Some(at(70))), (&expected[1], None)] {
        let seen = states.load(key).await.unwrap().unwrap().version;
        written(&states, key, Some(&seen), NewState { due: later, ..state("{}") }).await;
    }
    assert_eq!(due(&other, at(69), 10).await, expected[2..]);
    assert_eq!(due(&other, at(70), 10).await.last(), Some(&expected[0]));
}

/// Deliveries are found by the same index; neither meets the other's.
pub(crate) async fn states_and_deliveries_are_due_apart(store: &Store) {
    use campanile_store::Ledger;
    let (states, key) = (store.handle().await, crate::support::some_key());
    crate::support::claimed(&states, &key, "a", at(0)).await;
    written(&states, &device("d"), None, NewState { due: Some(at(1)), ..state("{}") }).await;
    assert_eq!(due(&states, at(50), 10).await, [device("d")]);
    assert_eq!(states.due(at(50), 10).await.unwrap(), [key]);
}

pub(crate) async fn hostile_names_are_told_apart(store: &Store) {
    let states = store.handle().await;
    let long = |end: &str| format!("{}{end}", "ü#".repeat(1365));
    let (one, other) = (long("x"), long("y"));
    let parts =
        ["a", "", "a#b", "dev#a", "~", "küche", "K\u{fc}CHE", "%61", "' OR 1=1 --", "\u{0}\n", &one, &other];
    let devices = parts.iter().map(|name| device(name));
    let groups = parts.iter().flat_map(|route| parts.iter().map(|name| group(route, name)));
    let keys: BTreeSet<_> = devices.chain(groups).collect();
    for key in &keys {
        written(&states, key, None, NewState { due: Some(at(1)), ..state(&format!("{key}")) }).await;
    }
    for key in &keys {
        assert_eq!(states.load(key).await.unwrap().unwrap().state, format!("{key}"));
    }
    assert_eq!(due(&states, at(1), 500).await.into_iter().collect::<BTreeSet<_>>(), keys);
    let page = states.devices(None, 100).await.unwrap();
    let mut names: Vec<_> = parts.to_vec();
    names.sort_unstable();
    assert_eq!(page.entries.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), names);
}

pub(crate) async fn a_state_may_be_large_and_strange(store: &Store) {
    let states = store.handle().await;
    let mut seen = None;
    for text in ["\u{1}\"\\ü".repeat(300 * 1024 / 5), "x".repeat(350 * 1024), String::new()] {
        seen = Some(written(&states, &device("d"), seen.as_ref(), state(&text)).await);
        assert_eq!(store.handle().await.load(&device("d")).await.unwrap().unwrap().state, text);
    }
}

pub(crate) async fn pages_of_devices_join(store: &Store) {
    let states = store.handle().await;
    assert_eq!(states.devices(None, 10).await.unwrap().entries, []);
    let mut expected = BTreeSet::new();
    for number in [3, 1, 10, 7, 5, 2, 6] {
        let name = format!("device {number}");
        written(&states, &device(&name), None, state(&name)).await;
        expected.insert(name);
    }
    written(&states, &group("storm", "device 4"), None, state("a group")).await;
    let (mut listed, mut after) = (BTreeSet::new(), None);
    loop {
        let page = states.devices(after, 3).await.unwrap();
        assert!(page.entries.len() <= 3);
        for (name, kept) in page.entries {
            assert_eq!(states.load(&device(&name)).await.unwrap(), Some(kept));
            assert!(listed.last().is_none_or(|last| *last < name), "{name} is behind {listed:?}");
            listed.insert(name);
        }
        // What comes in before the place is not seen, and nothing is seen twice.
        if listed.len() == 3 {
            written(&states, &device("device 0"), None, state("late")).await;
        }
        let Some(next) = page.next else { break };
        after = Some(next.to_string().parse::<Cursor>().unwrap());
    }
    assert_eq!(listed, expected);
}
