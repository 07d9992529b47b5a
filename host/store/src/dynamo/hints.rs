//! What this process wrote last of the deliveries that it works on: saves reading an item again that nobody else may write.
//! Only a hint. A write that builds on one still has the condition that the item has not changed.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use campanile_core::ledger::DeliveryKey;

use super::item::Seen;

/// How many are kept: more deliveries than one invocation opens, and some MiB at most.
const HINTS: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Hints {
    kept: Mutex<VecDeque<(DeliveryKey, String, Seen)>>,
}

impl Hints {
    /// Keeps what `owner` wrote; nothing if nothing was written.
    pub(super) fn keep(&self, key: &DeliveryKey, owner: &str, seen: Option<Seen>) {
        let Some(seen) = seen else { return };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(other, ..)| other != key);
        if kept.len() >= HINTS {
            kept.pop_front();
        }
        kept.push_back((key.clone(), owner.to_owned(), seen));
    }

    pub(super) fn take(&self, key: &DeliveryKey, owner: &str) -> Option<Seen> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let index = kept.iter().position(|(other, by, _)| other == key && by == owner)?;
        kept.remove(index).map(|(_, _, seen)| seen)
    }
}
