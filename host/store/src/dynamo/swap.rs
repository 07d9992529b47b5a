//! Reads, decides and writes, as often as somebody else writes in between.

use std::time::Duration;

use campanile_core::ledger::{DeliveryKey, NotOwner, Record};

use super::error::DynamoError;
use super::item::Seen;
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
    for round in 0..ROUNDS {
        let decided = decide(seen.as_ref().map(|seen| seen.record.clone()))?;
        let Some(record) = decided.write else { return Ok((decided.answer, None)) };
        let version = random().map(|random| format!("{random:016x}"))?;
        if written(table, key, &record, &version, &mut seen).await? {
            return Ok((decided.answer, Some(Seen { version, record })));
        }
        wait(round).await?;
    }
    Err(DynamoError::Contended { table: table.name.clone(), key: key.clone() }.into())
}

/// Writes, or else tells what is there instead.
async fn written(
    table: &Table,
    key: &DeliveryKey,
    record: &Record,
    version: &str,
    seen: &mut Option<Seen>,
) -> Result<bool, DynamoError> {
    let Put::Changed(other) = table.put(key, record, version, seen.as_ref()).await? else { return Ok(true) };
    *seen = match other {
        Some(other) => Some(other),
        None => table.get(key).await?,
    };
    // The SDK sends a request again if the answer was lost, and the second one meets what the first one wrote.
    Ok(seen.as_ref().is_some_and(|seen| seen.version == version))
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
