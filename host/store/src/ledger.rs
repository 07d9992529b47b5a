//! What every store does.

use std::future::Future;

use campanile_core::ledger::{
    AttemptRecord, Brief, Claim, DeliveryKey, DeliveryState, NotOwner, Progress, Record,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::dynamo::DynamoError;
use crate::page::{Cursor, Entry, Filter, Page};
use crate::sqlite::SqliteError;

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The delivery was taken over.
    #[error(transparent)]
    NotOwner(#[from] NotOwner),
    /// What was handed in as the start of a page is not one.
    #[error("`{0}` is not a place in a list")]
    Cursor(String),
    /// The file.
    #[error(transparent)]
    Sqlite(#[from] SqliteError),
    /// The table.
    #[error(transparent)]
    Dynamo(#[from] DynamoError),
}

/// How long a letter is kept: a device with broken firmware is noticed and repaired in weeks, not days.
pub(crate) const LETTER_LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An event that goes no further because it is invalid. Kept with the reason, so that nothing is lost; what becomes of a
/// valid event is in the records of its deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Letter {
    /// When it was given up.
    pub at: Timestamp,
    /// The event's key if it has one.
    pub event: Option<String>,
    /// Why.
    pub reason: String,
    /// The event as it came in, cut to 128 KiB.
    pub payload: String,
}

/// The ledger of deliveries. Every write is conditional: two processes never both succeed.
///
/// Times come from the caller, because it is its clock that leases and waits are measured with. Stores keep moments to the
/// nanosecond and compare them in microseconds.
pub trait Ledger: Send + Sync + std::fmt::Debug + 'static {
    /// Takes a delivery until `lease_until`, if nobody else has it and it has not ended. The brief is kept with a new one; another
    /// goes on with its own.
    fn claim(
        &self,
        key: &DeliveryKey,
        brief: &Brief,
        owner: &str,
        lease_until: Timestamp,
        now: Timestamp,
    ) -> impl Future<Output = Result<Claim, StoreError>> + Send;

    /// Keeps a finished attempt and where the next one goes on.
    fn record(
        &self,
        key: &DeliveryKey,
        owner: &str,
        attempt: AttemptRecord,
        progress: Progress,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Ends the claim with `state`.
    fn settle(
        &self,
        key: &DeliveryKey,
        owner: &str,
        state: DeliveryState,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The deliveries that somebody has to go on with: those whose wait or lease has ended, earliest first, at most `limit` and
    /// [`PAGE_LIMIT`](crate::PAGE_LIMIT). A store may be a moment behind: whoever goes on with one claims it.
    fn due(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<DeliveryKey>, StoreError>> + Send;

    /// Lets a delivery that has ended without success be claimed again from `now` on. `false` if it has not ended so.
    fn reopen(
        &self,
        key: &DeliveryKey,
        now: Timestamp,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// What is kept of a delivery; an expired record counts as absent.
    fn find(
        &self,
        key: &DeliveryKey,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<Record>, StoreError>> + Send;

    /// The deliveries that `filter` wants, newest first, at most `limit` and [`PAGE_LIMIT`](crate::PAGE_LIMIT).
    fn list(
        &self,
        filter: &Filter,
        now: Timestamp,
        after: Option<Cursor>,
        limit: usize,
    ) -> impl Future<Output = Result<Page<Entry>, StoreError>> + Send;

    /// Keeps an event that goes no further.
    fn bury(&self, letter: Letter) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The events that went no further, newest first, at most `limit` and [`PAGE_LIMIT`](crate::PAGE_LIMIT).
    fn letters(
        &self,
        after: Option<Cursor>,
        limit: usize,
    ) -> impl Future<Output = Result<Page<Letter>, StoreError>> + Send;
}
