//! A ledger in a DynamoDB table: for functions that run in AWS, of which several may work on one event at once.
//!
//! The table has the keys `pk` and `sk` and is told by its TTL when an item may go (`DispatchTable` in `deploy/template.yaml`). It
//! holds one item per delivery and per state, in full, with the few attributes beside it that conditions and filters need. An
//! item is only ever replaced if it is still the one that was read: it has a version, which is new and random with each write.
//! What is due is found by the index `due`, which has only what is due some time.
//!
//! [`Ledger::list`] and [`States::devices`](crate::States::devices) read the whole table, which a week of one household's deliveries allows, and which costs a function's
//! time and money with a thousand devices. What replaces it is a global secondary index on (`status`, `opened_at`).

mod due;
mod error;
mod fit;
mod hints;
mod history;
mod item;
mod json;
mod key;
mod letters;
mod listing;
mod states;
mod swap;
mod table;

use aws_sdk_dynamodb::Client;
use campanile_core::ledger::{
    self, AttemptRecord, Brief, Claim, DeliveryKey, DeliveryState, Progress, Record,
};
use jiff::Timestamp;

use self::due::Kind;
pub use self::error::DynamoError;
use self::hints::Hints;
pub use self::history::{DynamoHistory, DynamoReader};
use self::key::ItemKey;
use self::swap::Decided;
use self::table::Table;
use crate::ledger::{Ledger, Letter, StoreError};
use crate::page::{Cursor, Entry, Filter, PAGE_LIMIT, Page};

/// Deliveries and letters in a table.
#[derive(Debug)]
pub struct DynamoLedger {
    table: Table,
    hints: Hints,
}

impl DynamoLedger {
    /// Uses a table with region and credentials of the surroundings, as every AWS tool finds them; `endpoint` is for another
    /// server than AWS's. Nothing is asked yet.
    pub async fn connect(table: &str, endpoint: Option<&str>) -> Self {
        Self::new(Client::new(&campanile_aws::config(endpoint).await), table)
    }

    /// Uses a table through a client with settings of its own.
    #[must_use]
    pub fn new(client: Client, table: &str) -> Self {
        Self { table: Table::new(client, table), hints: Hints::default() }
    }
}

impl Ledger for DynamoLedger {
    async fn claim(
        &self,
        key: &DeliveryKey,
        brief: &Brief,
        owner: &str,
        lease_until: Timestamp,
        now: Timestamp,
    ) -> Result<Claim, StoreError> {
        let decide = |record: Option<Record>| {
            let claim = ledger::claim(record, brief, owner, lease_until, now);
            let write = claim.to_write().cloned();
            Ok(Decided { answer: claim, write })
        };
        // Most claims are the first: they cost one request, the others one more.
        let (claim, seen) = swap::swap(&self.table, key, None, decide).await?;
        self.hints.keep(key, owner, seen);
        Ok(claim)
    }

    async fn record(
        &self,
        key: &DeliveryKey,
        owner: &str,
        attempt: AttemptRecord,
        progress: Progress,
    ) -> Result<(), StoreError> {
        let decide = |mut record: Option<Record>| {
            ledger::attempted(record.as_mut(), key, owner, attempt.clone(), progress.clone())?;
            Ok(Decided { answer: (), write: record })
        };
        let ((), seen) = swap::swap(&self.table, key, self.seen(key, owner).await?, decide).await?;
        self.hints.keep(key, owner, seen);
        Ok(())
    }

    async fn settle(&self, key: &DeliveryKey, owner: &str, state: DeliveryState) -> Result<(), StoreError> {
        let decide = |mut record: Option<Record>| {
            ledger::settled(record.as_mut(), key, owner, state.clone())?;
            Ok(Decided { answer: (), write: record })
        };
        swap::swap(&self.table, key, self.seen(key, owner).await?, decide).await?;
        Ok(())
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<DeliveryKey>, StoreError> {
        let found = due::find(&self.table, Kind::Delivery, now, limit.clamp(1, PAGE_LIMIT)).await?;
        Ok(found.iter().map(|item| item::delivery(&self.table.name, item)).collect::<Result<_, _>>()?)
    }

    async fn reopen(&self, key: &DeliveryKey, now: Timestamp) -> Result<bool, StoreError> {
        let decide = |mut record: Option<Record>| {
            let answer = ledger::reopened(record.as_mut(), now);
            Ok(Decided { answer, write: record.filter(|_| answer) })
        };
        let (is_reopened, _) = swap::swap(&self.table, key, self.read(key).await?, decide).await?;
        Ok(is_reopened)
    }

    async fn find(&self, key: &DeliveryKey, now: Timestamp) -> Result<Option<Record>, StoreError> {
        Ok(ledger::current(self.read(key).await?.map(|seen| seen.record), now))
    }

    async fn list(
        &self,
        filter: &Filter,
        now: Timestamp,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Entry>, StoreError> {
        Ok(listing::list(&self.table, filter, now, after, limit.clamp(1, PAGE_LIMIT)).await?)
    }

    async fn bury(&self, letter: Letter) -> Result<(), StoreError> {
        Ok(letters::bury(&self.table, letter).await?)
    }

    async fn letters(&self, after: Option<Cursor>, limit: usize) -> Result<Page<Letter>, StoreError> {
        Ok(letters::list(&self.table, after, limit.clamp(1, PAGE_LIMIT)).await?)
    }
}

impl DynamoLedger {
    /// What the owner wrote last, or what the table has.
    async fn seen(&self, key: &DeliveryKey, owner: &str) -> Result<Option<item::Seen>, DynamoError> {
        match self.hints.take(key, owner) {
            Some(seen) => Ok(Some(seen)),
            None => self.read(key).await,
        }
    }

    async fn read(&self, key: &DeliveryKey) -> Result<Option<item::Seen>, DynamoError> {
        let item = self.table.get(&ItemKey::of_delivery(key)).await?;
        item.map(|item| item::read(&self.table.name, &item)).transpose()
    }
}
