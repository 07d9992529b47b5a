//! Lists deliveries, and finds those that are due, each by an index.

use campanile_core::ledger::{DeliveryKey, Record, StateKind};
use jiff::Timestamp;
use rusqlite::{Connection, Row, named_params};

use super::deliveries::{attempts, joined};
use super::error::Fault;
use crate::page::{Cursor, Entry, Filter, Page, Tally};

pub(super) fn list(
    file: &Connection,
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
        |row| Ok((row.get(3)?, key(row)?, row.get::<_, String>(4)?, row.get::<_, String>(5)?)),
    )?;
    let found = rows.map(|row| {
        let (id, key, head, brief) = row?;
        let record = Record { attempts: attempts(file, id)?, ..joined(&head, &brief)? };
        Ok((Cursor::of(&key, &record), Entry { key, record }))
    });
    Ok(Page::of(found.collect::<Result<_, Fault>>()?, limit))
}

/// A condition that is not wanted is left out, because SQLite chooses the index by the statement's text alone.
fn select(filter: &Filter) -> String {
    let device = filter.device.as_ref().map_or(":device IS NULL", |_| "device = :device");
    let status = filter.status.map_or(":status IS NULL", |_| "status = :status");
    format!(
        "SELECT device, event, channel, id, record, brief FROM deliveries JOIN briefs ON delivery = id
        WHERE {device} AND {status} AND expires_at > :now AND (opened_at, name) < (:at, :name)
        ORDER BY opened_at DESC, name DESC LIMIT :limit"
    )
}

/// The deliveries that are due and have not expired, the earliest first.
pub(super) fn due(file: &Connection, now: Timestamp, limit: usize) -> Result<Vec<DeliveryKey>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT device, event, channel FROM deliveries
        WHERE due <= ?1 AND expires_at > ?1 ORDER BY due, name LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let keys = statement.query_map([now.as_microsecond(), limit], key)?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// How many deliveries stand where.
pub(super) fn tally(file: &Connection, now: Timestamp) -> Result<Vec<Tally>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT channel, status, count(*) FROM deliveries WHERE expires_at > ? GROUP BY channel, status",
    )?;
    let rows = statement.query_map([now.as_microsecond()], |row| {
        let status: String = row.get(1)?;
        let status = StateKind::ALL.into_iter().find(|kind| kind.name() == status);
        Ok(status.map(|status| (row.get(0), status, row.get::<_, i64>(2))))
    })?;
    let mut found = Vec::new();
    for row in rows {
        let Some((channel, status, count)) = row? else { continue };
        found.push(Tally { channel: channel?, status, count: u64::try_from(count?).unwrap_or_default() });
    }
    Ok(found)
}

fn key(row: &Row<'_>) -> rusqlite::Result<DeliveryKey> {
    Ok(DeliveryKey { device: row.get(0)?, event: row.get(1)?, channel: row.get(2)? })
}
