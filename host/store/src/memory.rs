//! A ledger in memory: it lives and dies with its process, and keeps a bounded number of deliveries and bytes.

mod kept;
mod states;

use std::sync::{Mutex, MutexGuard, PoisonError};

use campanile_core::ledger::{
    self, AttemptRecord, Brief, Claim, DeliveryKey, DeliveryState, Progress, Record,
};
use jiff::Timestamp;

use self::kept::Kept;
use self::states::KeptStates;
use crate::ledger::{Ledger, Letter, StoreError};
use crate::page::{Cursor, Entry, Filter, PAGE_LIMIT, Page};

/// Records in a map, oldest out first.
#[derive(Debug, Default)]
pub struct MemoryLedger {
    kept: Mutex<Kept>,
    states: Mutex<KeptStates>,
}

impl MemoryLedger {
    /// A panic elsewhere leaves whole records: each write is one assignment.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ledger for MemoryLedger {
    async fn claim(
        &self,
        key: &DeliveryKey,
        brief: &Brief,
        owner: &str,
        lease_until: Timestamp,
        now: Timestamp,
    ) -> Result<Claim, StoreError> {
        let mut kept = self.lock();
        let claim = ledger::claim(kept.record(key).cloned(), brief, owner, lease_until, now);
        if let Some(record) = claim.to_write() {
            kept.write(key, record.clone());
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
        let mut kept = self.lock();
        let size = kept::size(&attempt);
        ledger::attempted(kept.record_mut(key), key, owner, attempt, progress)?;
        kept.grew(size);
        Ok(())
    }

    async fn settle(&self, key: &DeliveryKey, owner: &str, state: DeliveryState) -> Result<(), StoreError> {
        Ok(ledger::settled(self.lock().record_mut(key), key, owner, state)?)
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<DeliveryKey>, StoreError> {
        let kept = self.lock();
        let open = kept.records().filter(|(_, record)| record.is_current(now));
        let found = open.filter_map(|(key, record)| Some((record.state.due()?, key)));
        Ok(states::earliest(found, now, limit))
    }

    async fn reopen(&self, key: &DeliveryKey, now: Timestamp) -> Result<bool, StoreError> {
        Ok(ledger::reopened(self.lock().record_mut(key), now))
    }

    async fn find(&self, key: &DeliveryKey, now: Timestamp) -> Result<Option<Record>, StoreError> {
        Ok(ledger::current(self.lock().record(key).cloned(), now))
    }

    async fn list(
        &self,
        filter: &Filter,
        now: Timestamp,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Entry>, StoreError> {
        let limit = limit.clamp(1, PAGE_LIMIT);
        let kept = self.lock();
        let mut found: Vec<_> = kept
            .records()
            .filter(|(key, record)| filter.wants(key, &record.state) && record.is_current(now))
            .map(|(key, record)| (Cursor::of(key, record), key, record))
            .filter(|(cursor, ..)| after.as_ref().is_none_or(|after| cursor < after))
            .collect();
        found.sort_unstable_by(|(one, ..), (other, ..)| other.cmp(one));
        found.truncate(limit + 1);
        let entry = |key: &DeliveryKey, record: &Record| Entry { key: key.clone(), record: record.clone() };
        let entries = found.into_iter().map(|(cursor, key, record)| (cursor, entry(key, record)));
        Ok(Page::of(entries.collect(), limit))
    }

    async fn bury(&self, letter: Letter) -> Result<(), StoreError> {
        self.lock().bury(letter);
        Ok(())
    }

    async fn letters(&self, after: Option<Cursor>, limit: usize) -> Result<Page<Letter>, StoreError> {
        let limit = limit.clamp(1, PAGE_LIMIT);
        // Text would put 10 before 9.
        let place = |cursor: &Cursor| cursor.number::<u64>().map(|number| (cursor.at, number));
        let after = after.as_ref().map(place).transpose()?;
        let kept = self.lock();
        let mut found: Vec<_> = kept
            .letters()
            .map(|(number, letter)| ((letter.at.as_microsecond(), number), letter))
            .filter(|(place, _)| after.is_none_or(|after| *place < after))
            .collect();
        found.sort_unstable_by_key(|(place, _)| std::cmp::Reverse(*place));
        found.truncate(limit + 1);
        let entries =
            found.into_iter().map(|((_, number), letter)| (Cursor::new(letter.at, number), letter.clone()));
        Ok(Page::of(entries.collect(), limit))
    }
}
