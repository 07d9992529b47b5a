//! The messages of one route about one device, in the order in which people are to read them.

use serde::{Deserialize, Serialize};

/// How many are remembered: as many as the engine remembers keys.
const MESSAGES: usize = 16;

/// Names a message that tells a piece of news.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Message {
    /// The key of the news.
    pub news: String,
    /// The summary that tells it; `None` if it is told on its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<SummaryName>,
}

/// Names a summary as its deliveries do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SummaryName {
    /// The device that its deliveries are kept under: that of its first member.
    pub device: String,
    /// Its key.
    pub key: String,
}

/// Messages, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Sequence(Vec<Message>);

impl Sequence {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gives `news` the last place unless it has one, and tells what comes before it.
    pub(super) fn place(&mut self, news: &str) -> Vec<Message> {
        let place = self.0.iter().position(|message| message.news == news).unwrap_or_else(|| {
            if self.0.len() >= MESSAGES {
                self.0.remove(0);
            }
            self.0.push(Message { news: news.to_owned(), summary: None });
            self.0.len() - 1
        });
        self.0.iter().take(place).cloned().collect()
    }

    /// Whether nothing comes after `news`.
    pub(super) fn may_follow(&self, news: &str) -> bool {
        let place = self.0.iter().position(|message| message.news == news);
        place.is_none_or(|place| place + 1 == self.0.len())
    }

    /// What comes before and after `news`.
    pub(super) fn around(&self, news: &str) -> (&[Message], &[Message]) {
        let Some(place) = self.0.iter().position(|message| message.news == news) else {
            return Default::default();
        };
        let (before, rest) = self.0.split_at(place);
        (before, rest.split_first().map(|(_, after)| after).unwrap_or_default())
    }

    /// Whether a summary told `news`.
    pub(super) fn is_summed_up(&self, news: &str) -> bool {
        self.0.iter().any(|message| message.news == news && message.summary.is_some())
    }

    /// Notes which message it was that told `news`.
    pub(super) fn told(&mut self, news: &str, summary: Option<SummaryName>) {
        if let Some(message) = self.0.iter_mut().find(|message| message.news == news) {
            message.summary = summary;
        }
    }
}
