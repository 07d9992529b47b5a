//! Claims, attempts and endings as rows. Each function runs inside one transaction.

use campanile_core::ledger::{self, AttemptRecord, Claim, DeliveryKey, DeliveryState, Progress, Record};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, named_params, params};

use super::error::Fault;

/// Expired deliveries that a new one takes with it: twice as many go as come until none are left, and no single claim waits
/// for thousands.
const PURGED_AT_ONCE: i64 = 2;

pub(super) fn claim(
    file: &Transaction<'_>,
    key: &DeliveryKey,
    owner: &str,
    lease_until: Timestamp,
    now: Timestamp,
) -> Result<Claim, Fault> {
    let claim = ledger::claim(find(file, key)?, owner, lease_until, now);
    if let Some(record) = claim.to_write() {
        purge(file, now)?;
        let id = write(file, key, record)?;
        if record.attempts.is_empty() {
            // Those of an expired record, if it was one.
            file.prepare_cached("DELETE FROM attempts WHERE delivery = ?")?.execute([id])?;
        }
        // One that broke off is added by the claim itself.
        let kept = attempts(file, id)?.len();
        add(file, id, record.attempts.get(kept..).unwrap_or_default())?;
    }
    Ok(claim)
}

pub(super) fn record(
    file: &Transaction<'_>,
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

fn add(file: &Transaction<'_>, delivery: i64, attempts: &[AttemptRecord]) -> Result<(), Fault> {
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
    file: &Transaction<'_>,
    key: &DeliveryKey,
    owner: &str,
    state: DeliveryState,
) -> Result<(), Fault> {
    let mut record = load(file, key)?.map(|(_, record)| record);
    ledger::settled(record.as_mut(), key, owner, state)?;
    record.map_or(Ok(()), |record| write(file, key, &record).map(drop))
}

pub(super) fn find(file: &Transaction<'_>, key: &DeliveryKey) -> Result<Option<Record>, Fault> {
    let Some((id, record)) = load(file, key)? else { return Ok(None) };
    Ok(Some(Record { attempts: attempts(file, id)?, ..record }))
}

/// A delivery's attempts, oldest first.
pub(super) fn attempts(file: &Transaction<'_>, delivery: i64) -> Result<Vec<AttemptRecord>, Fault> {
    let mut statement = file.prepare_cached("SELECT attempt FROM attempts WHERE delivery = ? ORDER BY id")?;
    let rows = statement.query_map([delivery], |row| row.get::<_, String>(0))?;
    rows.map(|row| Ok(serde_json::from_str(&row?)?)).collect()
}

/// A delivery's row, without its attempts.
fn load(file: &Transaction<'_>, key: &DeliveryKey) -> Result<Option<(i64, Record)>, Fault> {
    let row = file
        .prepare_cached("SELECT id, record FROM deliveries WHERE name = ?")?
        .query_row([key.to_string()], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))
        .optional()?;
    row.map(|(id, record)| Ok((id, serde_json::from_str(&record)?))).transpose()
}

/// Writes everything but the attempts, and tells the row's id.
fn write(file: &Transaction<'_>, key: &DeliveryKey, record: &Record) -> Result<i64, Fault> {
    let head = Record {
        opened_at: record.opened_at,
        state: record.state.clone(),
        progress: record.progress.clone(),
        attempts: Vec::new(),
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

fn purge(file: &Transaction<'_>, now: Timestamp) -> Result<(), Fault> {
    file.prepare_cached(
        "DELETE FROM deliveries WHERE id IN
            (SELECT id FROM deliveries WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)",
    )?
    .execute(params![now.as_microsecond(), PURGED_AT_ONCE])?;
    Ok(())
}
