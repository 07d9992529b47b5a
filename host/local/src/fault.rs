//! Faults: how a fake is made to misbehave, so that a channel meets in tests what a provider does on a bad day.
//!
//! [`Fault`] is the setting, [`FaultPlan`] decides request by request, and [`rate_limited`] words a refusal as the
//! provider would. Nothing here does I/O, sleeps or reads a clock.

mod plan;
mod random;
mod rate_limit;
mod text;

use std::time::Duration;

pub use plan::{Effect, EffectKind, FaultPlan};
pub use rate_limit::rate_limited;
pub use text::FaultParseError;

/// A fault as it is set. As text: `429:retry-after=3:times=1`, `500`, `reset:times=2`, `429:rate=1/s:burst=2`.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What happens.
    pub kind: FaultKind,
    /// How many requests it strikes before it is over; all, if `None`.
    pub times: Option<u32>,
    /// How likely a request is struck, from 0 to 1.
    pub probability: f64,
    /// How long a struck request waits before anything else happens to it.
    pub latency: Duration,
}

/// What happens to a request that a fault strikes.
#[derive(Clone, Debug, PartialEq)]
pub enum FaultKind {
    /// This answer.
    Status(FixedAnswer),
    /// The provider's own 429.
    RateLimited {
        /// The wait it asks for, in seconds; no hint at all, if `None`.
        retry_after: Option<f64>,
    },
    /// The provider's own 429 for requests beyond a rate; others pass.
    TokenBucket {
        /// Requests that pass in a second, on average.
        per_second: f64,
        /// Requests that pass at once after a pause.
        burst: u32,
    },
    /// The connection is closed without an answer, after the request was read.
    Reset,
    /// The same, but the request was accepted: only the answer is lost.
    Lost,
    /// Status 200 and random bytes.
    Garbage,
    /// No answer, ever.
    Hang,
    /// Nothing but the latency.
    Slow,
}

/// An answer that does not depend on the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedAnswer {
    /// 200 to 599.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The status in words, if `None`.
    pub body: Option<String>,
}

impl Fault {
    /// A fault that strikes every request at once.
    #[must_use]
    pub fn new(kind: FaultKind) -> Self {
        Self { kind, times: None, probability: 1.0, latency: Duration::ZERO }
    }

    /// The same fault for the next `times` requests only.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }
}
