//! The processes that live, and how one of them is made to crash.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// By the number of their environment.
#[derive(Clone, Debug, Default)]
pub(super) struct Living(Arc<Mutex<BTreeMap<u32, Arc<Notify>>>>);

/// A process among the living, until this is dropped.
#[derive(Debug)]
pub(super) struct Alive {
    number: u32,
    crash: Arc<Notify>,
    living: Living,
}

impl Living {
    pub(super) fn enter(&self, number: u32) -> Alive {
        let crash = Arc::<Notify>::default();
        self.processes().insert(number, Arc::clone(&crash));
        Alive { number, crash, living: self.clone() }
    }

    pub(super) fn numbers(&self) -> Vec<u32> {
        self.processes().keys().copied().collect()
    }

    /// Whether there is such a process.
    pub(super) fn crash(&self, number: u32) -> bool {
        self.processes().get(&number).inspect(|crash| crash.notify_one()).is_some()
    }

    fn processes(&self) -> MutexGuard<'_, BTreeMap<u32, Arc<Notify>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Alive {
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// Returns when the process is to crash.
    pub(super) async fn crash(&self) {
        self.crash.notified().await;
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.living.processes().remove(&self.number);
    }
}
