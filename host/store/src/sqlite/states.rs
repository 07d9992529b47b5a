//! States as rows. Each function runs inside one transaction.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::error::Fault;
use crate::page::{Cursor, Page};
use crate::states::{KeptState, NewState, StateKey, Version};

const DEVICE: &str = "device";
const GROUP: &str = "group";

pub(super) fn load(file: &Connection, key: &StateKey) -> Result<Option<KeptState>, Fault> {
    let (kind, route, name) = columns(key);
    let state = file
        .prepare_cached("SELECT state, version FROM states WHERE kind = ? AND route = ? AND name = ?")?
        .query_row([kind, route, name], |row| kept(row, 0))
        .optional()?;
    Ok(state)
}

pub(super) fn replace(
    file: &Connection,
    key: &StateKey,
    seen: Option<&Version>,
    new: NewState<'_>,
) -> Result<Option<Version>, Fault> {
    let (kind, route, name) = columns(key);
    let due = new.due.map(Timestamp::as_microsecond);
    let expires_at = new.may_go_at().map(Timestamp::as_microsecond);
    // A version is random, because a state may be forgotten and come again: a number would count the same once more.
    let version = match seen {
        None => file
            .prepare_cached(
                "INSERT INTO states (kind, route, name, state, due, expires_at, version)
                VALUES (?, ?, ?, ?, ?, ?, hex(randomblob(8)))
                ON CONFLICT DO NOTHING RETURNING version",
            )?
            .query_row(params![kind, route, name, new.state, due, expires_at], |row| row.get(0)),
        Some(Version(seen)) => file
            .prepare_cached(
                "UPDATE states SET state = ?, due = ?, expires_at = ?, version = hex(randomblob(8))
                WHERE kind = ? AND route = ? AND name = ? AND version = ? RETURNING version",
            )?
            .query_row(params![new.state, due, expires_at, kind, route, name, seen], |row| row.get(0)),
    };
    Ok(version.optional()?.map(Version))
}

pub(super) fn due(file: &Connection, now: Timestamp, limit: usize) -> Result<Vec<StateKey>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT kind, route, name FROM states WHERE due <= ? ORDER BY due, kind, route, name LIMIT ?",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let keys = statement.query_map([now.as_microsecond(), limit], key)?;
    Ok(keys.collect::<Result<_, _>>()?)
}

pub(super) fn devices(
    file: &Connection,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<(String, KeptState)>, Fault> {
    // Two statements, because SQLite chooses the index by the text alone.
    let after = after.map(|cursor| cursor.name);
    let behind = if after.is_some() { "name > ?2" } else { "?2 IS NULL" };
    let mut statement = file.prepare_cached(&format!(
        "SELECT name, state, version FROM states
        WHERE kind = ?1 AND route = '' AND {behind} ORDER BY name LIMIT ?3"
    ))?;
    let limited = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let rows =
        statement.query_map(params![DEVICE, after, limited], |row| Ok((row.get(0)?, kept(row, 1)?)))?;
    let found = rows.map(|row| row.map(|(name, state): (String, _)| (Cursor::named(&name), (name, state))));
    Ok(Page::of(found.collect::<Result<_, _>>()?, limit))
}

/// Forgets states whose time has come.
pub(super) fn purge(file: &Connection, now: Timestamp, at_once: i64) -> Result<(), Fault> {
    file.prepare_cached(
        "DELETE FROM states WHERE id IN
            (SELECT id FROM states WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)",
    )?
    .execute(params![now.as_microsecond(), at_once])?;
    Ok(())
}

/// A state's kind, route and name; a device has no route.
fn columns(key: &StateKey) -> (&str, &str, &str) {
    match key {
        StateKey::Device(name) => (DEVICE, "", name),
        StateKey::Group { route, group } => (GROUP, route, group),
    }
}

fn key(row: &Row<'_>) -> rusqlite::Result<StateKey> {
    let (kind, route, name): (String, _, _) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(if kind == DEVICE { StateKey::Device(name) } else { StateKey::Group { route, group: name } })
}

/// State and version, which are in the columns from `first` on.
fn kept(row: &Row<'_>, first: usize) -> rusqlite::Result<KeptState> {
    Ok(KeptState { state: row.get(first)?, version: Version(row.get(first + 1)?) })
}
