//! News: one thing to tell about a device. The caller renders it and opens a delivery for each channel.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::notification::Severity;

/// One thing to tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct News {
    /// Names it in the ledger, and to [`told`](super::told) and [`lost`](super::lost): the event's key if an event's
    /// arrival caused it, otherwise a longer one.
    pub key: String,
    /// What it says.
    pub kind: NewsKind,
    /// The key of the event that it is about: the device's latest.
    pub event: String,
    /// The device.
    pub device_id: String,
    /// That event's status.
    pub status: String,
    /// The status before that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// When that event happened.
    pub occurred_at: Timestamp,
    /// How urgent it is.
    pub severity: Severity,
}

/// What there is to tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum NewsKind {
    /// The device went into a bad status.
    Alert,
    /// It is well again.
    Recovery {
        /// Keys of the news that told it was bad, oldest first: the messages to edit.
        alerts: Vec<String>,
        /// When the first bad event happened.
        since: Timestamp,
        /// From then to the recovery.
        after: Duration,
    },
    /// It is in a bad status, which was learnt late.
    Stale {
        /// How long ago it happened.
        age: Duration,
    },
    /// It changes to and fro, and no more changes are told until it stops.
    Flapping {
        /// How often it changed.
        changes: usize,
        /// In how much time.
        window: Duration,
        /// How long it must be stable to be told again.
        settle: Duration,
    },
    /// It stopped changing to and fro.
    Settled {
        /// Whether the status it settled in is a bad one.
        bad: bool,
        /// Keys of the news that told it was bad or changing, oldest first.
        alerts: Vec<String>,
    },
    /// It is still in a bad status.
    Reminder {
        /// Counted from 1 over the alert period.
        number: u32,
        /// Since the first bad event.
        elapsed: Duration,
    },
    /// Quiet hours are over and it is in a bad status that was not told. [`Summary::of`](super::Summary::of) makes one
    /// message of those of many devices.
    Digest {
        /// Since the first bad event.
        elapsed: Duration,
        /// How many events were held.
        held: u32,
    },
    /// Quiet hours are over and what was held is well again.
    AllClear {
        /// How many events were held.
        held: u32,
    },
}

impl NewsKind {
    /// Its name, for logs, keys and metrics.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Recovery { .. } => "recovery",
            Self::Stale { .. } => "stale",
            Self::Flapping { .. } => "flapping",
            Self::Settled { .. } => "settled",
            Self::Reminder { .. } => "reminder",
            Self::Digest { .. } => "digest",
            Self::AllClear { .. } => "all-clear",
        }
    }

    /// How urgent it is if an alert is as urgent as `alert`.
    pub(super) fn severity(&self, alert: Severity) -> Severity {
        match self {
            Self::Alert | Self::Reminder { .. } | Self::Digest { .. } | Self::Settled { bad: true, .. } => {
                alert
            }
            Self::Stale { .. } | Self::Flapping { .. } => alert.min(Severity::Warning),
            Self::Recovery { .. } | Self::Settled { bad: false, .. } | Self::AllClear { .. } => {
                alert.min(Severity::Info)
            }
        }
    }

    /// Whether it takes back what was told before.
    pub(super) fn ends_alert(&self) -> bool {
        matches!(self, Self::Recovery { .. } | Self::Settled { bad: false, .. })
    }
}
