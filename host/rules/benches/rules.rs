//! What a rule costs: reading a statement, evaluating it for a message, and many rules on one message.
//!
//! `cargo bench -p campanile-rules`. The comparison is what a hand-written function does for the hot rule: parse the payload
//! with `serde_json` and look at one attribute.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a benchmark that can't run has nothing to say")]

use std::hint::black_box;

use campanile_rules::message::Fixed;
use campanile_rules::{Message, Options, Outcome, Rule};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const HOT: &str = "SELECT * AS payload, topic() AS topic, clientid() AS client_id, traceid() AS trace_id, \
    timestamp() AS received_at FROM 'home/heating/status' WHERE status = 'INACTIVE'";

const FIXED: Fixed = Fixed { now: 1_795_503_600_000, random: 0.25, uuid: "" };

/// 300 bytes, as a device sends them.
const PAYLOAD: &str = r#"{"event_id":"0192f3a4-7b1c-7def-8123-456789abcdef","device_id":"home-heating","status":"INACTIVE","previous":"ACTIVE","occurred_at":"2026-11-24T07:00:00.123Z","seq":1234,"reading":{"temperature":18.5,"flow":0.0,"unit":"°C","pump":{"rpm":0,"watts":0.4}},"site":"cellar-2","firmware":"1.14.2","rssi":-61}"#;

fn message(payload: &str) -> Message<'_> {
    let mut message = Message::new("home/heating/status", payload.as_bytes());
    message.client_id = Some("home-heating");
    message.trace_id = Some("12345678-1234-1234-1234-123456789012");
    message
}

fn rule(sql: &str) -> Rule {
    Rule::load(sql, Options::default()).unwrap()
}

fn evaluation(criterion: &mut Criterion) {
    let rule = rule(HOT);
    let quiet = PAYLOAD.replace("\"status\":\"INACTIVE\"", "\"status\":\"ACTIVE\"");
    let mut group = criterion.benchmark_group("hot rule, payload of 300 bytes");
    group.throughput(Throughput::Elements(1));
    group.bench_function("payload already read, matches", |bencher| {
        let message = message(PAYLOAD);
        bencher
            .iter(|| black_box(matches!(rule.evaluate(black_box(&message), &FIXED), Outcome::Selected(_))));
    });
    for (name, payload) in [("from bytes, does not match", quiet.as_str()), ("from bytes, matches", PAYLOAD)]
    {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let message = message(black_box(payload));
                black_box(matches!(rule.evaluate(&message, &FIXED), Outcome::Selected(_)))
            });
        });
    }
    group.bench_function("from bytes to bytes", |bencher| {
        bencher.iter(|| {
            let message = message(black_box(PAYLOAD));
            let Outcome::Selected(output) = rule.evaluate(&message, &FIXED) else { panic!("it matches") };
            black_box(output.bytes())
        });
    });
    group.bench_function("comparison: serde_json::Value and a hand-written condition", |bencher| {
        bencher.iter(|| {
            let value: serde_json::Value = serde_json::from_slice(black_box(PAYLOAD.as_bytes())).unwrap();
            black_box(value.get("status").and_then(serde_json::Value::as_str) == Some("INACTIVE"))
        });
    });
    group.finish();
}

fn reading(criterion: &mut Criterion) {
    criterion
        .bench_function("read the hot statement", |bencher| bencher.iter(|| black_box(rule(black_box(HOT)))));
}

fn many(criterion: &mut Criterion) {
    let rules: Vec<Rule> = (0..1000)
        .map(|number| {
            rule(&format!("SELECT * FROM 'home/+/status' WHERE seq > {number} AND status = 'FAULT{number}'"))
        })
        .collect();
    let mut group = criterion.benchmark_group("one message");
    group.throughput(Throughput::Elements(1000));
    group.bench_function("1000 rules", |bencher| {
        bencher.iter(|| {
            let message = message(black_box(PAYLOAD));
            let matched =
                rules.iter().filter(|rule| matches!(rule.evaluate(&message, &FIXED), Outcome::Selected(_)));
            black_box(matched.count())
        });
    });
    group.finish();
}

criterion_group!(benches, evaluation, reading, many);
criterion_main!(benches);
