//! What the operator chose. Without any choice it is good as it is.

use std::time::Duration;

use super::flapping::FlappingPolicy;
use super::quiet_hours::QuietHours;
use crate::notification::Severity;

/// How old an event may be and still be news.
const MAX_AGE: Duration = Duration::from_secs(15 * 60);

/// How long a stale event waits for a newer one. A device that was offline sends its queue within seconds, oldest
/// first; only the end of it is the device's state.
const STALE_WAIT: Duration = Duration::from_secs(30);

/// What is told of a device's transitions, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// What becomes of the recoveries.
    pub recoveries: Recoveries,
    /// How urgent an alert is. Quiet hours do not hold [`Severity::Critical`].
    pub severity: Severity,
    /// How old an event may be on arrival and still be told at once.
    pub max_age: Duration,
    /// How long an older one waits for the rest of the device's queue; zero tells it at once.
    pub stale_wait: Duration,
    /// How long a bad status has to last before it is told; zero tells it at once. What is over sooner is not told.
    pub lasting: Duration,
    /// When changes are no longer told one by one; `None` tells them all.
    pub flapping: Option<FlappingPolicy>,
    /// When people are not to be disturbed.
    pub quiet_hours: Option<QuietHours>,
    /// Whether the end of quiet hours is worth a line if all that was held is well again.
    pub all_clear: bool,
    /// How often an open alert is told again; `None` never.
    pub repeat: Option<Duration>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            recoveries: Recoveries::default(),
            severity: Severity::Error,
            max_age: MAX_AGE,
            stale_wait: STALE_WAIT,
            lasting: Duration::ZERO,
            flapping: Some(FlappingPolicy::default()),
            quiet_hours: None,
            all_clear: false,
            repeat: None,
        }
    }
}

/// What becomes of recoveries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Recoveries {
    /// They are told if the alert was.
    #[default]
    Told,
    /// They end the alert and are not told.
    Silent,
    /// The rule lets only bad statuses through. So a bad event that does not say where the device comes from is a
    /// transition of its own; nothing waits to see whether it lasts, and no reminder is sent, as nobody knows whether the alert
    /// still holds.
    Unseen,
}
