//! What is done with the file.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, ToSql, Transaction, TransactionBehavior, params};

use super::lock::Lock;
use super::{Bounds, Figures, SpoolError, figures, open};
use crate::transition::Found;

/// The largest payload: what AWS IoT takes.
const PAYLOAD_BYTES: usize = 128 * 1024;

/// The name of the latest number among the counters.
const SEQ: &str = "seq";

/// What became of a transition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is on the disk, with this number; so many older ones went for it.
    Kept {
        /// Its number.
        seq: u64,
        /// How many went.
        dropped: u64,
    },
    /// There is no room for it, and it is counted.
    Refused,
    /// It is larger than any message may be, and it is counted.
    TooLarge {
        /// Its payload, in bytes.
        bytes: usize,
    },
}

/// A transition that waits for its acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub seq: u64,
    /// Where to.
    pub topic: String,
    /// What.
    pub payload: Vec<u8>,
}

/// The spool of this machine.
#[derive(Debug)]
pub struct Spool {
    connection: Connection,
    bounds: Bounds,
    /// Of all payloads in the file.
    bytes: u64,
    /// Publishes that were handed over and are not in the file yet.
    sent: u64,
    /// As long as it is held, no other process publishes as this device.
    _lock: Option<Lock>,
}

impl Spool {
    /// Opens the file, or makes it; gives also where a broken one was put. Until this is dropped nobody else can open it.
    ///
    /// # Errors
    ///
    /// [`SpoolError`]. A broken file is no error.
    pub fn open(path: &Path, bounds: Bounds) -> Result<(Self, Option<PathBuf>), SpoolError> {
        let lock = Lock::take(path)?;
        let (connection, aside) = open::file(path)?;
        Ok((Self::of(connection, bounds, Some(lock))?, aside))
    }

    /// One that ends with the process, for devices that are none.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] if there is no memory.
    pub fn in_memory(bounds: Bounds) -> Result<Self, SpoolError> {
        Self::of(open::memory()?, bounds, None)
    }

    fn of(connection: Connection, bounds: Bounds, lock: Option<Lock>) -> Result<Self, SpoolError> {
        let bytes = figures::bytes(&connection)?;
        Ok(Self { connection, bounds, bytes, sent: 0, _lock: lock })
    }

    /// Puts a transition on the disk, where it is when this returns.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] if the disk does not take it; then nothing has changed.
    pub fn append(&mut self, topic: &str, found: &Found, now: Timestamp) -> Result<Appended, SpoolError> {
        let transaction = begin(&mut self.connection, self.bounds.sync)?;
        let old = drop_old(&transaction, self.bounds.oldest(now))?;
        let kept = self.bytes.saturating_sub(old.bytes);
        let seq = next_seq(&transaction, now)?;
        let payload = found.publish(seq)?;
        let size = u64::try_from(payload.len()).unwrap_or(u64::MAX);
        let excess = self.bounds.excess(kept, size).filter(|_| payload.len() <= PAYLOAD_BYTES);
        let Some(excess) = excess else {
            add(&transaction, "refused", 1)?;
            transaction.commit()?;
            self.bytes = kept;
            let is_too_large = payload.len() > PAYLOAD_BYTES;
            return Ok(if is_too_large {
                Appended::TooLarge { bytes: payload.len() }
            } else {
                Appended::Refused
            });
        };
        let full = drop_oldest(&transaction, excess)?;
        transaction
            .prepare_cached("INSERT INTO spool (seq, found_at, topic, payload) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![seq, now.as_millisecond(), topic, payload])?;
        add(&transaction, "appended", 1)?;
        set(&transaction, SEQ, seq)?;
        transaction
            .prepare_cached(
                "INSERT INTO latest (device, status) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET status = ?2",
            )?
            .execute(params![found.device_id, found.status])?;
        transaction.commit()?;
        self.bytes = kept.saturating_sub(full.bytes).saturating_add(size);
        Ok(Appended::Kept { seq, dropped: full.count })
    }

    /// The status that the device had in the latest transition that was appended.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] if the file can't be read.
    pub fn latest(&self, device: &str) -> Result<Option<String>, SpoolError> {
        let mut statement = self.connection.prepare_cached("SELECT status FROM latest WHERE device = ?1")?;
        Ok(statement.query_row([device], |row| row.get(0)).optional()?)
    }

    /// The transitions after the one with the number `after`, oldest first, at most `limit`.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] if the file can't be read.
    pub fn after(&self, after: u64, limit: u32) -> Result<Vec<Entry>, SpoolError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT seq, topic, payload FROM spool WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
        let entries = statement.query_map(params![after, limit], |row| {
            Ok(Entry { seq: row.get(0)?, topic: row.get(1)?, payload: row.get(2)? })
        })?;
        Ok(entries.collect::<Result<_, _>>()?)
    }

    /// Lets transitions go that the broker has acknowledged; tells how many of them were still there. It is not waited for the disk: what
    /// a power cut takes back is published once more.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] if the file can't be written; then all are still there.
    pub fn acknowledge(&mut self, seqs: &[u64]) -> Result<u64, SpoolError> {
        let sent = std::mem::take(&mut self.sent);
        let transaction = begin(&mut self.connection, false)?;
        let mut gone = Gone::default();
        for seq in seqs {
            let mut statement =
                transaction.prepare_cached("DELETE FROM spool WHERE seq = ?1 RETURNING length(payload)")?;
            let size: Option<u64> = statement.query_row([seq], |row| row.get(0)).optional()?;
            gone.add(size);
        }
        add(&transaction, "acknowledged", gone.count)?;
        add(&transaction, "sent", sent)?;
        transaction.commit()?;
        self.bytes = self.bytes.saturating_sub(gone.bytes);
        Ok(gone.count)
    }

