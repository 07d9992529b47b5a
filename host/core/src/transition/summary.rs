//! One message about many devices: the end of quiet hours, or of a storm.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::news::News;
use crate::notification::Severity;

/// How many devices a summary names; the others are only counted.
pub const SUMMARY_MEMBERS: usize = 100;

/// One device in a summary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Member {
    /// The key of the news that the summary tells instead: the one to report on.
    pub key: String,
    /// The device.
    pub device_id: String,
    /// Its status.
    pub status: String,
    /// When it went into that status.
    pub occurred_at: Timestamp,
    /// How urgent its own news would be.
    pub severity: Severity,
}

/// One message about many devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Summary {
    /// Names it in the ledger.
    pub key: String,
    /// The devices, oldest news first.
    pub members: Vec<Member>,
    /// How many more there are.
    pub more: usize,
    /// That of the most urgent member.
    pub severity: Severity,
}

impl Member {
    pub(super) fn of(news: &News) -> Self {
        Self {
            key: news.key.clone(),
            device_id: news.device_id.clone(),
            status: news.status.clone(),
            occurred_at: news.occurred_at,
            severity: news.severity,
        }
    }
}

impl Summary {
    /// One message of all of `news`; the same one in whatever order they come. `None` if there is nothing to tell.
    ///
    /// Those beyond [`SUMMARY_MEMBERS`] are not named, but the message stands for them as well.
    #[must_use]
    pub fn of<'n>(news: impl IntoIterator<Item = &'n News>) -> Option<Self> {
        let mut members: Vec<Member> = news.into_iter().map(Member::of).collect();
        members.sort_by(|one, other| (one.occurred_at, &one.key).cmp(&(other.occurred_at, &other.key)));
        let key = format!("{}/summary", members.first()?.key);
        let severity = members.iter().map(|member| member.severity).max()?;
        let more = members.len().saturating_sub(SUMMARY_MEMBERS);
        members.truncate(SUMMARY_MEMBERS);
        Some(Self { key, members, more, severity })
    }
}
