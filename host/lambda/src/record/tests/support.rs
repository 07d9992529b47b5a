//! Facts to record, and the lines that come of them.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use campanile_core::ledger::{AttemptRecord, Brief, DeliveryKey, Told};
use campanile_core::notification::{Notification, Presentation, Severity, TextFormat};
use campanile_core::outcome::{OutcomeKind, Usage};
use campanile_core::retry::Decision;
use campanile_router::record::{EndedAttempt, EndedDelivery, Ending, Recorder, Subject};
use campanile_router::{EventResult, Report};
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::Context;
use serde_json::Value;

use crate::record::Records;

const EVENT: &str = "01a20694-3550-7cc3-98c4-000000000001";

/// What was written so far.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A process that records.
pub(super) struct Story {
    records: Arc<Records>,
    written: Written,
}

/// One of its invocations.
pub(super) struct Invoked(Arc<dyn Recorder>);

impl Story {
    pub(super) fn new() -> Self {
        let written = Written::default();
        Self { records: Arc::new(Records::new("campanile".to_owned(), written.clone())), written }
    }

    pub(super) fn records(&self) -> &Records {
        &self.records
    }

    pub(super) fn invocation(&self, request: &str) -> Invoked {
        let mut context = Context::default();
        context.request_id = request.to_owned();
        let header = "Root=1-65655812-3c2b1a09f8e7d6c5b4a39281;Parent=53995c3f42cd8ad8;Sampled=1";
        context.xray_trace_id = Some(header.to_owned());
        Invoked(self.records.of(&context))
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8(self.written.0.lock().unwrap().clone()).unwrap()
    }

    pub(super) fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The only one.
    pub(super) fn line(&self) -> Value {
        let [line]: [Value; 1] = self.lines().try_into().unwrap();
        line
    }
}

impl Invoked {
    pub(super) fn attempt(
        &self,
        key: &DeliveryKey,
        brief: &Brief,
        record: &AttemptRecord,
        decision: &Decision,
    ) {
        let usage =
            Usage { requests: 2, http_status: Some(429), cpu: Duration::from_millis(20), memory: 1_179_648 };
        let next_at = match decision {
            Decision::Retry { after, .. } | Decision::Later { after, .. } => Some(ended_at() + *after),
            _ => None,
        };
        let attempt = EndedAttempt { record, usage, decision, ended_at: ended_at(), next_at };
        self.0.attempt(&subject(key, brief), &attempt);
    }

    pub(super) fn delivery(&self, key: &DeliveryKey, brief: &Brief, ending: Ending<'_>) {
        let delivery = EndedDelivery { ending, ended_at: ended_at(), attempts: 3 };
        self.0.delivery(&subject(key, brief), &delivery);
    }

    pub(super) fn event(&self, report: &Report) {
        self.0.event(report);
    }
}

fn subject<'a>(key: &'a DeliveryKey, brief: &'a Brief) -> Subject<'a> {
    Subject { key, brief, plugin: "telegram", version: "0.1.0" }
}

pub(super) fn key(channel: &str) -> DeliveryKey {
    DeliveryKey { device: "home-heating".to_owned(), event: EVENT.to_owned(), channel: channel.to_owned() }
}

pub(super) fn brief() -> Brief {
    let notification = Notification {
        event_id: EVENT.to_owned(),
        device_id: "home-heating".to_owned(),
        status: "INACTIVE".to_owned(),
        severity: Severity::Error,
        title: "Heating is off".to_owned(),
        body: String::new(),
        body_format: TextFormat::Text,
        occurred_at: "2026-11-23T04:05:06Z".to_owned(),
        fields: Vec::new(),
        event_json: "{}".to_owned(),
    };
    Brief {
        notification,
        route: "inactive".to_owned(),
        tells: vec![Told { device: "home-heating".to_owned(), news: EVENT.to_owned() }],
        earlier: None,
        after: None,
        received_at: Some(ended_at() - SignedDuration::from_millis(840)),
    }
}

pub(super) fn ended_at() -> Timestamp {
    "2026-11-23T04:05:07.5Z".parse().unwrap()
}

pub(super) fn attempt(outcome: OutcomeKind) -> AttemptRecord {
    AttemptRecord {
        number: 1,
        started_at: ended_at() - SignedDuration::from_millis(312),
        duration_ms: 312,
        presentation: Presentation::Rich,
        outcome,
        detail: String::new(),
        guest_log: Vec::new(),
    }
}

pub(super) fn report(result: EventResult) -> Report {
    Report {
        event: Some(EVENT.to_owned()),
        device: Some("home-heating".to_owned()),
        status: Some("INACTIVE".to_owned()),
        result,
        reason: String::new(),
        problems: Vec::new(),
        silences: Vec::new(),
        deliveries: Vec::new(),
    }
}

/// A record to read; without the release, and without its time, if that is the clock's.
pub(super) fn fields(line: &Value) -> String {
    let mut line = line.clone();
    line["Release"] = "[version]".into();
    if line["timestamp"] != "2026-11-23T04:05:07.500Z" {
        line["timestamp"] = "[time]".into();
        line["_aws"]["Timestamp"] = "[milliseconds]".into();
    }
    serde_json::to_string_pretty(&line).unwrap()
}
