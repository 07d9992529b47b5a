//! A ledger in memory: it lives and dies with its process, and holds a bounded number of deliveries.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use campanile_core::ledger::{
    self, AttemptRecord, Claim, DeliveryKey, DeliveryState, NotOwner, Progress, Record,
};
use jiff::Timestamp;

use crate::ledger::{Ledger, Letter, StoreError};

/// Deliveries that are kept: at two channels, the last 5 000 events of one execution environment.
const DELIVERIES: usize = 10_000;

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

    fn change(
        &self,
        key: &DeliveryKey,
        owner: &str,
        change: impl FnOnce(&mut Record),
    ) -> Result<(), StoreError> {
        match self.lock().records.get_mut(key).filter(|record| ledger::is_owner(record, owner)) {
            Some(record) => {
                change(record);
                Ok(())
            }
            None => Err(NotOwner { key: key.clone() }.into()),
        }
    }
}

impl Inner {
    fn write(&mut self, key: &DeliveryKey, record: Record) {
        if self.records.insert(key.clone(), record).is_none() {
            self.order.push_back(key.clone());
        }
        while self.records.len() > DELIVERIES {
            let Some(oldest) = self.order.pop_front() else { break };
            self.records.remove(&oldest);
        }
    }
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
        self.change(key, owner, |record| {
            record.attempts.push(attempt);
            record.progress = progress;
        })
    }

    async fn settle(&self, key: &DeliveryKey, owner: &str, state: DeliveryState) -> Result<(), StoreError> {
        self.change(key, owner, |record| record.state = state)
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
