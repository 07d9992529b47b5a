//! One attempt of the plugin under test: what it is handed, what its provider does, and what came of it.

use std::collections::BTreeMap;
use std::time::Duration;

use campanile_core::notification::{
    Attempt, Field, Notification, Presentation, Receipt, Severity, TextFormat,
};
use campanile_core::outcome::{AttemptReport, Outcome, OutcomeKind};
use campanile_core::secret_pattern::SecretValue;
use campanile_local::fakes::script::Script;
use campanile_sandbox::limits::AttemptLimits;
use campanile_sandbox::{BROKE, STOPPED};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::golden::GoldenRequest;

/// The presentations, the most elaborate first.
pub(super) const PRESENTATIONS: [Presentation; 3] =
    [Presentation::Rich, Presentation::Plain, Presentation::Minimal];

/// An attempt to make.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    /// Its own among those that are made at the same time; can stand in a header.
    pub(super) name: String,
    pub(super) notification: Notification,
    pub(super) settings: Map<String, Value>,
    pub(super) secrets: BTreeMap<String, SecretValue>,
    pub(super) attempt: Attempt,
    pub(super) script: Script,
    pub(super) limits: AttemptLimits,
    /// Whether it may send to where it wants to.
    pub(super) granted: bool,
}

/// A request and what it was answered.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Exchange {
    /// Without values of secrets.
    pub(super) request: GoldenRequest,
    /// `None` if the connection was closed, or the answer never came.
    pub(super) status: Option<u16>,
    /// The beginning of the answer.
    pub(super) answer: String,
    /// What is wrong with the request whatever the provider is.
    #[serde(skip)]
    pub(super) defect: Option<String>,
}

/// What came of an attempt.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Observed {
    pub(super) presentation: Presentation,
    pub(super) outcome: OutcomeKind,
    /// The wait that it hands on from its provider.
    pub(super) wait_ms: Option<u64>,
    pub(super) receipt: Option<Receipt>,
    pub(super) detail: String,
    pub(super) resume: String,
    pub(super) guest_log: Vec<String>,
    pub(super) duration_ms: f64,
    pub(super) cpu_ms: u64,
    pub(super) memory_bytes: usize,
    /// Those that reached the provider, in order.
    pub(super) exchanges: Vec<Exchange>,
    /// Answers of the script that nobody asked for.
    pub(super) unused: usize,
    /// Requests that the script had no answer for.
    pub(super) unexpected: u32,
    /// Names of secrets whose value the plugin got to see or to say.
    pub(super) leaked: Vec<String>,
}

impl Observed {
    pub(super) fn new(
        presentation: Presentation,
        report: AttemptReport,
        exchanges: Vec<Exchange>,
        left: &Script,
    ) -> Self {
        let wait = match &report.outcome {
            Outcome::RateLimited(wait) => *wait,
            _ => None,
        };
        let outcome = report.outcome.kind();
        Self {
            presentation,
            outcome,
            wait_ms: wait.map(milliseconds),
            receipt: match report.outcome {
                Outcome::Delivered(receipt) => Some(receipt),
                _ => None,
            },
            detail: report.detail,
            resume: report.resume,
            guest_log: report.guest_log,
            duration_ms: report.duration.as_secs_f64() * 1000.0,
            cpu_ms: milliseconds(report.usage.cpu),
            memory_bytes: report.usage.memory,
            exchanges,
            unused: left.steps.len(),
            unexpected: left.unexpected,
            leaked: Vec::new(),
        }
    }

    /// The outcome in a few words, for example `rate-limited, 7000 ms`.
    pub(super) fn in_words(&self) -> String {
        match self.wait_ms {
            Some(wait) => format!("{}, {wait} ms", self.outcome),
            None => self.outcome.to_string(),
        }
    }

    /// Whether it broke: the outcome is `unknown` if it had sent something before.
    pub(super) fn is_broken(&self) -> bool {
        self.outcome == OutcomeKind::Trapped || self.ended(BROKE)
    }

    /// Whether it was stopped by the clock, and not because its provider kept it waiting.
    pub(super) fn is_stopped(&self) -> bool {
        let waits = self.exchanges.last().is_some_and(|exchange| exchange.status.is_none());
        self.outcome == OutcomeKind::TimedOut || (self.ended(STOPPED) && !waits)
    }

    fn ended(&self, how: &str) -> bool {
        self.outcome == OutcomeKind::Unknown && self.detail.starts_with(how)
    }

    /// The status of the last answer, if there was one to the last request.
    pub(super) fn last_status(&self) -> Option<u16> {
        self.exchanges.last().and_then(|exchange| exchange.status)
    }

    /// Everything that the plugin said and that somebody may read.
    pub(super) fn said(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let receipt = self.receipt.iter().flat_map(|receipt| {
            [receipt.message_id.as_str(), receipt.target.as_str()]
                .into_iter()
                .chain(receipt.warnings.iter().map(String::as_str))
                .map(|text| ("the receipt", text))
        });
        let log = self.guest_log.iter().map(|line| ("the log", line.as_str()));
        [("the detail", self.detail.as_str()), ("the resume token", self.resume.as_str())]
            .into_iter()
            .chain(receipt)
            .chain(log)
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A notification with something in each of its parts.
pub(super) fn notification() -> Notification {
    let text = str::to_owned;
    Notification {
        event_id: text("01a20694-3550-7cc3-98c4-000000000001"),
        device_id: text("home-heating"),
        status: text("INACTIVE"),
        severity: Severity::Critical,
        title: text("Heating is off"),
        body: text("It was ACTIVE before."),
        body_format: TextFormat::Text,
        occurred_at: text("2026-11-23T04:05:06Z"),
        fields: vec![Field { name: text("Previous"), value: text("ACTIVE") }],
        event_json: json!({ "device_id": "home-heating", "previous": "ACTIVE", "status": "INACTIVE" })
            .to_string(),
    }
}

/// The first attempt of a delivery.
pub(super) fn attempt(presentation: Presentation) -> Attempt {
    Attempt {
        delivery_id: "home-heating:01a20694-3550-7cc3-98c4-000000000001:test".to_owned(),
        number: 1,
        presentation,
        resume: String::new(),
        earlier: None,
    }
}
