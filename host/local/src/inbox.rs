//! The inbox: what was caught on its way to the providers, the latest of it, in memory.
//!
//! Requests are kept as they were made. While deliveries are caught the host fills in example secrets, so there is
//! nothing to mask.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::fakes::{Answer, CaughtRequest, Shown};

/// Requests kept unless the caller says otherwise: more than anybody scrolls through.
pub const CAPACITY: usize = 500;

/// Bytes of bodies kept, so that few large requests do no more harm than many small ones.
const BODY_BYTES: usize = 64 * 1024 * 1024;

/// A caught request and what became of it.
#[derive(Clone, Debug)]
pub struct Caught {
    /// Counted from 1; never given twice.
    pub id: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// What the plugin sent, addressed as the plugin wrote it.
    pub request: CaughtRequest,
    /// What it was answered, also if the answer was lost on its way; `None` if a fault let the provider answer nothing.
    pub answer: Option<Answer>,
    /// The fault that struck, as text.
    pub fault: Option<String>,
}

impl Caught {
    /// What people see of it, if anything.
    #[must_use]
    pub fn shown(&self) -> Option<&Shown> {
        self.answer.as_ref()?.shown.as_ref()
    }

    fn body_bytes(&self) -> usize {
        self.request.body.len() + self.answer.as_ref().map_or(0, |answer| answer.body.len())
    }
}

/// The store of [`Caught`] requests. The oldest go first when it is full.
#[derive(Debug)]
pub struct Inbox {
    capacity: usize,
    state: Mutex<State>,
    latest: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct State {
    caught: VecDeque<Arc<Caught>>,
    body_bytes: usize,
    last_id: u64,
}

impl State {
    fn shrink(&mut self, capacity: usize) {
        while self.caught.len() > capacity || self.body_bytes > BODY_BYTES {
            let Some(oldest) = self.caught.pop_front() else { break };
            self.body_bytes -= oldest.body_bytes();
        }
    }
}

impl Default for Inbox {
    fn default() -> Self {
        Self::new(CAPACITY)
    }
}

impl Inbox {
    /// An empty inbox that keeps the latest `capacity` requests.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { capacity, state: Mutex::default(), latest: watch::Sender::new(0) }
    }

    /// Adds what was caught at `at` and returns its id.
    pub fn record(
        &self,
        at: Timestamp,
        request: CaughtRequest,
        answer: Option<Answer>,
        fault: Option<String>,
    ) -> u64 {
        let mut state = self.state();
        state.last_id += 1;
        let id = state.last_id;
        let caught = Caught { id, at, request, answer, fault };
        state.body_bytes += caught.body_bytes();
        state.caught.push_back(Arc::new(caught));
        state.shrink(self.capacity);
        // Under the lock, so that the id never goes back.
        self.latest.send_replace(id);
        id
    }

    /// Puts back what was caught in another life, oldest first; new ids follow those.
    pub fn restore(&self, caught: impl IntoIterator<Item = Caught>) {
        let mut state = self.state();
        for caught in caught {
            state.last_id = state.last_id.max(caught.id);
            state.body_bytes += caught.body_bytes();
            state.caught.push_back(Arc::new(caught));
        }
        state.shrink(self.capacity);
        self.latest.send_replace(state.last_id);
    }

    /// What was caught after `after`, or everything, oldest first.
    #[must_use]
    pub fn list(&self, after: Option<u64>) -> Vec<Arc<Caught>> {
        let after = after.unwrap_or(0);
        self.state().caught.iter().filter(|caught| caught.id > after).cloned().collect()
    }

    /// The request with this id, if it is still there.
    #[must_use]
    pub fn get(&self, id: u64) -> Option<Arc<Caught>> {
        self.state().caught.iter().find(|caught| caught.id == id).cloned()
    }

    /// Forgets everything and returns how many there were. Ids go on as if nothing had happened.
    pub fn clear(&self) -> usize {
        let mut state = self.state();
        state.body_bytes = 0;
        std::mem::take(&mut state.caught).len()
    }

    /// The first request after `after` that `wanted` accepts; waits for it at most `timeout`.
    pub async fn wait_for(
        &self,
        after: Option<u64>,
        wanted: impl Fn(&Caught) -> bool,
        timeout: Duration,
    ) -> Option<Arc<Caught>> {
        let search = async {
            let (mut latest, mut after) = (self.subscribe(), after);
            loop {
                let seen = *latest.borrow_and_update();
                if let Some(found) = self.list(after).into_iter().find(|caught| wanted(caught)) {
                    return Some(found);
                }
                after = after.max(Some(seen));
                latest.changed().await.ok()?;
            }
        };
        tokio::time::timeout(timeout, search).await.ok().flatten()
    }

    /// Hears of every new request by the latest id; [`Inbox::list`] gives what came since the one seen before.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.latest.subscribe()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
