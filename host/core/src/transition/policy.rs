//! What the operator chose. Without any choice it is good as it is.

use std::collections::BTreeSet;
use std::time::Duration;

use super::flapping::FlappingPolicy;
use super::quiet_hours::QuietHours;
use crate::notification::Severity;
use crate::route::DEFAULT_MAX_AGE;

/// The status that the hot path is about.
const INACTIVE: &str = "INACTIVE";

/// How long a stale event waits for a newer one. A device that was offline sends its queue within seconds, oldest
/// first; only the end of it is the device's state.
const STALE_WAIT: Duration = Duration::from_secs(30);

/// What is told of a device's transitions, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Which statuses are bad.
    pub alerts: Alerts,
    /// What becomes of the other ones.
    pub recoveries: Recoveries,
    /// How urgent an alert is. Quiet hours do not hold [`Severity::Critical`].
    pub severity: Severity,
    /// How old an event may be on arrival and still be told at once.
    pub max_age: Duration,
    /// How long an older one waits for the rest of the device's queue; zero tells it at once.
    pub stale_wait: Duration,
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
            alerts: Alerts::default(),
            recoveries: Recoveries::default(),
            severity: Severity::Error,
            max_age: DEFAULT_MAX_AGE,
            stale_wait: STALE_WAIT,
            flapping: Some(FlappingPolicy::default()),
            quiet_hours: None,
            all_clear: false,
            repeat: None,
        }
    }
}

impl Policy {
    pub(super) fn is_bad(&self, status: &str) -> bool {
        match &self.alerts {
            Alerts::On(bad) => bad.contains(status),
            Alerts::OnAllBut(good) => !good.contains(status),
        }
    }
}

/// Which statuses are bad; every other one is a recovery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alerts {
    /// These.
    On(BTreeSet<String>),
    /// All but these.
    OnAllBut(BTreeSet<String>),
}

impl Default for Alerts {
    fn default() -> Self {
        Self::On(BTreeSet::from([INACTIVE.to_owned()]))
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
    /// transition of its own, and no reminder is sent, as nobody knows whether the alert still holds.
    Unseen,
}
