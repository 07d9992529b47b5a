//! Two workers and one delivery, many times over.

use std::sync::Arc;

use campanile_core::ledger::{Claim, DeliveryKey};
use campanile_store::{AnyLedger, Ledger};
use jiff::Timestamp;

use crate::briefs::brief;
use crate::child::Other;
use crate::stores::Store;
use crate::support::{at, claimed, key, retry};

const ROUNDS: i64 = 200;

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
