//! What a delivery costs in each store: claim and settle, the same with an attempt, and looking it up. And a page of a list, but
//! for the table: that is read whole, and how long moto takes for it in Python says nothing.
//!
//! `cargo bench -p campanile-store`. The file is in the folder for temporary files, so its disk is what is measured: on one that
//! is memory, a sync costs nothing. DynamoDB is moto's server on this machine if `CAMPANILE_MOTO` names it, which says how
//! long the client takes and nothing about AWS.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a benchmark that can't run has nothing to say"
)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use campanile_core::ledger::{AttemptRecord, Claim, DeliveryKey, DeliveryState, Progress};
use campanile_core::notification::{Presentation, Receipt};
use campanile_core::outcome::OutcomeKind;
use campanile_store::{AnyLedger, DynamoLedger, Filter, Ledger, MemoryLedger, SqliteLedger};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Runtime;

use crate::briefs::brief;

#[path = "../tests/conformance/briefs.rs"]
mod briefs;
#[path = "../tests/conformance/moto.rs"]
mod moto;

/// Deliveries that are there before anything is measured.
const KEPT: u64 = 1000;

/// A page as the tool shows it.
const PAGE: usize = 50;

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

fn measure(criterion: &mut Criterion, runtime: &Runtime, name: &str, ledger: &AnyLedger) {
    let last = runtime.block_on(async {
        for _ in 1..KEPT {
            claim(ledger, &new_key()).await;
        }
        let last = new_key();
        claim(ledger, &last).await;
        last
    });
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(1)).sample_size(20).measurement_time(Duration::from_secs(4));
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
    group.bench_function("find", |bencher| {
        bencher.to_async(runtime).iter(|| async { ledger.find(&last, Timestamp::now()).await.unwrap() });
    });
    if !matches!(ledger, AnyLedger::Dynamo(_)) {
        group.bench_function("list a page of 50", |bencher| {
            let filter = Filter::default();
            bencher
                .to_async(runtime)
                .iter(|| async { ledger.list(&filter, Timestamp::now(), None, PAGE).await.unwrap() });
        });
    }
    group.finish();
}

fn stores(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    measure(criterion, &runtime, "memory", &MemoryLedger::default().into());

    let folder = tempfile::tempdir().unwrap();
    let file = runtime.block_on(SqliteLedger::open(&folder.path().join("campanile.db"))).unwrap();
    measure(criterion, &runtime, "SQLite", &file.into());

    let table = runtime.block_on(async {
        let moto = moto::Moto::get().await?;
        Some(DynamoLedger::new(moto.client(), &moto.create_table().await))
    });
    if let Some(table) = table {
        measure(criterion, &runtime, "DynamoDB (moto)", &table.into());
    }
}

criterion_group!(benches, stores);
criterion_main!(benches);
