//! How one attempt ended, whoever says so: the plugin, the sandbox around it, or the provider's silence.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::notification::Receipt;

/// The end of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The provider has the message.
    Delivered(Receipt),
    /// The provider asked to wait; `None` if it did not say how long.
    RateLimited(Option<Duration>),
    /// It may work later without any change.
    Transient,
    /// The provider refuses this content.
    ContentRefused,
    /// It will never work for this message.
    Rejected,
    /// It will never work until somebody changes settings, secrets or grants.
    Misconfigured,
    /// The plugin broke or used up its memory or processor budget.
    Trapped,
    /// The plugin did not come back before its deadline; the provider had not been asked.
    TimedOut,
    /// The host refused something the plugin did.
    Denied,
    /// A request was written and no answer came: the message may have been delivered.
    Unknown,
}

/// The name of an [`Outcome`], for logs, metrics and answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the variants are those of `Outcome`")]
pub enum OutcomeKind {
    Delivered,
    RateLimited,
    Transient,
    ContentRefused,
    Rejected,
    Misconfigured,
    Trapped,
    TimedOut,
    Denied,
    Unknown,
}

impl Outcome {
    /// Its name.
    #[must_use]
    pub fn kind(&self) -> OutcomeKind {
        match self {
            Self::Delivered(_) => OutcomeKind::Delivered,
            Self::RateLimited(_) => OutcomeKind::RateLimited,
            Self::Transient => OutcomeKind::Transient,
            Self::ContentRefused => OutcomeKind::ContentRefused,
            Self::Rejected => OutcomeKind::Rejected,
            Self::Misconfigured => OutcomeKind::Misconfigured,
            Self::Trapped => OutcomeKind::Trapped,
            Self::TimedOut => OutcomeKind::TimedOut,
            Self::Denied => OutcomeKind::Denied,
            Self::Unknown => OutcomeKind::Unknown,
        }
    }
}

impl OutcomeKind {
    /// The name as it is written everywhere.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::RateLimited => "rate-limited",
            Self::Transient => "transient",
            Self::ContentRefused => "content-refused",
            Self::Rejected => "rejected",
            Self::Misconfigured => "misconfigured",
            Self::Trapped => "trapped",
            Self::TimedOut => "timed-out",
            Self::Denied => "denied",
            Self::Unknown => "unknown",
        }
    }
}

impl std::fmt::Display for OutcomeKind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}

/// One finished attempt, as it is kept and reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptReport {
    /// How it ended.
    pub outcome: Outcome,
    /// One sentence for the operator; never holds a secret. Empty for a plain success.
    pub detail: String,
    /// What the next attempt goes on from.
    pub resume: String,
    /// What the plugin wrote to its log, one line each.
    pub guest_log: Vec<String>,
    /// Wall time of the attempt.
    pub duration: Duration,
    /// What it used.
    pub usage: Usage,
}

/// What an attempt used, as far as the sandbox measures it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Requests that the plugin made, those included that the host refused.
    pub requests: u32,
    /// The HTTP status of the last answer.
    pub http_status: Option<u16>,
    /// Processor time of the plugin in steps of the sandbox's clock, 10 ms; zero for most.
    pub cpu: Duration,
    /// Bytes of memory that the plugin had at the end. It never gives any back, so that is the most.
    pub memory: usize,
}
