//! What the router tells, as records: one wide line of JSON each, which is also where CloudWatch takes the metrics from. Their fields
//! and metrics are public, and described in `docs/operating.md`.
//!
//! Device, provider and plugin wrote most of the texts: they are cut, and never a dimension.

mod entry;
mod output;
#[cfg(test)]
mod tests;
mod text;

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use campanile_core::ledger::DeliveryKey;
use campanile_core::resolve::ChannelName;
use campanile_core::retry::Decision;
use campanile_router::record::{EndedAttempt, EndedDelivery, Ending, Recorder, Subject};
use campanile_router::{EventResult, Report};
use jiff::Timestamp;
use lambda_runtime::Context;
use metrique::{CloseValue as _, RootEntry};

use self::entry::{About, AttemptEntry, ChannelsEntry, Common, DeliveryEntry, EventEntry};
use self::output::Output;
use self::text::{cut, cut_all, some};

/// Levels, as the platform names them.
const INFO: &str = "INFO";
const WARN: &str = "WARN";
const ERROR: &str = "ERROR";

/// Where the records of all invocations go; one for the process.
pub(crate) struct Records {
    function: String,
    output: Mutex<Output>,
    was_invoked: AtomicBool,
}

/// The records of one invocation.
#[derive(Debug)]
struct Recording {
    records: Arc<Records>,
    request_id: String,
    xray_trace_id: Option<String>,
    cold_start: bool,
}

impl Records {
    /// Records of the function with this name.
    pub(crate) fn new(function: String, out: impl Write + Send + 'static) -> Self {
        Self { function, output: Mutex::new(Output::new(out)), was_invoked: AtomicBool::new(false) }
    }

    /// Those of the invocation that begins.
    pub(crate) fn of(self: &Arc<Self>, context: &Context) -> Arc<dyn Recorder> {
        Arc::new(Recording {
            records: Arc::clone(self),
            request_id: cut(&context.request_id),
            xray_trace_id: context.xray_trace_id.as_deref().and_then(root),
            cold_start: !self.was_invoked.swap(true, Ordering::Relaxed),
        })
    }

    /// What was loaded: how many channels, and which of them can't deliver, as `CHANNEL: why`.
    pub(crate) fn channels(&self, channels: usize, broken: &[String]) {
        let level = if broken.is_empty() { INFO } else { ERROR };
        let message = format!("{} of {channels} channels can't deliver", broken.len());
        let now = Timestamp::now();
        let entry = ChannelsEntry {
            at: system_time(now),
            common: self.common("channels", level, now, message),
            channels: count(channels),
            broken: cut_all(broken),
            channels_broken: count(broken.len()),
        };
        self.output(|output| output.write(&RootEntry::new(entry.close())));
    }

    fn output(&self, write: impl FnOnce(&mut Output)) {
        write(&mut self.output.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn common(&self, record: &'static str, level: &'static str, at: Timestamp, message: String) -> Common {
        Common {
            level,
            timestamp: format!("{at:.3}"),
            message,
            record,
            function_name: self.function.clone(),
            release: env!("CARGO_PKG_VERSION"),
            request_id: None,
            xray_trace_id: None,
            cold_start: None,
        }
    }
}

impl std::fmt::Debug for Records {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Records").field("function", &self.function).finish_non_exhaustive()
    }
}

impl Recording {
    fn common(&self, record: &'static str, level: &'static str, at: Timestamp, message: String) -> Common {
        Common {
            request_id: Some(self.request_id.clone()),
            xray_trace_id: self.xray_trace_id.clone(),
            cold_start: Some(self.cold_start),
            ..self.records.common(record, level, at, message)
        }
    }
}

impl Recorder for Recording {
    fn attempt(&self, subject: &Subject<'_>, attempt: &EndedAttempt<'_>) {
        let EndedAttempt { record, usage, decision, ended_at, next_at } = *attempt;
        let level = if matches!(decision, Decision::Delivered) { INFO } else { WARN };
        let message = format!("attempt {} of {} ended: {}", record.number, id(subject.key), record.outcome);
        let entry = AttemptEntry {
            at: system_time(ended_at),
            common: self.common("attempt", level, ended_at, message),
            about: about(subject),
            outcome: record.outcome.name(),
            detail: some(&record.detail),
            attempt_number: record.number.into(),
            presentation: record.presentation.name(),
            decision: decision.name(),
            retry_at: next_at.map(|at| format!("{at:.3}")),
            http_status: usage.http_status.map(u64::from),
            requests: usage.requests.into(),
            cpu_time: u64::try_from(usage.cpu.as_millis()).unwrap_or(u64::MAX),
            memory: count(usage.memory),
            since_received: since(subject.brief.received_at, ended_at),
            plugin_log: cut_all(&record.guest_log),
            attempts: 1,
            attempt_time: record.duration_ms,
        };
        self.records.output(|output| output.write(&RootEntry::new(entry.close())));
    }

