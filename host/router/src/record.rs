//! What happened, told once to whoever keeps a record of it: each attempt, each delivery that ended, each event.
//!
//! The router tells facts and knows no format, metrics or platform. They are told at once, from inside the invocation; a recorder that
//! takes its time holds a delivery up.

use std::fmt::Debug;

use campanile_core::ledger::{AttemptRecord, Brief, DeliveryKey};
use campanile_core::notification::Receipt;
use campanile_core::outcome::Usage;
use campanile_core::retry::Decision;
use jiff::Timestamp;

use crate::report::Report;

/// Keeps records of one invocation.
pub trait Recorder: Debug + Send + Sync {
    /// An attempt has ended, and what follows from it is decided. One that broke off with its process is never told.
    fn attempt(&self, subject: &Subject<'_>, attempt: &EndedAttempt<'_>);

    /// A delivery has ended, and that is in the ledger.
    fn delivery(&self, subject: &Subject<'_>, delivery: &EndedDelivery<'_>);

    /// An event was handled, as far as this invocation could.
    fn event(&self, report: &Report);
}

/// The delivery that a fact is about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// Its name in the ledger.
    pub key: &'a DeliveryKey,
    /// What it tells.
    pub brief: &'a Brief,
    /// The plugin that serves its channel.
    pub plugin: &'a str,
    /// That plugin's version; empty if it is not loaded.
    pub version: &'a str,
}

/// An attempt that has ended.
#[derive(Clone, Copy, Debug)]
pub struct EndedAttempt<'a> {
    /// As the ledger keeps it.
    pub record: &'a AttemptRecord,
    /// What it used.
    pub usage: Usage,
    /// What follows.
    pub decision: &'a Decision,
    /// When that was decided.
    pub ended_at: Timestamp,
    /// When the next attempt may be made, if there is one.
    pub next_at: Option<Timestamp>,
}

/// A delivery that has ended.
#[derive(Clone, Copy, Debug)]
pub struct EndedDelivery<'a> {
    /// How.
    pub ending: Ending<'a>,
    /// When.
    pub ended_at: Timestamp,
    /// Attempts over all its invocations.
    pub attempts: usize,
}

/// How a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending<'a> {
    /// The provider has it.
    Delivered(&'a Receipt),
    /// Nothing was sent, as the channel was told something newer.
    Overtaken,
    /// It can't work, for this reason.
    Rejected(&'a str),
    /// It was given up after trying, for this reason.
    DeadLettered(&'a str),
}

impl Ending<'_> {
    /// Its name, for records and metrics.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Delivered(_) => "delivered",
            Self::Overtaken => "overtaken",
            Self::Rejected(_) => "rejected",
            Self::DeadLettered(_) => "dead-lettered",
        }
    }

    /// Why somebody is not told, if so.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        match self {
            Self::Delivered(_) | Self::Overtaken => None,
            Self::Rejected(reason) | Self::DeadLettered(reason) => Some(reason),
        }
    }
}

/// Lines for people: one for each attempt, for each event, and for each delivery without success.
#[derive(Clone, Copy, Debug)]
pub struct Lines;

impl Recorder for Lines {
    fn attempt(&self, subject: &Subject<'_>, attempt: &EndedAttempt<'_>) {
        let (key, record) = (subject.key, attempt.record);
        tracing::info!(
            delivery.id = %key,
            channel = %key.channel,
            plugin = %subject.plugin,
            attempt.number = record.number,
            outcome = %record.outcome,
            duration_ms = record.duration_ms,
            detail = %record.detail,
            "attempt {} of {key} ended: {}", record.number, record.outcome
        );
    }

    /// Somebody is not told: that is for the operator to see, whatever level the log is cut at.
    fn delivery(&self, subject: &Subject<'_>, delivery: &EndedDelivery<'_>) {
        let key = subject.key;
        if let Some(reason) = delivery.ending.failure() {
            tracing::error!(
                delivery.id = %key,
                channel = %key.channel,
                plugin = %subject.plugin,
                "{key} is {}: {reason}", delivery.ending.name()
            );
        }
    }

    fn event(&self, report: &Report) {
        tracing::info!(event = report.event, result = ?report.result, "the event ended");
    }
}
