//! The history in a file: what the cold rule selects, as one row of JSON for each message.

mod reading;

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, named_params, params};
use serde::de::Error as _;

pub use self::reading::SqliteReader;
use super::error::{Fault, SqliteError};
use super::file::SqliteFile;
use super::tables::STORE;
use crate::history::{Appended, EventFilter, History, PastEvent};
use crate::ledger::StoreError;
use crate::page::{Cursor, PAGE_LIMIT, Page};

/// Events in a file, the same one as the ledger's if that is wanted.
#[derive(Debug)]
pub struct SqliteHistory {
    file: SqliteFile,
}

impl SqliteHistory {
    /// Opens the file, and makes it if there is none. Its folder must exist.
    ///
    /// # Errors
    ///
    /// If the file can't be opened or made, is damaged, another program's or a newer version's.
    pub async fn open(path: &Path) -> Result<Self, SqliteError> {
        Ok(Self { file: SqliteFile::open(path, &STORE).await? })
    }

    /// Keeps an event. What is kept under its key already stays as it is.
    ///
    /// # Errors
    ///
    /// If the file can't be written.
    pub async fn append(&self, event: &PastEvent) -> Result<Appended, StoreError> {
        let event = event.clone();
        self.file.write(move |file| append(file, &event)).await
    }
}

impl History for SqliteHistory {
    type Reader<'h> = SqliteReader<'h>;

    fn read(&self, filter: &EventFilter) -> SqliteReader<'_> {
        SqliteReader::new(self, filter)
    }

    async fn list(
        &self,
        filter: &EventFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<PastEvent>, StoreError> {
        let (filter, limit) = (filter.clone(), limit.clamp(1, PAGE_LIMIT));
        self.file.read(move |file| list(file, &filter, after, limit)).await
    }
}

fn append(file: &Connection, event: &PastEvent) -> Result<Appended, Fault> {
    let item = serde_json::to_string(event.item())?;
    let kept: Option<String> = file
        .prepare_cached("SELECT item FROM events WHERE client_id = ? AND trace_id = ?")?
        .query_row([event.client_id(), event.trace_id()], |row| row.get(0))
        .optional()?;
    match kept {
        Some(kept) if kept == item => return Ok(Appended::Again),
        Some(_) => return Ok(Appended::Different),
        None => {}
    }
    let received_at = event.received_at().unwrap_or_default().as_microsecond();
    file.prepare_cached(
        "INSERT INTO events (client_id, trace_id, received_at, name, item) VALUES (?, ?, ?, ?, ?)",
    )?
    .execute(params![event.client_id(), event.trace_id(), received_at, event.to_string(), item])?;
    Ok(Appended::New)
}

fn list(
    file: &Connection,
    filter: &EventFilter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<PastEvent>, Fault> {
    let start = filter.start(after).unwrap_or(Cursor { at: i64::MAX, name: String::new() });
    let mut statement = file.prepare_cached(&select(filter))?;
    let rows = statement.query_map(
        named_params! {
            ":device": filter.device,
            ":since": filter.since.map_or(i64::MIN, Timestamp::as_microsecond),
            ":at": start.at,
            ":name": start.name,
            ":limit": i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1),
        },
        |row| row.get::<_, String>(0),
    )?;
    let found = rows.map(|row| {
        let event = PastEvent::new(serde_json::from_str(&row?)?).map_err(serde_json::Error::custom)?;
        Ok((event.cursor(), event))
    });
    Ok(Page::of(found.collect::<Result<_, Fault>>()?, limit))
}

fn select(filter: &EventFilter) -> String {
    let device = of_device(filter);
    format!(
        "SELECT item FROM events
        WHERE {device} AND received_at >= :since AND (received_at, name) < (:at, :name)
        ORDER BY received_at DESC, name DESC LIMIT :limit"
    )
}

/// A condition that is not wanted is left out: SQLite chooses the index by the statement's text alone.
fn of_device(filter: &EventFilter) -> &'static str {
    filter.device.as_ref().map_or(":device IS NULL", |_| "client_id = :device")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migrated() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        STORE.migrate(&mut connection).unwrap();
        connection
    }

    #[test]
    fn lists_are_read_in_the_order_of_an_index() {
        let of_device = EventFilter { device: Some("a".into()), ..EventFilter::default() };
        for (filter, index) in [(EventFilter::default(), "events_listed"), (of_device, "events_of_device")] {
            let connection = migrated();
            for select in [select(&filter), reading::select(&filter)] {
                let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {select}")).unwrap();
                let lines =
                    plan.raw_query().mapped(|row| row.get::<_, String>(3)).collect::<Result<Vec<_>, _>>();
                let lines = lines.unwrap();
                assert_eq!(lines.len(), 1, "{lines:?}");
                assert!(lines[0].starts_with(&format!("SEARCH events USING INDEX {index} ")), "{lines:?}");
            }
        }
    }

    #[test]
    fn nobody_changes_or_deletes_an_event() {
        let connection = migrated();
        let item = serde_json::json!({ "client_id": "c", "trace_id": "t", "payload": { "status": "A" } });
        let event = PastEvent::new(item.as_object().unwrap().clone()).unwrap();
        assert_eq!(append(&connection, &event).unwrap(), Appended::New);
        for change in ["UPDATE events SET item = '{}'", "DELETE FROM events"] {
            let refusal = connection.execute(change, []).unwrap_err().to_string();
            assert!(refusal.starts_with("events are kept as they came"), "{change}: {refusal}");
        }
        let status: String =
            connection.query_row("SELECT payload ->> 'status' FROM events", [], |row| row.get(0)).unwrap();
        assert_eq!(status, "A");
    }
}
