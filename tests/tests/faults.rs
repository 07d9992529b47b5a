//! What must hold whatever goes wrong: the deployed binary on SQLite, killed at random moments, its events repeated and out of
//! order, several processes at once, providers that fail.
//!
//! Each run prints its seed; `CAMPANILE_FAULT_SEED=N` repeats one, `CAMPANILE_FAULT_RUNS=N` makes more of them.
#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that can not go on has failed"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use campanile_core::ledger::{DeliveryKey, Record, StateKind};
use campanile_core::outcome::OutcomeKind;
use campanile_local::catcher::Catcher;
use campanile_store::{Ledger as _, SqliteLedger};
use campanile_tests::event::reporting;
use campanile_tests::function::{Function, catcher, sent_by};
use campanile_tests::project::Project;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Runs in `tests/run`; each takes seconds, because a killed invocation's claim holds until its lease ends.
const RUNS: u64 = 24;

/// Runs at a time.
const AT_ONCE: usize = 4;

/// Of an invocation. Leases are about as long.
const TIMEOUT: Duration = Duration::from_secs(4);

const CHANNELS: [&str; 2] = ["family", "ops"];

const EVENTS: u32 = 3;

/// Of the function, at a time.
const PROCESSES: usize = 2;

/// `SplitMix64`: the same seed makes the same run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

fn event(run: u64, number: u32) -> Value {
    reporting(number, &json!({ "mark": mark(run, number) }))
}

/// What tells the messages of one event from all others.
fn mark(run: u64, number: u32) -> String {
    format!("m{run}x{number}x")
}

fn fault(catcher: &Catcher, dice: &mut Dice) {
    let faults = [
        "500:times=1",
        "429:retry-after=1:times=1",
        "reset:times=1",
        "502:times=2",
        "503:latency=300ms:times=2",
    ];
    let who = ["api.telegram.org", "discord.com"][usize::try_from(dice.below(2)).unwrap()];
    let fault = faults[usize::try_from(dice.below(faults.len() as u64)).unwrap()];
    catcher.faults().set(who.parse().unwrap(), fault.parse().unwrap());
}

/// Kills every process that has the project's folder in its environment: those of its emulator and no other.
async fn kill(project: &Project) {
    let marker = project.path("campanile.toml").display().to_string();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let is_number = entry.file_name().to_string_lossy().parse::<u32>().is_ok();
        let environment = is_number.then(|| std::fs::read(entry.path().join("environ")).unwrap_or_default());
        if environment.is_some_and(|bytes| String::from_utf8_lossy(&bytes).contains(&marker)) {
            let pid = entry.file_name().to_string_lossy().into_owned();
            // It may be gone by now, which is as good.
            tokio::process::Command::new("kill").args(["-9", &pid]).output().await.ok();
        }
    }
}

/// One run; how many attempts had no answer.
async fn run(seed: u64) -> usize {
    let mut dice = Dice(seed);
    let project = Project::sample();
    let config = std::fs::read_to_string(project.path("campanile.toml")).unwrap();
    project.write("campanile.toml", format!("{config}\n[store]\nkind = \"sqlite\"\n"));
    assert_eq!(project.campanile(&["plugin", "compile"]).await.code, 0);
    let catcher = catcher().await;
    let variables = [("CAMPANILE_CATCH", catcher.url())];
    let variables = variables.each_ref().map(|(name, value)| (*name, value.as_str()));
    let function = Arc::new(Function::start_some(&project, &variables, TIMEOUT, PROCESSES));
    for _ in 0..dice.below(4) {
        fault(&catcher, &mut dice);
    }
    let mut order: Vec<u32> =
        (1..=EVENTS).flat_map(|number| vec![number; 1 + usize::try_from(dice.below(2)).unwrap()]).collect();
    for place in (1..order.len()).rev() {
        order.swap(place, usize::try_from(dice.below(place as u64 + 1)).unwrap());
    }
    let events: Vec<Value> = order.iter().map(|number| event(seed, *number)).collect();
    let handed = async {
        let handed = events.into_iter().map(|event| {
            let function = Arc::clone(&function);
            tokio::spawn(async move { function.queue(&event).await })
        });
        for handed in handed.collect::<Vec<_>>() {
            handed.await.unwrap();
        }
    };
    let killed = async {
        for _ in 0..dice.below(3) {
            tokio::time::sleep(Duration::from_millis(dice.below(400))).await;
            kill(&project).await;
        }
    };
    tokio::join!(handed, killed);
    settle(&function, seed).await;
    check(&project.path("campanile.db"), &catcher, seed).await
}

