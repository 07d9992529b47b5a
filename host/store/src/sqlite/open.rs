//! Opens a file the way that a ledger needs it.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use super::error::SqliteTrouble;
use super::schema::Schema;

/// How long to wait for other processes. Each of their writes takes milliseconds; a channel's attempt may take 10 s, and must
/// not be lost to a wait that is longer than the lease around it.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Between two tries to open: two processes that make one file meet for milliseconds.
const OPEN_AGAIN: Duration = Duration::from_millis(10);

/// Opens the file and brings its schema up to date.
pub(super) fn open(path: &Path, schema: &Schema) -> Result<Connection, SqliteTrouble> {
    let end = Instant::now() + BUSY_TIMEOUT;
    loop {
        match try_open(path, schema) {
            // Changing to a write-ahead log and its recovery need the file alone, and do not always wait as
            // `busy_timeout` says (https://www.sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY In WAL Mode").
            Err(SqliteTrouble::Busy) if Instant::now() < end => pause(),
            opened => return opened,
        }
    }
}

fn try_open(path: &Path, schema: &Schema) -> Result<Connection, SqliteTrouble> {
    // Not as a URI: a path is a path, whatever it starts with.
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    schema.check(&mut connection)?;
    // Readers and a writer do not wait for each other, and a commit is one write instead of two.
    connection.pragma_update(None, "journal_mode", "wal")?;
    // With NORMAL, a power cut takes the last commits back (https://www.sqlite.org/pragma.html#pragma_synchronous): a delivery
    // that had ended would be claimed and sent once more. A sync for each of three writes is little beside asking a provider.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    schema.migrate(&mut connection)?;
    Ok(connection)
}

#[expect(clippy::disallowed_methods, reason = "this is the store's own thread, not a runtime's")]
fn pause() {
    std::thread::sleep(OPEN_AGAIN);
}
