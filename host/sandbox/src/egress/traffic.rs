//! What is known of an attempt's requests when its plugin is stopped halfway: shared with the outside of the store.

use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU32, Ordering};

/// The furthest that any request of the attempt came.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    /// Requests that have begun and not ended. Those that were given up in between stay: nobody knows how far they came.
    under_way: AtomicU32,
    /// One was written without an answer.
    unanswered: AtomicBool,
    /// One was answered.
    answered: AtomicBool,
    /// The HTTP status of the last answer; 0 if there was none.
    status: AtomicU16,
}

impl Traffic {
    pub(crate) fn started(&self) {
        self.under_way.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn ended(&self, written: bool, answered: bool) {
        if answered {
            self.answered.store(true, Ordering::Relaxed);
        } else if written {
            self.unanswered.store(true, Ordering::Relaxed);
        }
        self.under_way.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn answered(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }

    /// The HTTP status of the last answer.
    pub(crate) fn status(&self) -> Option<u16> {
        Some(self.status.load(Ordering::Relaxed)).filter(|status| *status != 0)
    }

    /// A request was written, or may have been, and its answer is not known.
    pub(crate) fn is_unanswered(&self) -> bool {
        self.unanswered.load(Ordering::Relaxed) || self.under_way.load(Ordering::Relaxed) > 0
    }

    /// Any request was written, answered or not.
    pub(crate) fn is_written(&self) -> bool {
        self.is_unanswered() || self.answered.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `wasi:http` sends several at a time: the end of one says nothing of another.
    #[test]
    fn a_request_that_was_given_up_is_not_forgotten_when_another_ends() {
        let traffic = Traffic::default();
        traffic.started();
        traffic.started();
        traffic.ended(false, false);
        assert!(traffic.is_unanswered() && traffic.is_written());
        traffic.ended(true, true);
        assert!(!traffic.is_unanswered() && traffic.is_written());
    }

    #[test]
    fn a_request_that_never_left_is_no_traffic() {
        let traffic = Traffic::default();
        assert!(!traffic.is_written());
        traffic.started();
        traffic.ended(false, false);
        assert!(!traffic.is_written());
    }
}
