//! A ledger in a SQLite file: for one machine, where it outlives the process. Several processes may have it open at once.

mod deliveries;
mod error;
mod history;
mod letters;
mod listing;
mod open;
mod schema;
mod worker;

use std::path::Path;

use campanile_core::ledger::{self, AttemptRecord, Claim, DeliveryKey, DeliveryState, Progress, Record};
use jiff::Timestamp;

pub use self::error::{SqliteError, SqliteTrouble};
pub use self::history::SqliteHistory;
use self::worker::Worker;
use crate::ledger::{Ledger, Letter, StoreError};
use crate::page::{Cursor, Entry, Filter, PAGE_LIMIT, Page};

/// Deliveries and letters in a file.
#[derive(Debug)]
pub struct SqliteLedger {
    worker: Worker,
}

impl SqliteLedger {
    /// Opens the file, and makes it if there is none. Its folder must exist.
    ///
    /// # Errors
    ///
    /// If the file can't be opened or made, is damaged, another program's or a newer version's.
    pub async fn open(path: &Path) -> Result<Self, SqliteError> {
        Ok(Self { worker: Worker::start(path).await? })
    }
}

impl Ledger for SqliteLedger {
    async fn claim(
        &self,
        key: &DeliveryKey,
        owner: &str,
        lease_until: Timestamp,
        now: Timestamp,
    ) -> Result<Claim, StoreError> {
        let (key, owner) = (key.clone(), owner.to_owned());
        self.worker.write(move |file| deliveries::claim(file, &key, &owner, lease_until, now)).await
    }

    async fn record(
        &self,
        key: &DeliveryKey,
        owner: &str,
        attempt: AttemptRecord,
        progress: Progress,
    ) -> Result<(), StoreError> {
        let (key, owner) = (key.clone(), owner.to_owned());
        self.worker.write(move |file| deliveries::record(file, &key, &owner, attempt, progress)).await
    }

    async fn settle(&self, key: &DeliveryKey, owner: &str, state: DeliveryState) -> Result<(), StoreError> {
        let (key, owner) = (key.clone(), owner.to_owned());
        self.worker.write(move |file| deliveries::settle(file, &key, &owner, state)).await
    }

    async fn find(&self, key: &DeliveryKey, now: Timestamp) -> Result<Option<Record>, StoreError> {
        let key = key.clone();
        let found = self.worker.read(move |file| deliveries::find(file, &key)).await?;
        Ok(ledger::current(found, now))
    }

    async fn list(
        &self,
        filter: &Filter,
        now: Timestamp,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Entry>, StoreError> {
        let (filter, limit) = (filter.clone(), limit.clamp(1, PAGE_LIMIT));
        self.worker.read(move |file| listing::list(file, &filter, now, after, limit)).await
    }

    async fn bury(&self, letter: Letter) -> Result<(), StoreError> {
        self.worker.write(move |file| letters::bury(file, &letter)).await
    }

    async fn letters(&self, after: Option<Cursor>, limit: usize) -> Result<Page<Letter>, StoreError> {
        let (number, limit) = (after.as_ref().map(Cursor::number).transpose()?, limit.clamp(1, PAGE_LIMIT));
        let after = after.zip(number).map(|(cursor, number)| (cursor.at, number));
        self.worker.read(move |file| letters::list(file, after, limit)).await
    }
}
