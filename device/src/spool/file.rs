//! The file.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::{Bounds, Counters};
use crate::transition::Found;

/// `PRAGMA user_version`.
const VERSION: u32 = 1;

/// `PRAGMA application_id`: `camd`.
const APPLICATION: u32 = 0x6361_6d64;

/// Pages in memory, in KiB: the spool is written and read once.
const CACHE_KIB: i64 = 256;

/// A log larger than this is made small again after a checkpoint, in bytes.
const LOG_BYTES: i64 = 1024 * 1024;

/// The largest payload: what AWS IoT takes.
const PAYLOAD_BYTES: usize = 128 * 1024;

/// The name of the latest number among the counters.
const SEQ: &str = "seq";

const SCHEMA: &str = "
    CREATE TABLE spool (
        seq INTEGER PRIMARY KEY,
        found_at INTEGER NOT NULL,
        topic TEXT NOT NULL,
        payload BLOB NOT NULL
    ) STRICT;
    CREATE TABLE counters (name TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE latest (device TEXT PRIMARY KEY, status TEXT NOT NULL) STRICT, WITHOUT ROWID;
";

/// Why the spool can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// Another process has it; two would publish as one device.
    #[error("another process uses the spool `{}`", .0.display())]
    InUse(PathBuf),
    /// It was made by a newer version.
    #[error("the spool `{}` has version {found}, and this program knows version {VERSION}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
    /// A broken file could not be put aside.
    #[error("the spool `{}` is broken and can't be put aside: {error}", path.display())]
    Quarantine {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The disk is full or broken, or the file may not be written.
    #[error("the spool can't be used: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A reading that is no JSON.
    #[error("the transition is no JSON: {0}")]
    Json(#[from] serde_json::Error),
}

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

/// How full it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Transitions.
    pub count: u64,
    /// Their payloads, in bytes.
    pub bytes: u64,
    /// When the oldest one was found.
    pub oldest: Option<Timestamp>,
    /// All counts.
    pub counters: Counters,
}

/// The spool of this machine.
#[derive(Debug)]
pub struct Spool {
    connection: Connection,
    bounds: Bounds,
    /// Of all payloads in the file.
    bytes: u64,
}

impl Spool {
    /// Opens the file, or makes it; gives also where a broken one was put. Until this is dropped nobody else can open it.
    ///
    /// # Errors
    ///
    /// [`SpoolError`]. A broken file is no error.
    pub fn open(path: &Path, bounds: Bounds) -> Result<(Self, Option<PathBuf>), SpoolError> {
        match Self::try_open(path, bounds) {
            Err(SpoolError::Sqlite(error)) if is_broken(&error) => {
                let aside = put_aside(path)?;
                Ok((Self::try_open(path, bounds)?, Some(aside)))
            }
            Err(SpoolError::Sqlite(error)) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                Err(SpoolError::InUse(path.to_owned()))
            }
            opened => opened.map(|spool| (spool, None)),
        }
    }

    fn try_open(path: &Path, bounds: Bounds) -> Result<Self, SpoolError> {
        let mut connection = Connection::open(path)?;
        // One process: no shared memory beside the file, and whoever comes second is told (https://www.sqlite.org/wal.html#noshm).
        connection.pragma_update(None, "locking_mode", "exclusive")?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
        migrate(&transaction, path)?;
        let broken: String = transaction.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if broken != "ok" {
            return Err(corrupt(&broken).into());
        }
        let bytes =
            transaction
                .query_row("SELECT coalesce(sum(length(payload)), 0) FROM spool", [], |row| row.get(0))?;
        transaction.commit()?;
        Ok(Self { connection, bounds, bytes })
    }

    /// Puts a transition on the disk, where it is when this returns.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] if the disk does not take it; then nothing has changed.
    pub fn append(&mut self, topic: &str, found: &Found, now: Timestamp) -> Result<Appended, SpoolError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
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

    /// Lets transitions go that the broker has acknowledged; tells how many of them were still there. What is lost of this in a power
    /// cut is published once more.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] if the file can't be written; then all are still there.
    pub fn acknowledge(&mut self, seqs: &[u64]) -> Result<u64, SpoolError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut gone = Gone::default();
        for seq in seqs {
            let mut statement =
                transaction.prepare_cached("DELETE FROM spool WHERE seq = ?1 RETURNING length(payload)")?;
            let size: Option<u64> = statement.query_row([seq], |row| row.get(0)).optional()?;
            gone.add(size);
        }
        add(&transaction, "acknowledged", gone.count)?;
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
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let gone = drop_old(&transaction, self.bounds.oldest(now))?;
        transaction.commit()?;
        self.bytes = self.bytes.saturating_sub(gone.bytes);
        Ok(gone.count)
    }

    /// Adds to the counts of what was sent and of connections.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] if the file can't be written.
    pub fn count(&mut self, sent: u64, connected: u64) -> Result<(), SpoolError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        add(&transaction, "sent", sent)?;
        add(&transaction, "connected", connected)?;
        Ok(transaction.commit()?)
    }

    /// How full it is.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] if the file can't be read.
    pub fn figures(&self) -> Result<Figures, SpoolError> {
        let (count, oldest): (u64, Option<i64>) =
            self.connection.query_row("SELECT count(*), min(found_at) FROM spool", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let mut counters = Counters::default();
        let mut statement = self.connection.prepare_cached("SELECT name, count FROM counters")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let name: String = row.get(0)?;
            if let Some(counter) = counters.of_name(&name) {
                *counter = row.get(1)?;
            }
        }
        let oldest = oldest.and_then(|oldest| Timestamp::from_millisecond(oldest).ok());
        Ok(Figures { count, bytes: self.bytes, oldest, counters })
    }
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

fn migrate(transaction: &Transaction<'_>, path: &Path) -> Result<(), SpoolError> {
    let (application, version): (u32, u32) = (
        transaction.query_row("PRAGMA application_id", [], |row| row.get(0))?,
        transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?,
    );
    match (application, version) {
        (0, 0) => {
            transaction.execute_batch(SCHEMA)?;
            transaction.pragma_update(None, "application_id", APPLICATION)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
            Ok(())
        }
        (APPLICATION, VERSION) => Ok(()),
        (APPLICATION, found) if found > VERSION => Err(SpoolError::Newer { path: path.to_owned(), found }),
        _ => Err(corrupt("it is another program's").into()),
    }
}

fn drop_old(transaction: &Transaction<'_>, oldest: Option<Timestamp>) -> Result<Gone, rusqlite::Error> {
    let mut gone = Gone::default();
    let Some(oldest) = oldest else { return Ok(gone) };
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

fn is_broken(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

fn corrupt(reason: &str) -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    rusqlite::Error::SqliteFailure(code, Some(reason.to_owned()))
}

/// Renames a broken file and its log, so that somebody can look at them: `spool.db` becomes `spool.db.broken-1`.
fn put_aside(path: &Path) -> Result<PathBuf, SpoolError> {
    let with = |path: &Path, suffix: &str| {
        let mut name = OsString::from(path);
        name.push(suffix);
        PathBuf::from(name)
    };
    let failed = |error| SpoolError::Quarantine { path: path.to_owned(), error };
    let free =
        (1..u32::MAX).map(|number| with(path, &format!(".broken-{number}"))).find(|aside| !aside.exists());
    let aside = free.unwrap_or_else(|| with(path, ".broken"));
    std::fs::rename(path, &aside).map_err(failed)?;
    match std::fs::rename(with(path, "-wal"), with(&aside, "-wal")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(error)),
        _ => Ok(aside),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
