//! Storms: when a whole site fails, its first alerts are told at once and the rest in one message.
//!
//! A pure state machine beside the one of the device. There is one [`Group`] for each group key that the caller makes of
//! an event, for example the site; its state is kept as a device's is. Folded news is still owed: whoever sends the
//! summary reports on each of its members, so that recoveries follow.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::later;
use super::news::News;
use super::summary::{Member, SUMMARY_MEMBERS, Summary};
use super::version::Version;
use crate::notification::Severity;

/// Most alerts that are told at once in a window, whatever the policy says: the bound of the state.
const MOST_AT_ONCE: usize = 16;

/// Most summaries that wait to be told: windows end one after the other, and a tick comes in between.
const MOST_ENDED: usize = 4;

/// When alerts of a group are folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StormPolicy {
    /// How long alerts are counted from the first one on.
    pub window: Duration,
    /// Which alert in a window makes it a storm: those before it are told at once, it and the next ones are folded.
    pub threshold: usize,
}

impl Default for StormPolicy {
    /// Two devices that fail together are two messages; a gateway fails with all of its devices within a minute.
    fn default() -> Self {
        Self { window: Duration::from_secs(60), threshold: 3 }
    }
}

/// What is known of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Group {
    version: Version,
    window: Option<Open>,
    /// Windows that are over, until somebody says that their summaries are told. Nothing joins them any more, so that whoever tells
    /// one again tells the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    ended: Vec<Ended>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Ended {
    at: Timestamp,
    summary: Summary,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Open {
    until: Timestamp,
    /// Keys of the news that was told at once.
    at_once: Vec<String>,
    folded: Vec<Member>,
    /// How many more there are than `folded` can hold.
    more: usize,
    /// That of the most urgent folded alert.
    severity: Severity,
}

/// What an alert of a group comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// To be written before anything is told.
    pub group: Group,
    /// What is done with the alert.
    pub fold: Fold,
    /// The summary of the window before, if nobody has closed it.
    pub summary: Option<Summary>,
}

/// What is done with an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// It is told at once, on its own.
    AtOnce,
    /// A summary will name it.
    Folded {
        /// When the window ends.
        until: Timestamp,
    },
    /// A summary will count it, but can not name it: report it as told now, as nobody will later.
    Counted {
        /// When the window ends.
        until: Timestamp,
    },
}

/// Takes an alert into its group. The same alert again changes nothing, unless it was only counted.
#[must_use]
pub fn join(group: &Group, news: &News, policy: &StormPolicy, now: Timestamp) -> Joined {
    let Closed { mut group, summary } = close(group, now);
    let until = later(now, policy.window);
    let open = group.window.get_or_insert_with(|| Open {
        until,
        at_once: Vec::new(),
        folded: Vec::new(),
        more: 0,
        severity: Severity::default(),
    });
    let fold = open.add(news, policy);
    Joined { group, fold, summary }
}

/// When [`close`] has something to do, or a summary is to be told.
#[must_use]
pub fn due(group: &Group) -> Option<Timestamp> {
    let ended = group.ended.iter().map(|ended| ended.at);
    ended.chain(group.window.as_ref().map(|open| open.until)).min()
}

/// What the end of a window comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    /// To be written before anything is told.
    pub group: Group,
    /// What is told of the folded alerts, if there are any.
    pub summary: Option<Summary>,
}

/// Ends the window if it is over at `now`. Its summary is kept until [`forget`].
#[must_use]
pub fn close(group: &Group, now: Timestamp) -> Closed {
    let mut group = group.clone();
    let ended = group.window.take_if(|open| open.until <= now);
    let ended = ended.and_then(|open| Some(Ended { at: open.until, summary: open.summary()? }));
    let summary = ended.as_ref().map(|ended| ended.summary.clone());
    group.ended.extend(ended);
    // The alerts of one that is dropped are told one by one: nobody has reported on them.
    group.ended.drain(..group.ended.len().saturating_sub(MOST_ENDED));
    Closed { group, summary }
}

/// These summaries are told.
#[must_use]
pub fn forget(group: &Group, told: &[Summary]) -> Group {
    let mut group = group.clone();
    group.ended.retain(|ended| !told.contains(&ended.summary));
    group
}

impl Group {
    /// The summaries of windows that are over, oldest first.
    pub fn untold(&self) -> impl Iterator<Item = &Summary> {
        self.ended.iter().map(|ended| &ended.summary)
    }
}

impl Open {
    fn summary(self) -> Option<Summary> {
        let Self { folded: members, more, severity, .. } = self;
        let key = format!("{}/storm", members.first()?.key);
        Some(Summary { key, members, more, severity })
    }

    fn add(&mut self, news: &News, policy: &StormPolicy) -> Fold {
        let until = self.until;
        if self.at_once.contains(&news.key) {
            return Fold::AtOnce;
        }
        if self.folded.iter().any(|member| member.key == news.key) {
            return Fold::Folded { until };
        }
        // The first one is always told at once.
        let most = policy.threshold.saturating_sub(1).clamp(1, MOST_AT_ONCE);
        if self.at_once.len() < most {
            self.at_once.push(news.key.clone());
            return Fold::AtOnce;
        }
        self.severity = self.severity.max(news.severity);
        if self.folded.len() < SUMMARY_MEMBERS {
            self.folded.push(Member::of(news));
            Fold::Folded { until }
        } else {
            self.more = self.more.saturating_add(1);
            Fold::Counted { until }
        }
    }
}
