//! Many runs, some of them at a time: they mostly wait.

use std::sync::Arc;

use campanile_core::outcome::OutcomeKind;
use jiff::Timestamp;
use tokio::task::JoinSet;

use crate::check::{self, AlertOn};
use crate::course;
use crate::dice::Dice;
use crate::evidence::{Delivery, Evidence};
use crate::history::History;
use crate::stage::Workshop;
use crate::store::Store;

/// Repeats one run.
const SEED: &str = "CAMPANILE_FAULT_SEED";

/// How many runs.
const RUNS: &str = "CAMPANILE_FAULT_RUNS";

/// Failures after which no further run starts.
const ENOUGH: usize = 5;

/// After so many runs the longer mode tells how far it is.
const STEP: usize = 1000;

/// What happened, to show that something did.
#[derive(Debug, Default)]
struct Sum {
    runs: usize,
    deliveries: usize,
    attempts: usize,
    failed: usize,
    without_answer: usize,
    /// Alerts of runs in which nothing is folded, counted on each channel.
    alerts: usize,
    /// Of those, the ones that were told before the function could know of anything newer.
    alerts_in_order: usize,
    alerts_tried: usize,
    alerts_overtaken: usize,
    alerts_outdated: usize,
}

/// What came of a run with this seed.
type Played = (u64, Result<Sum, String>);

/// Plays `runs` runs, `at_once` at a time, each on a store of its own.
pub(crate) async fn play(runs: u64, at_once: usize, store: impl AsyncFn() -> Store) {
    let workshop = Arc::new(Workshop::open().await);
    let mut seeds = seeds(runs);
    let (mut sum, mut failures, mut playing) = (Sum::default(), Vec::new(), JoinSet::new());
    loop {
        while playing.len() < at_once
            && failures.len() < ENOUGH
            && let Some(seed) = seeds.next()
        {
            playing.spawn(play_one(seed, Arc::clone(&workshop), store().await));
        }
        let Some(played) = playing.join_next().await else { break };
        match played.unwrap() {
            (_, Ok(one)) => {
                sum.add(&one);
                if sum.runs.is_multiple_of(STEP) {
                    eprintln!("{} runs are right", sum.runs);
                }
            }
            (seed, Err(wrong)) => {
                eprintln!("{SEED}={seed}: {wrong}");
                failures.push(seed);
            }
        }
    }
    println!("{sum:?}");
    assert!(failures.is_empty(), "failed with the seeds {failures:?}, see above; {SEED}=N repeats one");
    let is_one = std::env::var(SEED).is_ok();
    assert!(is_one || sum.without_answer > 0, "nothing went wrong, so nothing was shown");
}

fn seeds(runs: u64) -> impl Iterator<Item = u64> {
    let variable = |name: &str| std::env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    let runs = variable(RUNS).unwrap_or(runs);
    let from_clock = u64::try_from(Timestamp::now().as_second()).unwrap() * 100_000;
    let seeds = variable(SEED).map_or(from_clock..from_clock + runs, |seed| seed..seed + 1);
    println!("seeds {seeds:?}");
    seeds
}

async fn play_one(seed: u64, workshop: Arc<Workshop>, store: Store) -> Played {
    let run = tokio::spawn(async move {
        let mut dice = Dice::new(seed);
        let history = History::thrown(&mut dice, Timestamp::now());
        let stage = Arc::new(workshop.stage(store, history.is_wild, &mut dice).await);
        let handed = course::play(&stage, &history, &mut dice).await?;
        let evidence = Evidence::collect(&stage, &history, handed).await;
        let wrong = check::violations(&history, &evidence);
        if wrong.is_empty() {
            return Ok(Sum::of(&history, &evidence));
        }
        // The log of one run can be read.
        let log = if std::env::var(SEED).is_ok() { stage.function.log() } else { String::new() };
        Err(format!("{}\n{evidence}{log}", wrong.join("\n  ")))
    });
    (seed, run.await.unwrap_or_else(|error| Err(error.to_string())))
}

impl Sum {
    fn of(history: &History, evidence: &Evidence) -> Self {
        let alerts = || check::alerts(history).filter(|_| !history.is_wild);
        let alerts_that = |what: AlertOn| {
            alerts()
                .filter(|(alert, channel)| check::alert_on(history, evidence, alert, channel) == what)
                .count()
        };
        let outcomes = || evidence.deliveries.iter().flat_map(|delivery| &delivery.outcomes);
        Self {
            runs: 1,
            deliveries: evidence.deliveries.len(),
            attempts: outcomes().count(),
            failed: outcomes().filter(|outcome| **outcome != OutcomeKind::Delivered).count(),
            without_answer: evidence.deliveries.iter().map(Delivery::unknown).sum(),
            alerts: alerts().count(),
            alerts_in_order: alerts().filter(|(alert, _)| evidence.is_in_order(alert)).count(),
            alerts_tried: alerts_that(AlertOn::Tried),
            alerts_overtaken: alerts_that(AlertOn::Overtaken),
            alerts_outdated: alerts_that(AlertOn::Outdated),
        }
    }

    fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        self.deliveries += other.deliveries;
        self.attempts += other.attempts;
        self.failed += other.failed;
        self.without_answer += other.without_answer;
        self.alerts += other.alerts;
        self.alerts_in_order += other.alerts_in_order;
        self.alerts_tried += other.alerts_tried;
        self.alerts_overtaken += other.alerts_overtaken;
        self.alerts_outdated += other.alerts_outdated;
    }
}