/// What the redrive does: every event again, until nothing is left to do.
async fn settle(function: &Function, seed: u64) {
    for number in 1..=EVENTS {
        for attempt in 0.. {
            if function.invoke(&event(seed, number)).await.result.is_ok() {
                break;
            }
            assert!(attempt < 10, "seed {seed}: event {number} never ends");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

async fn check(store: &Path, catcher: &Catcher, seed: u64) -> usize {
    let mut without_answer = 0;
    let ledger = SqliteLedger::open(store).await.unwrap();
    for channel in CHANNELS {
        let sent = sent_by(catcher, channel);
        for number in 1..=EVENTS {
            let record = record(&ledger, number, channel).await;
            let record = record.unwrap_or_else(|| panic!("seed {seed}: event {number} on {channel} is lost"));
            assert_eq!(
                record.state.kind(),
                StateKind::Delivered,
                "seed {seed}: event {number} on {channel}: {record:#?}"
            );
            without_answer += unknown_of(&record);
            let is_of = |text: &str| text.contains(&mark(seed, number));
            let accepted = sent.iter().filter(|caught| {
                caught.shown().is_some() && is_of(&String::from_utf8_lossy(&caught.request.body))
            });
            let accepted = accepted.count();
            let unknown = unknown_of(&record);
            assert!(
                (1..=1 + unknown).contains(&accepted),
                "seed {seed}: event {number} on {channel}: {accepted} messages, {unknown} attempts without an answer: {record:#?}"
            );
        }
        let refused = sent.iter().filter(|caught| {
            caught.fault.is_none()
                && caught.answer.as_ref().is_some_and(|answer| (400..429).contains(&answer.status))
        });
        assert_eq!(refused.count(), 0, "seed {seed}: {channel} sent what its provider refuses");
    }
    without_answer
}

fn unknown_of(record: &Record) -> usize {
    record.attempts.iter().filter(|attempt| attempt.outcome == OutcomeKind::Unknown).count()
}

async fn record(ledger: &SqliteLedger, number: u32, channel: &str) -> Option<Record> {
    let event = reporting(number, &Value::Null)["payload"]["event_id"].as_str().unwrap().to_owned();
    let key = DeliveryKey { device: "home-heating".to_owned(), event, channel: channel.to_owned() };
    ledger.find(&key, Timestamp::now()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_each_event_is_told_once() {
    let variable = |name: &str| std::env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    let only = variable("CAMPANILE_FAULT_SEED");
    let runs = variable("CAMPANILE_FAULT_RUNS").unwrap_or(RUNS);
    let base = u64::try_from(Timestamp::now().as_second()).unwrap() * 100_000;
    let seeds: Vec<u64> = only.map_or_else(|| (base..base + runs).collect(), |seed| vec![seed]);
    println!("seeds {} to {}", seeds.first().unwrap(), seeds.last().unwrap());
    let mut without_answer = 0;
    for seeds in seeds.chunks(AT_ONCE) {
        let running: Vec<_> = seeds.iter().map(|seed| tokio::spawn(run(*seed))).collect();
        for run in running {
            without_answer += run.await.unwrap();
        }
    }
    println!("{} runs, {without_answer} attempts without an answer", seeds.len());
    assert!(only.is_some() || without_answer > 0, "nothing went wrong, so nothing was shown");
}
