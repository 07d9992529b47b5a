//! The fields of records. Each is a member of the line's JSON object; one with a unit is a metric, and what `dimension_sets` names
//! are the metrics' dimensions, besides `FunctionName`, which all have.
//!
//! A dimension has few values, and none of them is a device's: every combination is a metric that is paid for.

use std::time::SystemTime;

use metrique::emf::flags::NoMetric;
use metrique::unit::{Count, Millisecond};
use metrique::unit_of_work::metrics;

/// What every record has. The first three are the platform's names: by them it filters and orders.
#[metrics(subfield_owned)]
pub(super) struct Common {
    /// `INFO`, `WARN` or `ERROR`.
    #[metrics(name = "level")]
    pub(super) level: &'static str,
    /// RFC 3339, UTC.
    #[metrics(name = "timestamp")]
    pub(super) timestamp: String,
    /// The record in one sentence.
    #[metrics(name = "message")]
    pub(super) message: String,
    /// The kind of record: `attempt`, `delivery`, `event` or `channels`.
    pub(super) record: &'static str,
    pub(super) function_name: String,
    /// Of Campanile.
    pub(super) release: &'static str,
    pub(super) request_id: Option<String>,
    /// `1-…-…`, by which X-Ray finds the line.
    pub(super) xray_trace_id: Option<String>,
    /// Whether this is the process's first invocation.
    #[metrics(flags(NoMetric))]
    pub(super) cold_start: Option<bool>,
}

/// The delivery that a record is about.
#[metrics(subfield_owned)]
pub(super) struct About {
    /// The name in `campanile.toml`, without the item.
    pub(super) channel: String,
    /// What the channel was spread over.
    pub(super) item: Option<String>,
    pub(super) delivery_id: String,
    pub(super) device: String,
    pub(super) device_status: String,
    /// The event's key.
    pub(super) event: String,
    /// The key of what is told, if it is not the event's.
    pub(super) news: Option<String>,
    pub(super) route: String,
    pub(super) severity: &'static str,
    pub(super) plugin: Option<String>,
    pub(super) plugin_version: Option<String>,
}

/// One attempt.
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [[], ["Channel"], ["Channel", "Outcome"]])]
pub(super) struct AttemptEntry {
    #[metrics(timestamp)]
    pub(super) at: SystemTime,
    #[metrics(flatten)]
    pub(super) common: Common,
    #[metrics(flatten)]
    pub(super) about: About,
    pub(super) outcome: &'static str,
    pub(super) detail: Option<String>,
    #[metrics(flags(NoMetric))]
    pub(super) attempt_number: u64,
    pub(super) presentation: &'static str,
    /// What follows: `delivered`, `retry`, `later`, `reject` or `exhausted`.
    pub(super) decision: &'static str,
    pub(super) retry_at: Option<String>,
    #[metrics(flags(NoMetric))]
    pub(super) http_status: Option<u64>,
    #[metrics(flags(NoMetric))]
    pub(super) requests: u64,
    /// Milliseconds of the processor.
    #[metrics(flags(NoMetric))]
    pub(super) cpu_time: u64,
    /// Bytes.
    #[metrics(flags(NoMetric))]
    pub(super) memory: u64,
    /// Milliseconds since the event was received.
    #[metrics(flags(NoMetric))]
    pub(super) since_received: Option<u64>,
    pub(super) plugin_log: Option<Vec<String>>,
    #[metrics(unit = Count)]
    pub(super) attempts: u64,
    #[metrics(unit = Millisecond)]
    pub(super) attempt_time: u64,
}

/// The end of a delivery. Its metrics have dimensions of their own: see `output`.
#[metrics(rename_all = "PascalCase")]
pub(super) struct DeliveryEntry {
    #[metrics(timestamp)]
    pub(super) at: SystemTime,
    #[metrics(flatten)]
    pub(super) common: Common,
    #[metrics(flatten)]
    pub(super) about: About,
    /// How it ended.
    pub(super) status: &'static str,
    pub(super) detail: Option<String>,
    /// The provider's id of the message.
    pub(super) message_id: Option<String>,
    pub(super) warnings: Option<Vec<String>>,
    #[metrics(flags(NoMetric))]
    pub(super) attempts_made: u64,
    #[metrics(unit = Count)]
    pub(super) deliveries: u64,
    #[metrics(unit = Count)]
    pub(super) undelivered: u64,
    /// Since the event was received.
    #[metrics(unit = Millisecond)]
    pub(super) time_to_delivery: Option<u64>,
}

/// What one invocation made of an event.
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [[], ["Result"]])]
pub(super) struct EventEntry {
    #[metrics(timestamp)]
    pub(super) at: SystemTime,
    #[metrics(flatten)]
    pub(super) common: Common,
    pub(super) result: &'static str,
    pub(super) event: Option<String>,
    pub(super) device: Option<String>,
    pub(super) device_status: Option<String>,
    pub(super) reason: Option<String>,
    /// `ROUTE: why it tells nothing`.
    pub(super) silences: Option<Vec<String>>,
    pub(super) problems: Option<Vec<String>>,
    #[metrics(unit = Count)]
    pub(super) events: u64,
}

/// The channels as they were loaded.
#[metrics(rename_all = "PascalCase", emf::dimension_sets = [[]])]
pub(super) struct ChannelsEntry {
    #[metrics(timestamp)]
    pub(super) at: SystemTime,
    #[metrics(flatten)]
    pub(super) common: Common,
    #[metrics(flags(NoMetric))]
    pub(super) channels: u64,
    /// `CHANNEL: why it can't deliver`.
    pub(super) broken: Option<Vec<String>>,
    #[metrics(unit = Count)]
    pub(super) channels_broken: u64,
}
