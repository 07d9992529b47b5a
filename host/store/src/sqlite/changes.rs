//! What other processes have written, for whoever shows it as it happens. The function runs in a process of its own: nobody else
//! tells.

use campanile_core::ledger::{AttemptRecord, DeliveryKey, DeliveryState};
use rusqlite::Connection;

use super::SqliteLedger;
use super::error::Fault;
use crate::ledger::StoreError;
use crate::page::PAGE_LIMIT;

/// Devices that are told at once to have something open.
const OPEN: usize = 200;

/// An attempt that has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct EndedAttempt {
    /// Its place in the order in which attempts ended.
    pub place: i64,
    /// The delivery.
    pub key: DeliveryKey,
    /// The attempt.
    pub attempt: AttemptRecord,
    /// Where the delivery stands by now.
    pub state: DeliveryState,
}

impl SqliteLedger {
    /// A number that is another one after somebody else has written: another handle to the file, or another process.
    ///
    /// # Errors
    ///
    /// If the file can't be read.
    pub async fn revision(&self) -> Result<i64, StoreError> {
        let revision =
            |file: &Connection| Ok(file.pragma_query_value(None, "data_version", |row| row.get(0))?);
        self.file.read(revision).await
    }

    /// The place of the last attempt; 0 if there was none.
    ///
    /// # Errors
    ///
    /// If the file can't be read.
    pub async fn last_attempt(&self) -> Result<i64, StoreError> {
        let last = |file: &Connection| {
            Ok(file.query_row("SELECT coalesce(max(id), 0) FROM attempts", [], |row| row.get(0))?)
        };
        self.file.read(last).await
    }

    /// The attempts after a place, in the order in which they ended, at most [`PAGE_LIMIT`].
    ///
    /// # Errors
    ///
    /// If the file can't be read.
    pub async fn attempts_after(&self, place: i64) -> Result<Vec<EndedAttempt>, StoreError> {
        self.file.read(move |file| attempts_after(file, place)).await
    }

    /// The devices of deliveries that have not ended, the first few.
    ///
    /// # Errors
    ///
    /// If the file can't be read.
    pub async fn devices_with_open(&self) -> Result<Vec<String>, StoreError> {
        self.file.read(devices_with_open).await
    }
}

fn attempts_after(file: &Connection, place: i64) -> Result<Vec<EndedAttempt>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT attempts.id, device, event, channel, attempt, record -> '$.state'
        FROM attempts JOIN deliveries ON deliveries.id = delivery
        WHERE attempts.id > ? ORDER BY attempts.id LIMIT ?",
    )?;
    let limit = i64::try_from(PAGE_LIMIT).unwrap_or(i64::MAX);
    let rows = statement.query_map([place, limit], |row| {
        let key = DeliveryKey { device: row.get(1)?, event: row.get(2)?, channel: row.get(3)? };
        Ok((row.get(0)?, key, row.get::<_, String>(4)?, row.get::<_, String>(5)?))
    })?;
    let ended = rows.map(|row| {
        let (place, key, attempt, state) = row?;
        Ok(EndedAttempt {
            place,
            key,
            attempt: serde_json::from_str(&attempt)?,
            state: serde_json::from_str(&state)?,
        })
    });
    ended.collect()
}

fn devices_with_open(file: &Connection) -> Result<Vec<String>, Fault> {
    let mut statement =
        file.prepare_cached("SELECT DISTINCT device FROM deliveries WHERE due IS NOT NULL LIMIT ?")?;
    let rows = statement.query_map([i64::try_from(OPEN).unwrap_or(i64::MAX)], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
