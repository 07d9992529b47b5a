//! Flapping: a device that changes to and fro is told once, then not until it is stable.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::alert::came_from_good;
use super::later;
use super::policy::Policy;
use super::state::{DeviceState, Latest};

/// Most changes that are remembered: the bound of the state, and of [`FlappingPolicy::changes`].
const MOST_CHANGES: usize = 32;

/// When a device counts as flapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlappingPolicy {
    /// How many changes from or to a bad status; at most 32.
    pub changes: usize,
    /// Within how much time, as the device counts it.
    pub window: Duration,
    /// For how long nothing may change before it is told again.
    pub settle: Duration,
}

impl Default for FlappingPolicy {
    /// Two alerts with their recoveries are told within ten minutes; the third is flapping.
    fn default() -> Self {
        let ten_minutes = Duration::from_secs(10 * 60);
        Self { changes: 5, window: ten_minutes, settle: ten_minutes }
    }
}

/// The last changes, and whether they are too many.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Flapping {
    changes: Vec<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    episode: Option<Episode>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Episode {
    /// When the last change arrived; by our clock, as the device's may be behind.
    last_change: Timestamp,
    /// The key of the news that told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notice: Option<String>,
}

impl Flapping {
    pub(super) fn is_open(&self) -> bool {
        self.episode.is_some()
    }

    pub(super) fn is_announced(&self) -> bool {
        self.episode.as_ref().is_some_and(|episode| episode.notice.is_some())
    }

    pub(super) fn count(&self) -> usize {
        self.changes.len()
    }

    pub(super) fn announce(&mut self, key: &str) {
        if let Some(episode) = &mut self.episode {
            episode.notice = Some(key.to_owned());
        }
    }

    /// Nobody heard of it: the next change tells it again.
    pub(super) fn lost(&mut self, key: &str) {
        if let Some(episode) = &mut self.episode {
            episode.notice.take_if(|notice| notice == key);
        }
    }

    /// When it counts as stable, unless something changes before.
    pub(super) fn settles_at(&self, policy: &Policy) -> Option<Timestamp> {
        let settle = policy.flapping.as_ref().map(|flapping| flapping.settle).unwrap_or_default();
        self.episode.as_ref().map(|episode| later(episode.last_change, settle))
    }

    fn note(&mut self, at: Timestamp, count: usize, flapping: &FlappingPolicy, now: Timestamp) {
        self.changes.extend(std::iter::repeat_n(at, count));
        self.changes.retain(|change| later(*change, flapping.window) >= at);
        self.changes.drain(..self.changes.len().saturating_sub(MOST_CHANGES));
        match &mut self.episode {
            Some(episode) => episode.last_change = now,
            None if self.changes.len() >= flapping.changes.min(MOST_CHANGES) => {
                self.episode = Some(Episode { last_change: now, notice: None });
            }
            None => {}
        }
    }
}

/// Counts the change from the status before to the newest one.
pub(super) fn note(state: &mut DeviceState, before: Option<&Latest>, policy: &Policy, now: Timestamp) {
    let (Some(flapping), Some(latest)) = (&policy.flapping, &state.latest) else { return };
    let was_bad = before.is_some_and(|before| before.bad);
    let count = match (was_bad, latest.bad) {
        // What a device did hours ago says nothing about what it does now.
        _ if latest.stale => 0,
        (false, false) => 0,
        // There and back, though only one of both was seen.
        (true, true) if came_from_good(latest, policy) => 2,
        (true, true) => usize::from(before.is_some_and(|before| before.status != latest.status)),
        _ => 1,
    };
    if count > 0 {
        state.flapping.note(latest.occurred_at, count, flapping, now);
    }
}

/// Ends the flapping if nothing has changed for long enough; says whether it did.
pub(super) fn settle(state: &mut DeviceState, policy: &Policy, now: Timestamp) -> bool {
    let is_stable = state.flapping.settles_at(policy).is_some_and(|at| at <= now);
    if is_stable {
        state.flapping = Flapping::default();
        if let Some(alert) = &mut state.alert {
            alert.owe();
        }
    }
    is_stable
}
