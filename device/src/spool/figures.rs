//! How full a spool is, what was counted, and how the connection is: what people and machines are told.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::Connection;
use serde::Serialize;

use super::lock::Lock;
use super::{Counters, SpoolError, open};

/// How full a spool is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Figures {
    /// Transitions that wait for their acknowledgement.
    pub spooled: u64,
    /// Their payloads, in bytes.
    pub spooled_bytes: u64,
    /// When the oldest one was found.
    pub oldest: Option<Timestamp>,
    /// All counts.
    #[serde(flatten)]
    pub counters: Counters,
    /// How the connection is.
    #[serde(flatten)]
    pub link: Link,
}

/// How the connection is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Link {
    /// Since when there is one; none if there is none.
    pub connected_since: Option<Timestamp>,
    /// Why the latest one ended, or could not be made.
    pub trouble: Option<String>,
    /// When that was.
    pub trouble_at: Option<Timestamp>,
}

impl Figures {
    /// Those of a spool that this or another process uses, or none; and whether one does.
    ///
    /// # Errors
    ///
    /// [`SpoolError`] if there is no spool, or it can't be read.
    pub fn of_file(path: &Path) -> Result<(Self, bool), SpoolError> {
        if !path.exists() {
            return Err(SpoolError::Absent(path.to_owned()));
        }
        let figures = Self::read(&open::to_read(path)?)?;
        Ok((figures, Lock::is_taken(path)))
    }

    pub(super) fn read(connection: &Connection) -> Result<Self, SpoolError> {
        let (spooled, oldest): (u64, Option<i64>) =
            connection.query_row("SELECT count(*), min(found_at) FROM spool", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        Ok(Self {
            spooled,
            spooled_bytes: bytes(connection)?,
            oldest: oldest.and_then(time),
            counters: counters(connection)?,
            link: link(connection)?,
        })
    }
}

/// Of all payloads in the file.
pub(super) fn bytes(connection: &Connection) -> Result<u64, rusqlite::Error> {
    connection.query_row("SELECT coalesce(sum(length(payload)), 0) FROM spool", [], |row| row.get(0))
}

fn counters(connection: &Connection) -> Result<Counters, rusqlite::Error> {
    let mut counters = Counters::default();
    let mut statement = connection.prepare("SELECT name, count FROM counters")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        if let Some(counter) = counters.of_name(&name) {
            *counter = row.get(1)?;
        }
    }
    Ok(counters)
}

fn link(connection: &Connection) -> Result<Link, rusqlite::Error> {
    connection.query_row("SELECT connected_since, trouble, trouble_at FROM link", [], |row| {
        let since: Option<i64> = row.get(0)?;
        let at: Option<i64> = row.get(2)?;
        Ok(Link {
            connected_since: since.and_then(time),
            trouble: row.get(1)?,
            trouble_at: at.and_then(time),
        })
    })
}

fn time(milliseconds: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(milliseconds).ok()
}
