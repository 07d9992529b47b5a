//! Two workers and one delivery, many times over.

use std::sync::Arc;

use campanile_core::ledger::{Claim, DeliveryKey};
use campanile_store::{AnyLedger, Ledger};
use jiff::Timestamp;

use crate::briefs::brief;
use crate::child::Other;
use crate::stores::Store;
use crate::support::{at, claimed, key, retry};

pub(crate) const ROUNDS: i64 = 200;

async fn granted(ledger: Arc<AnyLedger>, key: DeliveryKey, owner: &'static str, now: Timestamp) -> bool {
    let until = now.checked_add(jiff::SignedDuration::from_secs(30)).unwrap();
    match ledger.claim(&key, &brief("Heating"), owner, until, now).await.unwrap() {
        Claim::Granted(_) => true,
        Claim::Held { until: held } => {
            assert_eq!(held, until);
            false
        }
        other => panic!("{key} is neither free nor held: {other:?}"),
    }
}

pub(crate) async fn of_two_workers_one_gets_the_delivery(store: &Store) {
    let (one, other) = (store.handle().await, store.handle().await);
    for round in 0..ROUNDS {
        let key = key("d", &round.to_string(), "c");
        // By turns it is new, its lease has ended, and it is due again.
        if round % 3 > 0 {
            claimed(&one, &key, "c", at(0)).await;
        }
        if round % 3 == 2 {
            one.settle(&key, "c", retry(at(60))).await.unwrap();
        }
        let claim = |ledger: &Arc<AnyLedger>, owner| {
            tokio::spawn(granted(Arc::clone(ledger), key.clone(), owner, at(60)))
        };
        let (first, second) = tokio::join!(claim(&one, "a"), claim(&other, "b"));
        let (first, second) = (first.unwrap(), second.unwrap());
        assert!(first != second, "round {round}: granted to {}", if first { "both" } else { "nobody" });
        let (winner, loser) = if first { ("a", "b") } else { ("b", "a") };
        assert!(one.settle(&key, loser, retry(at(99))).await.is_err());
        other.settle(&key, winner, retry(at(99))).await.unwrap();
    }
}

/// One handle, and work that a store may do together: each is done or refused on its own.
pub(crate) async fn of_many_at_once_each_is_whole(store: &Store) {
    let ledger = store.handle().await;
    let claims = (0..100).map(|number| {
        let (ledger, key) = (Arc::clone(&ledger), key("d", &(number / 2).to_string(), "c"));
        tokio::spawn(async move {
            let owner = if number % 2 == 0 { "a" } else { "b" };
            let claim = ledger.claim(&key, &brief("Heating"), owner, at(30), at(0)).await.unwrap();
            let is_granted = matches!(claim, Claim::Granted(_));
            let settled = ledger.settle(&key, owner, retry(at(99))).await;
            assert_eq!(settled.is_ok(), is_granted, "{key} of {owner}: {settled:?}");
            is_granted
        })
    });
    let mut won = 0;
    for claim in claims.collect::<Vec<_>>() {
        won += usize::from(claim.await.unwrap());
    }
    assert_eq!((won, ledger.due(at(99), 500).await.unwrap().len()), (50, 50));
}

pub(crate) async fn of_two_processes_one_gets_the_delivery(store: &Store) {
    // What is in memory is in one process.
    let Some(address) = store.address() else { return };
    let mut others = ["a", "b"].map(|owner| (owner, Other::start("claim", &address)));
    let mut won = [0, 0];
    for round in 0..ROUNDS {
        for (owner, other) in &mut others {
            other.tell(&format!("{owner} {round}"));
        }
        let answers = others.each_mut().map(|(_, other)| other.hear().unwrap());
        let winners: Vec<_> = (0..2).filter(|index| answers[*index] == "granted").collect();
        assert_eq!(winners.len(), 1, "round {round}: {answers:?}");
        won[winners[0]] += 1;
    }
    eprintln!("{ROUNDS} rounds were won {} to {}", won[0], won[1]);
}
