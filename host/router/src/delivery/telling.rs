//! What the invocation's recorder is told of a delivery.

use campanile_core::ledger::{AttemptRecord, Brief};
use campanile_core::outcome::AttemptReport;
use campanile_core::retry::Decision;
use campanile_store::{Ledger, States};

use super::{Delivery, Work, later};
use crate::record::{EndedAttempt, EndedDelivery, Ending, Subject};
use crate::runner::Runner;

impl<R: Runner, L: Ledger + States> Delivery<'_, R, L> {
    /// Tells the last attempt, and what follows from it.
    pub(super) fn tell_attempt(&self, work: &Work, made: &AttemptReport, decision: &Decision) {
        let Some(record) = work.attempts.last() else { return };
        let now = (self.clock)();
        let next_at = match decision {
            Decision::Retry { after, .. } | Decision::Later { after, .. } => Some(later(now, *after)),
            Decision::Delivered | Decision::Reject | Decision::Exhausted { .. } => None,
        };
        let attempt = EndedAttempt { record, usage: made.usage, decision, ended_at: now, next_at };
        self.invocation.recorder().attempt(&self.subject(&work.brief), &attempt);
    }

    /// Tells how the delivery ended; only after that is in the ledger, so that it is told once.
    pub(super) fn tell_end(&self, brief: &Brief, ending: Ending<'_>, attempts: &[AttemptRecord]) {
        let delivery = EndedDelivery { ending, ended_at: (self.clock)(), attempts: attempts.len() };
        self.invocation.recorder().delivery(&self.subject(brief), &delivery);
    }

    fn subject<'a>(&'a self, brief: &'a Brief) -> Subject<'a> {
        Subject { key: &self.key, brief, plugin: &self.channel.plugin, version: &self.channel.version }
    }
}
