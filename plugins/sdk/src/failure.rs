//! Short ways to make a [`Failure`].

use crate::{Failure, Reason};

impl Failure {
    /// A failure of `reason` with nothing to resume.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into(), resume: String::new() }
    }

    /// The provider asked to wait `milliseconds`; 0 if it did not say how long.
    pub fn rate_limited(milliseconds: u32, detail: impl Into<String>) -> Self {
        Self::new(Reason::RateLimited(milliseconds), detail)
    }

    /// It may work later without any change.
    pub fn transient(detail: impl Into<String>) -> Self {
        Self::new(Reason::Transient, detail)
    }

    /// The provider refuses this content; a simpler presentation may pass.
    pub fn content_refused(detail: impl Into<String>) -> Self {
        Self::new(Reason::ContentRefused, detail)
    }

    /// It will never work for this message.
    pub fn rejected(detail: impl Into<String>) -> Self {
        Self::new(Reason::Rejected, detail)
    }

    /// It will never work until somebody changes settings, secrets or grants.
    pub fn misconfigured(detail: impl Into<String>) -> Self {
        Self::new(Reason::Misconfigured, detail)
    }

    /// The same failure, with something for the next attempt to go on from.
    #[must_use]
    pub fn resuming(mut self, resume: impl Into<String>) -> Self {
        self.resume = resume.into();
        self
    }
}
