//! What an event costs from the function's hands to a delivered message, without plugin and provider: taken into the device's
//! state, rendered, claimed, settled and reported. In memory, and in a SQLite file that is synced at every commit.
//!
//! `cargo bench -p campanile-router`. The file is in the folder for temporary files: its disk is what is measured.
#![expect(clippy::unwrap_used, reason = "a benchmark that can't run has nothing to say")]

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use campanile_core::notification::{Attempt, Notification, Receipt};
use campanile_core::outcome::{AttemptReport, Outcome, Usage};
use campanile_core::retry::OnUnknown;
use campanile_core::route::{Route, Routes};
use campanile_router::{Channels, EventResult, Invocation, ReadyChannel, Router, Runner};
use campanile_store::{AnyLedger, MemoryLedger, SqliteLedger};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// A provider that answers at once.
#[derive(Debug)]
struct Instant;

impl Runner for Instant {
    type Destination = ();

    async fn attempt(&self, (): &(), _: &Notification, _: &Attempt, _: Duration) -> AttemptReport {
        AttemptReport {
            outcome: Outcome::Delivered(Receipt { message_id: "7".to_owned(), ..Receipt::default() }),
            detail: String::new(),
            resume: String::new(),
            guest_log: Vec::new(),
            duration: Duration::ZERO,
            usage: Usage::default(),
        }
    }

    async fn renew(&self, (): &(), _: tokio::time::Instant) -> bool {
        false
    }
}

fn router(store: AnyLedger) -> Router<Instant, AnyLedger> {
    let channel = |name: &str| {
        let ready = ReadyChannel {
            plugin: "instant".to_owned(),
            version: "1.0.0".to_owned(),
            provider: "instant".to_owned(),
            destination: Ok(()),
            attempts: 6,
            on_unknown: OnUnknown::Resend,
            fallback: None,
        };
        (name.to_owned(), name.to_owned(), ready)
    };
    let route = Route { storm: None, ..Route::to_all(vec!["family".to_owned(), "ops".to_owned()]) };
    let channels = Channels::new([channel("family"), channel("ops")]);
    Router::new(Instant, store, Routes::new(vec![route]), channels, Timestamp::now)
}

/// Of a device of its own each, so that every one is an alert.
fn event(number: u32, status: &str) -> Value {
    json!({
        "payload": {
            "event_id": format!("01a20694-3550-7cc3-98c4-{number:012}"),
            "device_id": format!("heating-{number}"),
            "status": status,
            "previous": "ACTIVE",
            "occurred_at": Timestamp::now().to_string(),
            "seq": number,
            "reading": { "temperature": 21.5, "flow": 0.0, "unit": "°C" },
        },
        "topic": "home/heating/status",
    })
}

fn pipeline(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = runtime.block_on(SqliteLedger::open(&folder.path().join("campanile.db"))).unwrap();
    let stores: [(&str, AnyLedger); 2] =
        [("memory", MemoryLedger::default().into()), ("SQLite", file.into())];
    let mut group = criterion.benchmark_group("event to two channels");
    group.throughput(Throughput::Elements(1)).sample_size(20).measurement_time(Duration::from_secs(5));
    for (name, store) in stores {
        let router = router(store);
        let numbers = AtomicU32::new(0);
        for (what, status, expected) in
            [("alert", "INACTIVE", EventResult::Delivered), ("no news", "ACTIVE", EventResult::Unmatched)]
        {
            group.bench_function(format!("{name}: {what}"), |bencher| {
                bencher.to_async(&runtime).iter(|| async {
                    let event = event(numbers.fetch_add(1, Ordering::Relaxed), status);
                    let report =
                        router.handle(&event, &Invocation::new("bench", Duration::from_secs(60))).await;
                    assert_eq!(report.result, expected);
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
