//! What is known of a device: small, versioned, and the only memory the engine has.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::alert::Alert;
use super::flapping::Flapping;
use super::news::News;
use super::policy::Policy;
use super::recent::Recent;
use super::standing::Standing;
use super::version::Version;
use super::waiting::Waiting;
use crate::event::Event;

/// Everything the engine knows of one device under one policy. All lists in it are bounded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct DeviceState {
    version: Version,
    /// The newest event, which is the watermark as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) latest: Option<Latest>,
    /// Keys and news of the last events.
    pub(super) recent: Recent,
    /// The alert period that is open, or whose recovery is not told yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) alert: Option<Alert>,
    /// The last changes between good and bad.
    pub(super) flapping: Flapping,
    /// What keeps the news back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) waiting: Option<Waiting>,
    /// Counts the news that no event's arrival caused, to give each a key of its own.
    pub(super) numbered: u32,
}

/// What is kept of the newest event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Latest {
    pub(super) key: String,
    pub(super) device_id: String,
    pub(super) status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) previous: Option<String>,
    pub(super) occurred_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) seq: Option<u64>,
    /// Whether the route alerts on it.
    pub(super) bad: bool,
    /// Whether it would have alerted on the status before, if the event says what that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) was_bad: Option<bool>,
    /// Whether it was older than the policy's `max_age` when it arrived.
    pub(super) stale: bool,
}

impl Latest {
    pub(super) fn of(event: &Event, standing: Standing, policy: &Policy, now: Timestamp) -> Self {
        Self {
            key: event.key.clone(),
            device_id: event.device_id.clone(),
            status: event.status.clone(),
            previous: event.previous.clone(),
            occurred_at: event.occurred_at,
            seq: event.seq,
            bad: standing.bad,
            was_bad: standing.was_bad,
            stale: event.age(now) > policy.max_age,
        }
    }
}

impl DeviceState {
    /// The status of the newest event, whatever order the events came in.
    #[must_use]
    pub fn status(&self) -> Option<&str> {
        self.latest.as_ref().map(|latest| latest.status.as_str())
    }

    /// When the newest event happened.
    #[must_use]
    pub fn changed_at(&self) -> Option<Timestamp> {
        self.latest.as_ref().map(|latest| latest.occurred_at)
    }

    /// Since when the device is in a bad status; `None` if it is not.
    #[must_use]
    pub fn bad_since(&self) -> Option<Timestamp> {
        self.alert.as_ref().filter(|alert| alert.ended_at.is_none()).map(|alert| alert.since)
    }

    /// What was told under `key`, as long as that is remembered.
    #[must_use]
    pub fn news(&self, key: &str) -> Option<&News> {
        self.recent.news(key)
    }

    /// Whether news still says how the device is, so that it may be told after newer news.
    pub(super) fn is_current(&self, news: &News) -> bool {
        let holds = self.alert.as_ref().is_some_and(|alert| alert.holds(&news.key));
        holds && self.status() == Some(news.status.as_str())
    }

    /// Whether its changes are not told one by one at the moment.
    #[must_use]
    pub fn is_flapping(&self) -> bool {
        self.flapping.is_open()
    }
}