    fn delivery(&self, subject: &Subject<'_>, delivery: &EndedDelivery<'_>) {
        let EndedDelivery { ending, ended_at, attempts } = *delivery;
        let level = if ending.failure().is_some() { ERROR } else { INFO };
        let receipt = if let Ending::Delivered(receipt) = ending { Some(receipt) } else { None };
        let received_at = subject.brief.received_at.filter(|_| receipt.is_some());
        let message = format!("{} is {}", id(subject.key), ending.name());
        let entry = DeliveryEntry {
            at: system_time(ended_at),
            common: self.common("delivery", level, ended_at, message),
            about: about(subject),
            status: ending.name(),
            detail: ending.failure().and_then(some),
            message_id: receipt.and_then(|receipt| some(&receipt.message_id)),
            warnings: receipt.and_then(|receipt| cut_all(&receipt.warnings)),
            attempts_made: count(attempts),
            deliveries: 1,
            undelivered: ending.failure().is_some().into(),
            time_to_delivery: since(received_at, ended_at),
        };
        self.records.output(|output| output.delivery(&RootEntry::new(entry.close())));
    }

    fn event(&self, report: &Report) {
        let level = match report.result {
            EventResult::Delivered | EventResult::Silent | EventResult::Unmatched => INFO,
            EventResult::Retrying => WARN,
            EventResult::Undelivered | EventResult::Invalid => ERROR,
        };
        let name = report.event.as_deref().map_or_else(|| "an invalid event".to_owned(), cut);
        let now = Timestamp::now();
        let silences = report.silences.iter().map(|silent| format!("{}: {}", silent.route, silent.reason));
        let entry = EventEntry {
            at: system_time(now),
            common: self.common("event", level, now, format!("{name}: {}", report.result.name())),
            result: report.result.name(),
            event: report.event.as_deref().and_then(some),
            device: report.device.as_deref().and_then(some),
            device_status: report.status.as_deref().and_then(some),
            reason: some(&report.reason),
            silences: cut_all(&silences.collect::<Vec<_>>()),
            problems: cut_all(&report.problems),
            events: 1,
        };
        self.records.output(|output| output.write(&RootEntry::new(entry.close())));
    }
}

fn about(subject: &Subject<'_>) -> About {
    let Subject { key, brief, plugin, version } = *subject;
    let (notification, name) = (&brief.notification, ChannelName::read(&key.channel));
    About {
        channel: cut(name.channel()),
        item: name.item().and_then(some),
        delivery_id: id(key),
        device: cut(&key.device),
        device_status: cut(&notification.status),
        event: cut(&notification.event_id),
        news: some(&key.event).filter(|_| key.event != notification.event_id),
        route: cut(&brief.route),
        severity: notification.severity.name(),
        plugin: some(plugin),
        plugin_version: some(version),
    }
}

fn id(key: &DeliveryKey) -> String {
    cut(&key.to_string())
}

/// Milliseconds. Two clocks are compared: less than nothing is nothing.
fn since(received_at: Option<Timestamp>, now: Timestamp) -> Option<u64> {
    received_at.map(|at| u64::try_from(now.duration_since(at).as_millis()).unwrap_or_default())
}

/// The trace in `Root=1-…;Parent=…;Sampled=1` (X-Ray developer guide, "Tracing header").
fn root(header: &str) -> Option<String> {
    header.split(';').find_map(|part| part.trim().strip_prefix("Root=")).and_then(some)
}

/// The system has room for every time that is one of ours.
fn system_time(at: Timestamp) -> SystemTime {
    SystemTime::try_from(at).unwrap_or(SystemTime::UNIX_EPOCH)
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