    /// Lets transitions go that are too old at `now`; tells how many.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] if the file can't be written.
    pub fn forget_old(&mut self, now: Timestamp) -> Result<u64, SpoolError> {
        let oldest = self.bounds.oldest(now);
        let transaction = begin(&mut self.connection, false)?;
        let gone = drop_old(&transaction, oldest)?;
        transaction.commit()?;
        self.bytes = self.bytes.saturating_sub(gone.bytes);
        Ok(gone.count)
    }

    /// So many publishes were handed over. They get into the file with what is written next.
    pub fn sent(&mut self, more: u64) {
        self.sent = self.sent.saturating_add(more);
    }

    /// The broker has accepted a connection.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] if the file can't be written.
    pub fn connected(&mut self, now: Timestamp) -> Result<(), SpoolError> {
        self.link("UPDATE link SET connected_since = ?1", params![now.as_millisecond()], 1)
    }

    /// There is no connection, for this reason.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] if the file can't be written.
    pub fn disconnected(&mut self, trouble: &str, now: Timestamp) -> Result<(), SpoolError> {
        let change = "UPDATE link SET connected_since = NULL, trouble = ?1, trouble_at = ?2";
        self.link(change, params![trouble, now.as_millisecond()], 0)
    }

    fn link(&mut self, change: &str, values: &[&dyn ToSql], connections: u64) -> Result<(), SpoolError> {
        let sent = std::mem::take(&mut self.sent);
        let transaction = begin(&mut self.connection, false)?;
        transaction.prepare_cached(change)?.execute(values)?;
        add(&transaction, "connections", connections)?;
        add(&transaction, "sent", sent)?;
        Ok(transaction.commit()?)
    }

    /// Whether nothing waits.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] if the file can't be read.
    pub fn is_empty(&self) -> Result<bool, SpoolError> {
        let mut statement = self.connection.prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM spool)")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// How full it is.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] if the file can't be read.
    pub fn figures(&self) -> Result<Figures, SpoolError> {
        let mut figures = Figures::read(&self.connection)?;
        figures.counters.sent += self.sent;
        Ok(figures)
    }
}

/// Begins a change. One that does not wait for the disk may be taken back by a power cut, and by nothing else.
fn begin(connection: &mut Connection, waits: bool) -> Result<Transaction<'_>, rusqlite::Error> {
    connection.pragma_update(None, "synchronous", if waits { "full" } else { "normal" })?;
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

/// Transitions that went.
#[derive(Clone, Copy, Debug, Default)]
struct Gone {
    count: u64,
    bytes: u64,
}

impl Gone {
    fn add(&mut self, size: Option<u64>) {
        if let Some(size) = size {
            self.count += 1;
            self.bytes += size;
        }
    }
}

fn drop_old(transaction: &Transaction<'_>, oldest: Option<Timestamp>) -> Result<Gone, rusqlite::Error> {
    let mut gone = Gone::default();
    let Some(oldest) = oldest else { return Ok(gone) };
    // The whole spool is read only if the first one is too old: others were found after it, but for a clock that was set back.
    let mut first = transaction.prepare_cached("SELECT found_at FROM spool ORDER BY seq LIMIT 1")?;
    let first: Option<i64> = first.query_row([], |row| row.get(0)).optional()?;
    if first.is_none_or(|first| first >= oldest.as_millisecond()) {
        return Ok(gone);
    }
    let mut statement =
        transaction.prepare_cached("DELETE FROM spool WHERE found_at < ?1 RETURNING length(payload)")?;
    let mut rows = statement.query([oldest.as_millisecond()])?;
    while let Some(row) = rows.next()? {
        gone.add(Some(row.get(0)?));
    }
    drop(rows);
    add(transaction, "dropped_old", gone.count)?;
    Ok(gone)
}

/// Lets the oldest ones go until this many bytes are free.
fn drop_oldest(transaction: &Transaction<'_>, bytes: u64) -> Result<Gone, rusqlite::Error> {
    let mut gone = Gone::default();
    while gone.bytes < bytes {
        let mut statement = transaction.prepare_cached(
            "DELETE FROM spool WHERE seq = (SELECT min(seq) FROM spool) RETURNING length(payload)",
        )?;
        let size: Option<u64> = statement.query_row([], |row| row.get(0)).optional()?;
        if size.is_none() {
            break;
        }
        gone.add(size);
    }
    add(transaction, "dropped_full", gone.count)?;
    Ok(gone)
}

/// One more than the last one. A file that is new may follow one that was lost, and who reads the events takes a smaller number for an
/// older event: it begins with the time in milliseconds.
fn next_seq(transaction: &Transaction<'_>, now: Timestamp) -> Result<u64, rusqlite::Error> {
    let mut statement = transaction.prepare_cached("SELECT count FROM counters WHERE name = ?1")?;
    let last: Option<u64> = statement.query_row([SEQ], |row| row.get(0)).optional()?;
    Ok(last.map_or_else(|| u64::try_from(now.as_millisecond()).unwrap_or(1), |last| last + 1))
}

fn set(transaction: &Transaction<'_>, name: &str, count: u64) -> Result<(), rusqlite::Error> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO counters (name, count) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET count = ?2",
    )?;
    statement.execute(params![name, count]).map(drop)
}

fn add(transaction: &Transaction<'_>, name: &str, more: u64) -> Result<(), rusqlite::Error> {
    if more == 0 {
        return Ok(());
    }
    let mut statement = transaction.prepare_cached(
        "INSERT INTO counters (name, count) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET count = count + ?2",
    )?;
    statement.execute(params![name, more]).map(drop)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
