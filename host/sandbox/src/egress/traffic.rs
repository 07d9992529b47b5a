//! What is known of an attempt's requests when its plugin is stopped halfway: shared with the outside of the store.

use std::sync::atomic::{AtomicU8, AtomicU16, Ordering};

/// The furthest that any request of the attempt came.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    /// Bit set: a request is under way, one was written without an answer, one was answered.
    bits: AtomicU8,
    /// The HTTP status of the last answer; 0 if there was none.
    status: AtomicU16,
}

const UNDER_WAY: u8 = 1;
const UNANSWERED: u8 = 2;
const ANSWERED: u8 = 4;

impl Traffic {
    pub(crate) fn started(&self) {
        self.bits.fetch_or(UNDER_WAY, Ordering::Relaxed);
    }

    pub(crate) fn ended(&self, written: bool, answered: bool) {
        let bit = match (written, answered) {
            (_, true) => ANSWERED,
            (true, false) => UNANSWERED,
            (false, false) => 0,
        };
        self.bits.fetch_or(bit, Ordering::Relaxed);
        self.bits.fetch_and(!UNDER_WAY, Ordering::Relaxed);
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
        self.bits.load(Ordering::Relaxed) & (UNDER_WAY | UNANSWERED) != 0
    }

    /// Any request was written, answered or not.
    pub(crate) fn is_written(&self) -> bool {
        self.bits.load(Ordering::Relaxed) != 0
    }
}
