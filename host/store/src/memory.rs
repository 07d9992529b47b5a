//! A ledger in memory: it lives and dies with its process, and keeps a bounded number of deliveries and bytes.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use campanile_core::ledger::{
    self, AttemptRecord, Claim, DeliveryKey, DeliveryState, NotOwner, Progress, Record,
};
use jiff::Timestamp;

use crate::ledger::{Ledger, Letter, StoreError};

/// Deliveries that are kept: at two channels, the last 5 000 events of one execution environment.
const DELIVERIES: usize = 10_000;

/// Bytes of attempts that are kept: what a plugin logs has up to 64 KiB for each, and a function has 128 MiB or more for
/// everything.
const ATTEMPT_BYTES: usize = 16 * 1024 * 1024;

/// Dead letters that are kept; each is logged as well.
const LETTERS: usize = 100;

/// Records in a map, oldest out first.
#[derive(Debug, Default)]
pub struct MemoryLedger {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    records: HashMap<DeliveryKey, Record>,
    order: VecDeque<DeliveryKey>,
    attempt_bytes: usize,
    letters: VecDeque<Letter>,
}

impl MemoryLedger {
    /// The dead letters, oldest first.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        self.lock().letters.iter().cloned().collect()
    }

    /// What is kept of a delivery.
    #[must_use]
    pub fn find(&self, key: &DeliveryKey) -> Option<Record> {
        self.lock().records.get(key).cloned()
    }

    /// A panic elsewhere leaves whole records: each write is one assignment.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn write(&mut self, key: &DeliveryKey, record: Record) {
        if self.records.insert(key.clone(), record).is_none() {
            self.order.push_back(key.clone());
        }
        self.forget();
    }

    /// The record of `key` if `owner` has it.
    fn owned(&mut self, key: &DeliveryKey, owner: &str) -> Result<&mut Record, NotOwner> {
        let record = self.records.get_mut(key).filter(|record| ledger::is_owner(record, owner));
        record.ok_or_else(|| NotOwner { key: key.clone() })
    }

    /// Lets the oldest go until the rest is within bounds.
    fn forget(&mut self) {
        while self.records.len() > DELIVERIES || self.attempt_bytes > ATTEMPT_BYTES {
            let Some(oldest) = self.order.pop_front() else { break };
            let forgotten = self.records.remove(&oldest).map_or_else(Vec::new, |record| record.attempts);
            self.attempt_bytes -= forgotten.iter().map(size).sum::<usize>();
        }
    }
}

/// Bytes of an attempt, roughly.
fn size(attempt: &AttemptRecord) -> usize {
    let lines = attempt.guest_log.iter().map(|line| size_of::<String>() + line.len());
    size_of::<AttemptRecord>() + attempt.detail.len() + lines.sum::<usize>()
}

impl Ledger for MemoryLedger {
    async fn claim(
        &self,
        key: &DeliveryKey,
        owner: &str,
        lease_until: Timestamp,
        now: Timestamp,
    ) -> Result<Claim, StoreError> {
        let mut inner = self.lock();
        let claim = ledger::claim(inner.records.get(key).cloned(), owner, lease_until, now);
        if let Claim::Granted(record) = &claim {
            inner.write(key, record.clone());
        }
        Ok(claim)
    }

    async fn record(
        &self,
        key: &DeliveryKey,
        owner: &str,
        attempt: AttemptRecord,
        progress: Progress,
    ) -> Result<(), StoreError> {
        let mut inner = self.lock();
        let size = size(&attempt);
        let record = inner.owned(key, owner)?;
        record.attempts.push(attempt);
        record.progress = progress;
        inner.attempt_bytes += size;
        inner.forget();
        Ok(())
    }

    async fn settle(&self, key: &DeliveryKey, owner: &str, state: DeliveryState) -> Result<(), StoreError> {
        self.lock().owned(key, owner)?.state = state;
        Ok(())
    }

    async fn bury(&self, letter: Letter) -> Result<(), StoreError> {
        let mut inner = self.lock();
        if inner.letters.len() >= LETTERS {
            inner.letters.pop_front();
        }
        inner.letters.push_back(letter);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use campanile_core::notification::Presentation;
    use campanile_core::outcome::OutcomeKind;

    use super::*;

    fn key(event: usize) -> DeliveryKey {
        DeliveryKey { device: "a".into(), event: event.to_string(), channel: "family".into() }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[tokio::test]
    async fn of_two_workers_one_gets_the_delivery() {
        let ledger = MemoryLedger::default();
        let first = ledger.claim(&key(1), "a", at(30), at(0)).await.unwrap();
        assert!(matches!(first, Claim::Granted(_)));
        assert_eq!(ledger.claim(&key(1), "b", at(30), at(0)).await.unwrap(), Claim::Held { until: at(30) });
        let rejected = DeliveryState::Rejected { reason: "gone".into() };
        assert!(ledger.settle(&key(1), "b", rejected.clone()).await.is_err());
        ledger.settle(&key(1), "a", rejected).await.unwrap();
        assert!(matches!(ledger.claim(&key(1), "b", at(60), at(31)).await.unwrap(), Claim::Ended(_)));
    }

    fn attempt(guest_log: Vec<String>) -> AttemptRecord {
        AttemptRecord {
            number: 1,
            started_at: at(0),
            duration_ms: 1,
            presentation: Presentation::Rich,
            outcome: OutcomeKind::Transient,
            detail: "HTTP 500".into(),
            guest_log,
        }
    }

    #[tokio::test]
    async fn what_plugins_log_is_bounded_too() {
        let ledger = MemoryLedger::default();
        let events = 2 * ATTEMPT_BYTES / (64 * 1024);
        for event in 0..events {
            ledger.claim(&key(event), "a", at(30), at(0)).await.unwrap();
            let attempt = attempt(vec!["x".repeat(64 * 1024)]);
            ledger.record(&key(event), "a", attempt, Progress::default()).await.unwrap();
        }
        assert!(ledger.find(&key(0)).is_none());
        assert_eq!(ledger.find(&key(events - 1)).unwrap().attempts.len(), 1);
        let inner = ledger.lock();
        assert!(inner.attempt_bytes <= ATTEMPT_BYTES);
        let kept = inner.records.values().flat_map(|record| &record.attempts).map(size).sum::<usize>();
        assert_eq!(inner.attempt_bytes, kept);
        assert_eq!(inner.order.len(), inner.records.len());
    }

    #[tokio::test]
    async fn memory_is_bounded() {
        let ledger = MemoryLedger::default();
        for event in 0..DELIVERIES + 100 {
            ledger.claim(&key(event), "a", at(30), at(0)).await.unwrap();
        }
        assert!(ledger.find(&key(99)).is_none());
        assert!(ledger.find(&key(100)).is_some());
        assert_eq!(ledger.lock().records.len(), DELIVERIES);
    }
}
