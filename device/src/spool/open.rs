//! Opens the file, makes a new one, and puts a broken one aside.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use super::SpoolError;

/// `PRAGMA user_version`.
pub(super) const VERSION: u32 = 1;

/// `PRAGMA application_id`: `camd`.
const APPLICATION: u32 = 0x6361_6d64;

/// Pages in memory, in KiB: the spool is written and read once.
const CACHE_KIB: i64 = 256;

/// A log larger than this is made small again after a checkpoint, in bytes.
const LOG_BYTES: i64 = 1024 * 1024;

/// A checkpoint comes after so many pages, before the log is larger than that: it is written over then, and does not grow and shrink,
/// which the file system has to write down at every sync.
const LOG_PAGES: i64 = 250;

/// How long somebody who looks may keep us waiting.
const BUSY: Duration = Duration::from_secs(5);

const SCHEMA: &str = "
    CREATE TABLE spool (
        seq INTEGER PRIMARY KEY,
        found_at INTEGER NOT NULL,
        topic TEXT NOT NULL,
        payload BLOB NOT NULL
    ) STRICT;
    CREATE TABLE counters (name TEXT PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE latest (device TEXT PRIMARY KEY, status TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE link (connected_since INTEGER, trouble TEXT, trouble_at INTEGER) STRICT;
    INSERT INTO link DEFAULT VALUES;
";

/// The file, and where a broken one was put.
pub(super) fn file(path: &Path) -> Result<(Connection, Option<PathBuf>), SpoolError> {
    match prepared(Connection::open(path)?, path) {
        Err(SpoolError::Sqlite(error)) if is_broken(&error) => {
            let aside = put_aside(path)?;
            Ok((prepared(Connection::open(path)?, path)?, Some(aside)))
        }
        opened => opened.map(|connection| (connection, None)),
    }
}

pub(super) fn memory() -> Result<Connection, SpoolError> {
    prepared(Connection::open_in_memory()?, Path::new(":memory:"))
}

/// To look at it, while it is used or not.
pub(super) fn to_read(path: &Path) -> Result<Connection, SpoolError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

fn prepared(mut connection: Connection, path: &Path) -> Result<Connection, SpoolError> {
    connection.busy_timeout(BUSY)?;
    // So that `status` reads while `run` writes.
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    migrate(&transaction, path)?;
    let broken: String = transaction.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if broken != "ok" {
        return Err(corrupt(&broken).into());
    }
    // Whoever had a connection is not there any more.
    transaction.execute("UPDATE link SET connected_since = NULL", [])?;
    transaction.commit()?;
    Ok(connection)
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

fn is_broken(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

fn corrupt(reason: &str) -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    rusqlite::Error::SqliteFailure(code, Some(reason.to_owned()))
}

/// Renames a broken file and its log, so that somebody can look at them: `spool.db` becomes `spool.db.broken-1`.
fn put_aside(path: &Path) -> Result<PathBuf, SpoolError> {
    let failed = |error| SpoolError::Quarantine { path: path.to_owned(), error };
    let free =
        (1..u32::MAX).map(|number| beside(path, &format!(".broken-{number}"))).find(|aside| !aside.exists());
    let aside = free.unwrap_or_else(|| beside(path, ".broken"));
    std::fs::rename(path, &aside).map_err(failed)?;
    match std::fs::rename(beside(path, "-wal"), beside(&aside, "-wal")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(error)),
        _ => Ok(aside),
    }
}

/// A file beside that of the spool.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}
