//! The store that the configuration names, for the binaries: they are compiled once and told at start.

use campanile_core::ledger::{AttemptRecord, Brief, Claim, DeliveryKey, DeliveryState, Progress, Record};
use jiff::Timestamp;

use crate::dynamo::DynamoLedger;
use crate::ledger::{Ledger, Letter, StoreError};
use crate::memory::MemoryLedger;
use crate::page::{Cursor, Entry, Filter, Page};
use crate::sqlite::SqliteLedger;
use crate::states::{KeptState, NewState, StateKey, States, Version};

/// One of the stores.
#[derive(Debug)]
pub enum AnyLedger {
    /// Forgets with its process.
    Memory(MemoryLedger),
    /// A file.
    Sqlite(SqliteLedger),
    /// A table.
    Dynamo(DynamoLedger),
}

impl From<MemoryLedger> for AnyLedger {
    fn from(ledger: MemoryLedger) -> Self {
        Self::Memory(ledger)
    }
}

impl From<SqliteLedger> for AnyLedger {
    fn from(ledger: SqliteLedger) -> Self {
        Self::Sqlite(ledger)
    }
}

impl From<DynamoLedger> for AnyLedger {
    fn from(ledger: DynamoLedger) -> Self {
        Self::Dynamo(ledger)
    }
}

/// Asks whichever store it is.
macro_rules! ask {
    ($any:expr, $ledger:ident => $call:expr) => {
        match $any {
            AnyLedger::Memory($ledger) => $call.await,
            AnyLedger::Sqlite($ledger) => $call.await,
            AnyLedger::Dynamo($ledger) => $call.await,
        }
    };
}

impl Ledger for AnyLedger {
    async fn claim(
        &self,
        key: &DeliveryKey,
        brief: &Brief,
        owner: &str,
        lease_until: Timestamp,
        now: Timestamp,
    ) -> Result<Claim, StoreError> {
        ask!(self, ledger => ledger.claim(key, brief, owner, lease_until, now))
    }

    async fn record(
        &self,
        key: &DeliveryKey,
        owner: &str,
        attempt: AttemptRecord,
        progress: Progress,
    ) -> Result<(), StoreError> {
        ask!(self, ledger => ledger.record(key, owner, attempt, progress))
    }

    async fn settle(&self, key: &DeliveryKey, owner: &str, state: DeliveryState) -> Result<(), StoreError> {
        ask!(self, ledger => ledger.settle(key, owner, state))
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<DeliveryKey>, StoreError> {
        ask!(self, ledger => ledger.due(now, limit))
    }

    async fn reopen(&self, key: &DeliveryKey, now: Timestamp) -> Result<bool, StoreError> {
        ask!(self, ledger => ledger.reopen(key, now))
    }

    async fn find(&self, key: &DeliveryKey, now: Timestamp) -> Result<Option<Record>, StoreError> {
        ask!(self, ledger => ledger.find(key, now))
    }

    async fn list(
        &self,
        filter: &Filter,
        now: Timestamp,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Entry>, StoreError> {
        ask!(self, ledger => ledger.list(filter, now, after, limit))
    }

    async fn bury(&self, letter: Letter) -> Result<(), StoreError> {
        ask!(self, ledger => ledger.bury(letter))
    }

    async fn letters(&self, after: Option<Cursor>, limit: usize) -> Result<Page<Letter>, StoreError> {
        ask!(self, ledger => ledger.letters(after, limit))
    }
}

impl States for AnyLedger {
    async fn load(&self, key: &StateKey) -> Result<Option<KeptState>, StoreError> {
        ask!(self, states => states.load(key))
    }

    async fn replace(
        &self,
        key: &StateKey,
        seen: Option<&Version>,
        new: NewState<'_>,
    ) -> Result<Option<Version>, StoreError> {
        ask!(self, states => states.replace(key, seen, new))
    }

    async fn due_states(&self, now: Timestamp, limit: usize) -> Result<Vec<StateKey>, StoreError> {
        ask!(self, states => states.due_states(now, limit))
    }

    async fn devices(
        &self,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<(String, KeptState)>, StoreError> {
        ask!(self, states => states.devices(after, limit))
    }
}
