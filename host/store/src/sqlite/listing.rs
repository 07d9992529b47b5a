//! Lists deliveries, each page by an index.

use campanile_core::ledger::{DeliveryKey, Record, StateKind};
use jiff::Timestamp;
use rusqlite::{Row, Transaction, named_params};

use super::deliveries::attempts;
use super::error::Fault;
use crate::page::{Cursor, Entry, Filter, Page};

pub(super) fn list(
    file: &Transaction<'_>,
    filter: &Filter,
    now: Timestamp,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<Entry>, Fault> {
    let after = after.unwrap_or(Cursor { at: i64::MAX, name: String::new() });
    let mut statement = file.prepare_cached(&select(filter))?;
    let rows = statement.query_map(
        named_params! {
            ":device": filter.device,
            ":status": filter.status.map(StateKind::name),
            ":now": now.as_microsecond(),
            ":at": after.at,
            ":name": after.name,
            ":limit": i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1),
        },
        head,
    )?;
    let found = rows.map(|row| {
        let (id, key, record) = row?;
        let record: Record = serde_json::from_str(&record)?;
        let record = Record { attempts: attempts(file, id)?, ..record };
        Ok((Cursor::of(&key, &record), Entry { key, record }))
    });
    Ok(Page::of(found.collect::<Result<_, Fault>>()?, limit))
}

/// A condition that is not wanted is left out, because SQLite chooses the index by the statement's text alone.
fn select(filter: &Filter) -> String {
    let device = filter.device.as_ref().map_or(":device IS NULL", |_| "device = :device");
    let status = filter.status.map_or(":status IS NULL", |_| "status = :status");
    format!(
        "SELECT id, device, event, channel, record FROM deliveries
        WHERE {device} AND {status} AND expires_at > :now AND (opened_at, name) < (:at, :name)
        ORDER BY opened_at DESC, name DESC LIMIT :limit"
    )
}

fn head(row: &Row<'_>) -> rusqlite::Result<(i64, DeliveryKey, String)> {
    let key = DeliveryKey { device: row.get(1)?, event: row.get(2)?, channel: row.get(3)? };
    Ok((row.get(0)?, key, row.get(4)?))
}
