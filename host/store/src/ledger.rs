//! What every store does.

use std::future::Future;

use campanile_core::ledger::{AttemptRecord, Claim, DeliveryKey, DeliveryState, NotOwner, Progress};
use jiff::Timestamp;
use serde::Serialize;

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The delivery was taken over.
    #[error(transparent)]
    NotOwner(#[from] NotOwner),
}

/// An event that goes no further because it is invalid. Kept with the reason, so that nothing is lost; what becomes of a
/// valid event is in the records of its deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
pub trait Ledger: Send + Sync + std::fmt::Debug + 'static {
    /// Takes a delivery until `lease_until`, if nobody else has it and it has not ended.
    fn claim(
        &self,
        key: &DeliveryKey,
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

    /// Keeps an event that goes no further.
    fn bury(&self, letter: Letter) -> impl Future<Output = Result<(), StoreError>> + Send;
}
