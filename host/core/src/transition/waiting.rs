//! What keeps the device's news back until a time.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Why, and until when, the news waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "for")]
pub(super) enum Waiting {
    /// For a newer event than the stale one that came last.
    Newer { until: Timestamp },
    /// To see whether the bad status lasts.
    Lasting { until: Timestamp },
    /// For the end of quiet hours.
    QuietEnd {
        until: Timestamp,
        /// How many events were held.
        held: u32,
    },
}

impl Waiting {
    pub(super) fn until(&self) -> Timestamp {
        match self {
            Self::Newer { until } | Self::Lasting { until } | Self::QuietEnd { until, .. } => *until,
        }
    }

    pub(super) fn held(&self) -> u32 {
        match self {
            Self::Newer { .. } | Self::Lasting { .. } => 0,
            Self::QuietEnd { held, .. } => *held,
        }
    }
}
