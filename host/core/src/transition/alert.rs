//! An alert period: from the first bad event until the recovery is told, or need not be.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::later;
use super::policy::{Policy, Recoveries};
use super::state::{DeviceState, Latest};

/// How many messages are remembered of a period: the first one and the last ones.
const MESSAGES: usize = 4;

/// What was told of a bad status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Alert {
    /// When the first bad event happened.
    pub(super) since: Timestamp,
    /// When it recovered, if that is not told yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) ended_at: Option<Timestamp>,
    /// The status that was told last; `None` if the current one is owed in any case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    announced: Option<String>,
    /// News that says something is wrong and was not taken back, oldest first.
    messages: Vec<Message>,
    last_at: Timestamp,
    /// No reminder before this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    not_before: Option<Timestamp>,
    pub(super) reminders: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Message {
    key: String,
    /// Whether a channel delivered it; `false` while that is not known.
    told: bool,
}

impl Alert {
    fn open(since: Timestamp) -> Self {
        Self {
            since,
            ended_at: None,
            announced: None,
            messages: Vec::new(),
            last_at: since,
            not_before: None,
            reminders: 0,
        }
    }

    /// Another period. The messages of the one before stay: they still say that something is wrong.
    fn reopen(&mut self, since: Timestamp) {
        *self = Self { messages: std::mem::take(&mut self.messages), ..Self::open(since) };
    }

    /// Whether something is to be told of `status`.
    pub(super) fn owes(&self, status: &str) -> bool {
        self.ended_at.is_some() || self.announced.as_deref() != Some(status)
    }

    /// The current status is to be told in any case.
    pub(super) fn owe(&mut self) {
        self.announced = None;
    }

    /// Whether no message tells it, and none is on its way.
    pub(super) fn is_unheard(&self) -> bool {
        self.messages.is_empty()
    }

    /// Whether the news under `key` says what this period is about.
    pub(super) fn holds(&self, key: &str) -> bool {
        self.messages.iter().any(|message| message.key == key)
    }

    pub(super) fn is_told(&self) -> bool {
        self.messages.iter().any(|message| message.told)
    }

    pub(super) fn is_on_its_way(&self) -> bool {
        self.messages.iter().any(|message| !message.told)
    }

    pub(super) fn told_keys(&self) -> Vec<String> {
        self.messages.iter().filter(|message| message.told).map(|message| message.key.clone()).collect()
    }

    pub(super) fn announce(&mut self, key: String, status: String, now: Timestamp) {
        if self.messages.len() >= MESSAGES {
            self.messages.remove(1);
        }
        self.messages.push(Message { key, told: false });
        self.announced = Some(status);
        self.last_at = now;
        self.not_before = None;
    }

    pub(super) fn told(&mut self, key: &str) {
        for message in self.messages.iter_mut().filter(|message| message.key == key) {
            message.told = true;
        }
    }

    /// If it was the last one, people know the status of an earlier one, or none.
    pub(super) fn lost(&mut self, key: &str) {
        if self.messages.last().is_some_and(|last| last.key == key && !last.told) {
            self.owe();
        }
        self.messages.retain(|message| message.told || message.key != key);
    }

    pub(super) fn remind_at(&self, repeat: std::time::Duration) -> Timestamp {
        let at = later(self.last_at, repeat);
        self.not_before.map_or(at, |not_before| at.max(not_before))
    }

    pub(super) fn remind_not_before(&mut self, time: Timestamp) {
        self.not_before = Some(time);
    }
}

/// Whether a bad event says that the device was well before, seen or not.
pub(super) fn came_from_good(latest: &Latest, policy: &Policy) -> bool {
    match latest.was_bad {
        Some(was_bad) => !was_bad,
        None => policy.recoveries == Recoveries::Unseen,
    }
}

/// Opens, continues or ends the alert period as the newest event says.
pub(super) fn follow(state: &mut DeviceState, policy: &Policy) {
    let Some(latest) = &state.latest else { return };
    let since = latest.occurred_at;
    match &mut state.alert {
        None if latest.bad => state.alert = Some(Alert::open(since)),
        None => {}
        Some(alert) if !latest.bad => {
            alert.ended_at.get_or_insert(since);
        }
        Some(alert) if alert.ended_at.is_some() || came_from_good(latest, policy) => alert.reopen(since),
        Some(_) => {}
    }
}
