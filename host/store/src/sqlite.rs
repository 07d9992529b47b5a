//! A ledger in a SQLite file: for one machine, where it outlives the process. Several processes may have it open at once.

mod changes;
mod deliveries;
mod error;
mod file;
mod history;
mod letters;
mod listing;
mod open;
mod schema;
mod states;
mod tables;
mod together;

use std::path::Path;

use campanile_core::ledger::{
    self, AttemptRecord, Brief, Claim, DeliveryKey, DeliveryState, Progress, Record,
};
use jiff::Timestamp;
use rusqlite::Connection;

pub use self::changes::EndedAttempt;
pub use self::error::{Fault, SqliteError, SqliteTrouble};
pub use self::file::SqliteFile;
pub use self::history::{SqliteHistory, SqliteReader};
pub use self::schema::Schema;
use self::tables::STORE;
use crate::ledger::{Ledger, Letter, StoreError};
use crate::page::{Cursor, Entry, Filter, PAGE_LIMIT, Page, Tally};
use crate::states::{KeptState, NewState, StateKey, States, Version};

/// Deliveries and letters in a file.
#[derive(Debug)]
pub struct SqliteLedger {
    file: SqliteFile,
}

impl SqliteLedger {
    /// Opens the file, and makes it if there is none. Its folder must exist.
    ///
    /// # Errors
    ///
    /// If the file can't be opened or made, is damaged, another program's or a newer version's.
    pub async fn open(path: &Path) -> Result<Self, SqliteError> {
        Ok(Self { file: SqliteFile::open(path, &STORE).await? })
    }

    /// How many deliveries stand where, by channel; expired ones do not count.
    ///
    /// # Errors
    ///
    /// If the file can't be read.
    pub async fn tally(&self, now: Timestamp) -> Result<Vec<Tally>, StoreError> {
        self.file.read(move |file| listing::tally(file, now)).await
    }
}

impl Ledger for SqliteLedger {
    async fn claim(
        &self,
        key: &DeliveryKey,
        brief: &Brief,
        owner: &str,
        lease_until: Timestamp,
        now: Timestamp,
    ) -> Result<Claim, StoreError> {
        let (key, brief, owner) = (key.clone(), brief.clone(), owner.to_owned());
        self.file.write(move |file| deliveries::claim(file, &key, &brief, &owner, lease_until, now)).await
    }

    async fn record(
        &self,
        key: &DeliveryKey,
        owner: &str,
        attempt: AttemptRecord,
        progress: Progress,
    ) -> Result<(), StoreError> {
        let (key, owner) = (key.clone(), owner.to_owned());
        self.file.write(move |file| deliveries::record(file, &key, &owner, attempt, progress)).await
    }

    async fn settle(&self, key: &DeliveryKey, owner: &str, state: DeliveryState) -> Result<(), StoreError> {
        let (key, owner) = (key.clone(), owner.to_owned());
        self.file.write(move |file| deliveries::settle(file, &key, &owner, state)).await
    }

    async fn due(&self, now: Timestamp, limit: usize) -> Result<Vec<DeliveryKey>, StoreError> {
        self.file.read(move |file| listing::due(file, now, limit.clamp(1, PAGE_LIMIT))).await
    }

    async fn reopen(&self, key: &DeliveryKey, now: Timestamp) -> Result<bool, StoreError> {
        let key = key.clone();
        self.file.write(move |file| deliveries::reopen(file, &key, now)).await
    }

    async fn find(&self, key: &DeliveryKey, now: Timestamp) -> Result<Option<Record>, StoreError> {
        let key = key.clone();
        let found = self.file.read(move |file| deliveries::find(file, &key)).await?;
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
        self.file.read(move |file| listing::list(file, &filter, now, after, limit)).await
    }

    async fn bury(&self, letter: Letter) -> Result<(), StoreError> {
        self.file.write(move |file| letters::bury(file, &letter)).await
    }

    async fn letters(&self, after: Option<Cursor>, limit: usize) -> Result<Page<Letter>, StoreError> {
        let (number, limit) = (after.as_ref().map(Cursor::number).transpose()?, limit.clamp(1, PAGE_LIMIT));
        let after = after.zip(number).map(|(cursor, number)| (cursor.at, number));
        self.file.read(move |file| letters::list(file, after, limit)).await
    }
}

impl States for SqliteLedger {
    async fn load(&self, key: &StateKey) -> Result<Option<KeptState>, StoreError> {
        let key = key.clone();
        self.file.read(move |file| states::load(file, &key)).await
    }

    async fn replace(
        &self,
        key: &StateKey,
        seen: Option<&Version>,
        new: NewState<'_>,
    ) -> Result<Option<Version>, StoreError> {
        let (key, seen, text) = (key.clone(), seen.cloned(), new.state.to_owned());
        let NewState { due, expires_at, .. } = new;
        let work = move |file: &Connection| {
            states::replace(file, &key, seen.as_ref(), NewState { state: &text, due, expires_at })
        };
        self.file.write(work).await
    }

    async fn due_states(&self, now: Timestamp, limit: usize) -> Result<Vec<StateKey>, StoreError> {
        self.file.read(move |file| states::due(file, now, limit.clamp(1, PAGE_LIMIT))).await
    }

    async fn devices(
        &self,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<(String, KeptState)>, StoreError> {
        let limit = limit.clamp(1, PAGE_LIMIT);
        self.file.read(move |file| states::devices(file, after, limit)).await
    }
}
