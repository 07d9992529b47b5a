//! The last events by key, and the news that is not reported on yet.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::news::News;
use super::{between, later};

/// How many keys are kept. A repeated event that is forgotten is older than the watermark, so it is told apart still;
/// only what it told can then not be resumed.
pub(super) const RECENT_KEYS: usize = 16;

/// How long nobody may report on news before the tick gives it out again. Longer than an invocation with its waits; and
/// doubled each time, as what breaks a caller once may do so for days.
const REPORT_TIME: Duration = Duration::from_secs(5 * 60);

/// The last keys, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Recent(Vec<Seen>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Seen {
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    news: Option<News>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unreported: Option<Unreported>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Unreported {
    since: Timestamp,
    again_at: Timestamp,
}

impl Recent {
    pub(super) fn holds(&self, key: &str) -> bool {
        self.0.iter().any(|seen| seen.key == key)
    }

    /// What was told under `key`.
    pub(super) fn news(&self, key: &str) -> Option<&News> {
        self.0.iter().find(|seen| seen.key == key)?.news.as_ref()
    }

    /// Notes an event.
    pub(super) fn note(&mut self, key: &str) {
        self.push(Seen { key: key.to_owned(), news: None, unreported: None });
    }

    /// Notes what is told from `now` on, until somebody reports on it.
    pub(super) fn keep(&mut self, news: &News, now: Timestamp) {
        let unreported = Some(Unreported { since: now, again_at: later(now, REPORT_TIME) });
        let kept = Seen { key: news.key.clone(), news: Some(news.clone()), unreported };
        match self.0.iter_mut().find(|seen| seen.key == news.key) {
            Some(seen) => *seen = kept,
            None => self.push(kept),
        }
    }

    /// Whoever reports on `key` ends its repetition.
    pub(super) fn report(&mut self, key: &str) {
        if let Some(seen) = self.0.iter_mut().find(|seen| seen.key == key) {
            seen.unreported = None;
        }
    }

    /// When news is to be given out again.
    pub(super) fn due(&self) -> Option<Timestamp> {
        self.0.iter().filter_map(|seen| seen.unreported.as_ref()).map(|unreported| unreported.again_at).min()
    }

    /// The news to give out again.
    pub(super) fn resume(&mut self, now: Timestamp) -> Vec<News> {
        let mut resumed = Vec::new();
        for seen in &mut self.0 {
            let (Some(news), Some(unreported)) = (&seen.news, &mut seen.unreported) else { continue };
            if unreported.again_at <= now {
                unreported.again_at = later(now, between(unreported.since, now));
                resumed.push(news.clone());
            }
        }
        resumed
    }

    /// What nobody reported on is forgotten last.
    fn push(&mut self, seen: Seen) {
        if self.0.len() >= RECENT_KEYS {
            let reported = self.0.iter().position(|old| old.unreported.is_none());
            self.0.remove(reported.unwrap_or_default());
        }
        self.0.push(seen);
    }
}
