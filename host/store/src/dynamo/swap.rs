//! Reads, decides and writes, as often as somebody else writes in between.

use std::time::Duration;

use campanile_core::ledger::{DeliveryKey, NotOwner, Record};

use super::error::DynamoError;
use super::item::{self, Seen};
use super::key::ItemKey;
use super::table::{Put, Table};
use crate::ledger::StoreError;

/// How often. Whoever loses against a claim is told to wait and does not write again, so two in a row are rare already.
const ROUNDS: u32 = 6;

/// The longest wait before the second round; each further one is at most this much longer.
const WAIT: Duration = Duration::from_millis(40);

/// What a decision comes to.
pub(super) struct Decided<T> {
    pub(super) answer: T,
    /// The record as it should be, if it should change.
    pub(super) write: Option<Record>,
}

/// Makes the decision on the record as it is when the result is written. Also tells what was written.
pub(super) async fn swap<T>(
    table: &Table,
    key: &DeliveryKey,
    mut seen: Option<Seen>,
    decide: impl Fn(Option<Record>) -> Result<Decided<T>, NotOwner>,
) -> Result<(T, Option<Seen>), StoreError> {
    let name = ItemKey::of_delivery(key);
    for round in 0..ROUNDS {
        let decided = decide(seen.as_ref().map(|seen| seen.record.clone()))?;
        let Some(record) = decided.write else { return Ok((decided.answer, None)) };
        let version = version()?;
        let item = item::of(&table.name, key, &record, &version)?;
        seen = match table.put(&name, item, seen.as_ref().map(|seen| &*seen.version)).await? {
            Put::Written => return Ok((decided.answer, Some(Seen { version, record }))),
            Put::Changed(other) => other.map(|other| item::read(&table.name, &other)).transpose()?,
        };
        wait(round).await?;
    }
    Err(DynamoError::Contended { table: table.name.clone(), key: key.clone() }.into())
}

/// A new version, which no other write has.
pub(super) fn version() -> Result<String, DynamoError> {
    Ok(format!("{:016x}", random()?))
}

async fn wait(round: u32) -> Result<(), DynamoError> {
    let longest = WAIT.saturating_mul(round);
    let share = f64::from(u32::try_from(random()? >> 32).unwrap_or_default()) / f64::from(u32::MAX);
    tokio::time::sleep(longest.mul_f64(share)).await;
    Ok(())
}

pub(super) fn random() -> Result<u64, DynamoError> {
    getrandom::u64().map_err(DynamoError::Randomness)
}
