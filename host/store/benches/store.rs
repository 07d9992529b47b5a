//! What a delivery costs in each store: claim and settle, the same with an attempt, several at once, and looking it up; what a
//! state costs; and what is due among a thousand. And a page of a list, but for the table: that is read whole, and how long moto
//! takes for it in Python says nothing. Bare SQLite is measured beside the ledger, and what 100 000 devices take is printed.
//!
//! `cargo bench -p campanile-store`. The file is in the folder for temporary files, so its disk is what is measured: on one that
//! is memory, a sync costs nothing. DynamoDB is moto or dynalite on this machine if `CAMPANILE_MOTO` or
//! `CAMPANILE_DYNALITE` names it, which says how long the client takes and nothing about AWS.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a benchmark that can't run has nothing to say"
)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use campanile_core::ledger::{AttemptRecord, Claim, DeliveryKey, DeliveryState, Progress};
use campanile_core::notification::{Presentation, Receipt};
use campanile_core::outcome::OutcomeKind;
use campanile_store::{
    AnyLedger, DynamoLedger, Filter, Ledger, MemoryLedger, NewState, SqliteLedger, StateKey, States,
};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::briefs::brief;

#[path = "store/bare.rs"]
mod bare;
#[path = "../tests/conformance/briefs.rs"]
mod briefs;
#[path = "../tests/conformance/servers.rs"]
mod servers;
#[path = "store/sizes.rs"]
mod sizes;

/// Deliveries that are there before anything is measured.
const KEPT: u64 = 1000;

/// Deliveries of one event: one for each channel.
const CHANNELS: u64 = 8;

/// A page as the tool shows it.
const PAGE: usize = 50;

type Group<'g> = BenchmarkGroup<'g, WallTime>;

static EVENTS: AtomicU64 = AtomicU64::new(0);

fn new_key() -> DeliveryKey {
    let event = format!("0192f3a4-7b1c-7def-8123-{:012x}", EVENTS.fetch_add(1, Ordering::Relaxed));
    DeliveryKey { device: "home-heating".into(), event, channel: "family".into() }
}

async fn claim(ledger: &AnyLedger, key: &DeliveryKey) {
    let now = Timestamp::now();
    let until = now.checked_add(SignedDuration::from_secs(30)).unwrap();
    let claim = ledger.claim(key, &brief("Heating"), "owner", until, now).await.unwrap();
    assert!(matches!(claim, Claim::Granted(_)));
}

async fn record(ledger: &AnyLedger, key: &DeliveryKey) {
    let attempt = AttemptRecord {
        number: 1,
        started_at: Timestamp::now(),
        duration_ms: 250,
        presentation: Presentation::Rich,
        outcome: OutcomeKind::Delivered,
        detail: String::new(),
        guest_log: vec!["sent to one chat".into()],
    };
    ledger.record(key, "owner", attempt, Progress::default()).await.unwrap();
}

async fn settle(ledger: &AnyLedger, key: &DeliveryKey) {
    let receipt = Receipt { message_id: "4711".into(), ..Receipt::default() };
    ledger.settle(key, "owner", DeliveryState::Delivered { receipt }).await.unwrap();
}

fn measure(criterion: &mut Criterion, runtime: &Runtime, name: &str, ledger: AnyLedger) {
    let ledger = Arc::new(ledger);
    let last = runtime.block_on(async {
        for _ in 1..KEPT {
            claim(&ledger, &new_key()).await;
        }
        let last = new_key();
        claim(&ledger, &last).await;
        last
    });
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(1)).sample_size(20).measurement_time(Duration::from_secs(4));
    // Reads come first: memory keeps a bounded number of deliveries, and writes push out what is looked for.
    reads(&mut group, runtime, &ledger, &last);
    writes(&mut group, runtime, &ledger);
    group.throughput(Throughput::Elements(CHANNELS));
    at_once(&mut group, runtime, &ledger);
    group.finish();
}

fn reads(group: &mut Group<'_>, runtime: &Runtime, ledger: &AnyLedger, last: &DeliveryKey) {
    group.bench_function("find", |bencher| {
        bencher.to_async(runtime).iter(|| async { ledger.find(last, Timestamp::now()).await.unwrap() });
    });
    group.bench_function("what is due", |bencher| {
        let later = Timestamp::now().checked_add(SignedDuration::from_secs(60)).unwrap();
        bencher.to_async(runtime).iter(|| async {
            assert_eq!(ledger.due(later, PAGE).await.unwrap().len(), PAGE);
        });
    });
    if !matches!(ledger, AnyLedger::Dynamo(_)) {
        group.bench_function("list a page of 50", |bencher| {
            let filter = Filter::default();
            bencher
                .to_async(runtime)
                .iter(|| async { ledger.list(&filter, Timestamp::now(), None, PAGE).await.unwrap() });
        });
    }
}

fn writes(group: &mut Group<'_>, runtime: &Runtime, ledger: &AnyLedger) {
    group.bench_function("claim, settle", |bencher| {
        bencher.to_async(runtime).iter(|| async {
            let key = new_key();
            claim(ledger, &key).await;
            settle(ledger, &key).await;
        });
    });
    group.bench_function("claim, record, settle", |bencher| {
        bencher.to_async(runtime).iter(|| async {
            let key = new_key();
            claim(ledger, &key).await;
            record(ledger, &key).await;
            settle(ledger, &key).await;
        });
    });
    let key = StateKey::Device("home-heating".to_owned());
    let text = "x".repeat(1200);
    let new = NewState { state: &text, due: None, expires_at: None };
    let seen = Mutex::new(runtime.block_on(ledger.replace(&key, None, new)).unwrap());
    group.bench_function("replace a state", |bencher| {
        bencher.to_async(runtime).iter(|| async {
            let before = seen.lock().unwrap().take();
            let after = ledger.replace(&key, before.as_ref(), new).await.unwrap();
            assert!(after.is_some());
            *seen.lock().unwrap() = after;
        });
    });
}

fn at_once(group: &mut Group<'_>, runtime: &Runtime, ledger: &Arc<AnyLedger>) {
    group.bench_function("claim, settle, 8 at once", |bencher| {
        bencher.to_async(runtime).iter(|| async {
            let mut deliveries = JoinSet::new();
            for _ in 0..CHANNELS {
                let ledger = Arc::clone(ledger);
                deliveries.spawn(async move {
                    let key = new_key();
                    claim(&ledger, &key).await;
                    settle(&ledger, &key).await;
                });
            }
            deliveries.join_all().await;
        });
    });
}

fn stores(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    // While nothing else has been in this process's memory.
    sizes::print(&runtime, folder.path());
    measure(criterion, &runtime, "memory", MemoryLedger::default().into());

    bare::measure(criterion, folder.path());
    let file = runtime.block_on(SqliteLedger::open(&folder.path().join("campanile.db"))).unwrap();
    measure(criterion, &runtime, "SQLite", file.into());

    let servers = runtime.block_on(async {
        [("moto", servers::Server::moto().await), ("dynalite", servers::Server::dynalite().await)]
    });
    for (name, server) in servers {
        let Some(server) = server else { continue };
        let table = DynamoLedger::new(server.client(), &runtime.block_on(server.create_table()));
        measure(criterion, &runtime, &format!("DynamoDB ({name})"), table.into());
    }
}

criterion_group!(benches, stores);
criterion_main!(benches);
