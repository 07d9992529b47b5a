//! Claims, attempts and endings as rows. Each function runs inside one transaction.

use campanile_core::ledger::{
    self, AttemptRecord, Brief, Claim, DeliveryKey, DeliveryState, Progress, Record,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, named_params, params};
use serde::{Deserialize, Serialize};

use super::error::Fault;
use super::states;

/// Expired deliveries, and expired states, that a claim takes with it: twice as many go as come until none are left, and no single claim waits
/// for thousands.
const PURGED_AT_ONCE: i64 = 2;

/// What of a record changes all the time. Its attempts and its brief are in tables of their own, and are written once.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Head {
    opened_at: Timestamp,
    state: DeliveryState,
    progress: Progress,
    #[serde(default)]
    counted_from: usize,
}

pub(super) fn claim(
    file: &Connection,
    key: &DeliveryKey,
    brief: &Brief,
    owner: &str,
    lease_until: Timestamp,
    now: Timestamp,
) -> Result<Claim, Fault> {
    let kept = ledger::current(find(file, key)?, now);
    let attempts = kept.as_ref().map(|record| record.attempts.len());
    let claim = ledger::claim(kept, brief, owner, lease_until, now);
    if let Some(record) = claim.to_write() {
        purge(file, now)?;
        states::purge(file, now, PURGED_AT_ONCE)?;
        let id = write(file, key, record)?;
        if attempts.is_none() {
            open(file, id, &record.brief)?;
        }
        // One that broke off is added by the claim itself.
        add(file, id, record.attempts.get(attempts.unwrap_or_default()..).unwrap_or_default())?;
    }
    Ok(claim)
}

/// Writes what a new delivery tells. If there was an expired one of its name, nothing is left of that.
fn open(file: &Connection, delivery: i64, brief: &Brief) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM attempts WHERE delivery = ?")?.execute([delivery])?;
    file.prepare_cached("INSERT OR REPLACE INTO briefs (delivery, brief) VALUES (?, ?)")?
        .execute(params![delivery, serde_json::to_string(brief)?])?;
    Ok(())
}

pub(super) fn record(
    file: &Connection,
    key: &DeliveryKey,
    owner: &str,
    attempt: AttemptRecord,
    progress: Progress,
) -> Result<(), Fault> {
    let mut record = load(file, key)?.map(|(_, record)| record);
    ledger::attempted(record.as_mut(), key, owner, attempt, progress)?;
    let Some(record) = record else { return Ok(()) };
    let delivery = write(file, key, &record)?;
    add(file, delivery, &record.attempts)
}

fn add(file: &Connection, delivery: i64, attempts: &[AttemptRecord]) -> Result<(), Fault> {
    for attempt in attempts {
        file.prepare_cached(
            "INSERT INTO attempts (delivery, started_at, outcome, attempt) VALUES (?, ?, ?, ?)",
        )?
        .execute(params![
            delivery,
            attempt.started_at.as_microsecond(),
            attempt.outcome.name(),
            serde_json::to_string(attempt)?
        ])?;
    }
    Ok(())
}

pub(super) fn settle(
    file: &Connection,
    key: &DeliveryKey,
    owner: &str,
    state: DeliveryState,
) -> Result<(), Fault> {
    let mut record = load(file, key)?.map(|(_, record)| record);
    ledger::settled(record.as_mut(), key, owner, state)?;
    record.map_or(Ok(()), |record| write(file, key, &record).map(drop))
}

pub(super) fn reopen(file: &Connection, key: &DeliveryKey, now: Timestamp) -> Result<bool, Fault> {
    let mut record = find(file, key)?;
    let is_reopened = ledger::reopened(record.as_mut(), now);
    if let Some(record) = record.filter(|_| is_reopened) {
        write(file, key, &record)?;
    }
    Ok(is_reopened)
}

pub(super) fn find(file: &Connection, key: &DeliveryKey) -> Result<Option<Record>, Fault> {
    let Some((id, record)) = load(file, key)? else { return Ok(None) };
    Ok(Some(Record { attempts: attempts(file, id)?, ..record }))
}

/// A delivery's attempts, oldest first.
pub(super) fn attempts(file: &Connection, delivery: i64) -> Result<Vec<AttemptRecord>, Fault> {
    let mut statement = file.prepare_cached("SELECT attempt FROM attempts WHERE delivery = ? ORDER BY id")?;
    let rows = statement.query_map([delivery], |row| row.get::<_, String>(0))?;
    rows.map(|row| Ok(serde_json::from_str(&row?)?)).collect()
}

/// A delivery's row, without its attempts.
fn load(file: &Connection, key: &DeliveryKey) -> Result<Option<(i64, Record)>, Fault> {
    let row = file
        .prepare_cached(
            "SELECT id, record, brief FROM deliveries JOIN briefs ON delivery = id WHERE name = ?",
        )?
        .query_row([key.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let record = |(id, head, brief): (_, String, String)| Ok((id, joined(&head, &brief)?));
    row.map(record).transpose()
}

/// A record of its columns, without its attempts.
pub(super) fn joined(head: &str, brief: &str) -> Result<Record, Fault> {
    let Head { opened_at, state, progress, counted_from } = serde_json::from_str(head)?;
    let brief = serde_json::from_str(brief)?;
    Ok(Record { opened_at, state, brief, progress, attempts: Vec::new(), counted_from })
}

/// Writes everything but the attempts and the brief, and tells the row's id.
fn write(file: &Connection, key: &DeliveryKey, record: &Record) -> Result<i64, Fault> {
    let head = Head {
        opened_at: record.opened_at,
        state: record.state.clone(),
        progress: record.progress.clone(),
        counted_from: record.counted_from,
    };
    let id = file
        .prepare_cached(
            "INSERT INTO deliveries
                (name, device, event, channel, status, due, opened_at, expires_at, record)
            VALUES (:name, :device, :event, :channel, :status, :due, :opened_at, :expires_at, :record)
            ON CONFLICT (name) DO UPDATE SET
                status = excluded.status, due = excluded.due, opened_at = excluded.opened_at,
                expires_at = excluded.expires_at, record = excluded.record
            RETURNING id",
        )?
        .query_row(
            named_params! {
                ":name": key.to_string(),
                ":device": key.device,
                ":event": key.event,
                ":channel": key.channel,
                ":status": record.state.kind().name(),
                ":due": record.state.due().map(Timestamp::as_microsecond),
                ":opened_at": record.opened_at.as_microsecond(),
                ":expires_at": record.expires_at().as_microsecond(),
                ":record": serde_json::to_string(&head)?,
            },
            |row| row.get(0),
        )?;
    Ok(id)
}

fn purge(file: &Connection, now: Timestamp) -> Result<(), Fault> {
    file.prepare_cached(
        "DELETE FROM deliveries WHERE id IN
            (SELECT id FROM deliveries WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)",
    )?
    .execute(params![now.as_microsecond(), PURGED_AT_ONCE])?;
    Ok(())
}
