//! Two that write one state, many times over.

use std::sync::Arc;

use campanile_store::{AnyLedger, StateKey, States, Version};

use crate::child::Other;
use crate::races::ROUNDS;
use crate::states::written;
use crate::stores::Store;
use crate::support::{device, state};

async fn wins(states: Arc<AnyLedger>, key: StateKey, seen: Option<Version>, text: &'static str) -> bool {
    states.replace(&key, seen.as_ref(), state(text)).await.unwrap().is_some()
}

pub(crate) async fn of_two_writers_one_wins(store: &Store) {
    let (one, other) = (store.handle().await, store.handle().await);
    let mut won = [0, 0];
    for round in 0..ROUNDS {
        let key = device(&round.to_string());
        // By turns it is new, and there already.
        let seen = if round % 2 == 0 { None } else { Some(written(&one, &key, None, state("old")).await) };
        let write = |states: &Arc<AnyLedger>, text| {
            tokio::spawn(wins(Arc::clone(states), key.clone(), seen.clone(), text))
        };
        let (first, second) = tokio::join!(write(&one, "a"), write(&other, "b"));
        let (first, second) = (first.unwrap(), second.unwrap());
        assert!(first != second, "round {round}: won by {}", if first { "both" } else { "nobody" });
        let winner = if first { "a" } else { "b" };
        assert_eq!(one.load(&key).await.unwrap().unwrap().state, winner);
        won[usize::from(second)] += 1;
    }
    eprintln!("{ROUNDS} rounds were won {} to {}", won[0], won[1]);
}

pub(crate) async fn of_two_processes_one_makes_the_state(store: &Store) {
    let Some(address) = store.address() else { return };
    let mut others = ["a", "b"].map(|owner| (owner, Other::start("make", &address)));
    let states = store.handle().await;
    for round in 0..ROUNDS {
        for (owner, other) in &mut others {
            other.tell(&format!("{owner} {round}"));
        }
        let answers = others.each_mut().map(|(_, other)| other.hear().unwrap());
        let winners: Vec<_> = (0..2).filter(|index| answers[*index] == "made").collect();
        assert_eq!(winners.len(), 1, "round {round}: {answers:?}");
        let kept = states.load(&device(&round.to_string())).await.unwrap().unwrap();
        assert_eq!(kept.state, others[winners[0]].0);
    }
}

/// Each adds one to the same state as often: nothing that was added is missing.
pub(crate) async fn what_two_processes_add_is_not_lost(store: &Store) {
    let Some(address) = store.address() else { return };
    let mut others = [(), ()].map(|()| Other::start("add", &address));
    for other in &mut others {
        other.tell(&ROUNDS.to_string());
    }
    let lost: u64 = others.iter_mut().map(|other| other.hear().unwrap().parse::<u64>().unwrap()).sum();
    let kept = store.handle().await.load(&device("sum")).await.unwrap().unwrap();
    assert_eq!(kept.state, (2 * ROUNDS).to_string());
    eprintln!("{} were added; {lost} writes met the other's", 2 * ROUNDS);
}
