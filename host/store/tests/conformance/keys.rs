//! Devices choose their events' ids, and operators their channels' names: no key is mistaken for another.

use std::collections::BTreeSet;

use campanile_core::ledger::DeliveryKey;
use campanile_store::{Filter, Ledger};

use crate::stores::Store;
use crate::support::{at, claimed, ended, key, rejected};

pub(crate) async fn hostile_keys_are_told_apart(store: &Store) {
    let parts = ["a", "a:b", "a#b", "evt#a", "", "küche", "K\u{fc}CHE", "%61", "' OR 1=1 --", "~", "\u{0}\n"];
    all_apart(store, &parts).await;
}

pub(crate) async fn long_keys_are_told_apart(store: &Store) {
    let long = |end: &str| format!("{}{end}", "ü#".repeat(1365));
    let (one, other, whole) = (long("x"), long("y"), "z".repeat(4096));
    all_apart(store, &[&one, &other, &whole, &whole[1..]]).await;
}

/// Every device with every event, on a channel that is called like either.
async fn all_apart(store: &Store, parts: &[&str]) {
    let ledger = store.handle().await;
    let mut keys = BTreeSet::new();
    for (index, device) in parts.iter().enumerate() {
        for event in parts {
            keys.insert(key(device, event, "c"));
            keys.insert(key("d", event, device));
        }
        // Each is new, however alike they are.
        let new: Vec<DeliveryKey> = keys.iter().cloned().collect();
        for key in new {
            if ledger.find(&key, at(0)).await.unwrap().is_none() {
                claimed(&ledger, &key, &format!("{key}"), at(0)).await;
            }
        }
        assert!(index > 0 || keys.len() >= parts.len());
    }
    let page = ledger.list(&Filter::default(), at(0), None, 500).await.unwrap();
    assert_eq!(page.entries.into_iter().map(|entry| entry.key).collect::<BTreeSet<_>>(), keys);
    for key in &keys {
        ledger.settle(key, &format!("{key}"), rejected()).await.unwrap();
    }
    let filter = Filter { device: Some(parts[0].to_owned()), status: None };
    let page = ledger.list(&filter, at(0), None, 500).await.unwrap();
    assert!(page.entries.iter().all(|entry| entry.key.device == parts[0]));
    assert_eq!(page.entries.len(), keys.iter().filter(|key| key.device == parts[0]).count());
    ended(&ledger, &key("new", "new", "new"), at(1), rejected()).await;
}
