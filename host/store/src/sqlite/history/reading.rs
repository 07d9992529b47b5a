//! Reads the events of a file in the order in which they were received, each part in a transaction of its own: whoever writes to the
//! file meanwhile is not kept from it, and the file's log of changes does not grow while somebody exports.

use jiff::Timestamp;
use rusqlite::{Connection, named_params};
use serde_json::{Map, Value};

use super::{SqliteHistory, of_device};
use crate::history::{Batch, EventFilter, EventReader, PastEvent, Place};
use crate::ledger::StoreError;
use crate::page::Cursor;
use crate::sqlite::error::Fault;

/// Bytes of items after which a part ends: what DynamoDB answers at once.
const BYTES: usize = 1024 * 1024;

/// Events of a part: the thread that has the file open has others waiting.
const EVENTS: usize = 2000;

/// Reads on where it was.
#[derive(Debug)]
pub struct SqliteReader<'h> {
    history: &'h SqliteHistory,
    filter: EventFilter,
    place: Place<Cursor>,
}

impl<'h> SqliteReader<'h> {
    pub(super) fn new(history: &'h SqliteHistory, filter: &EventFilter) -> Self {
        Self { history, filter: filter.clone(), place: Place::Start }
    }
}

impl EventReader for SqliteReader<'_> {
    async fn next(&mut self) -> Result<Option<Batch>, StoreError> {
        let start = match &self.place {
            Place::End => return Ok(None),
            // Names are not empty, so the first one of that moment comes after this.
            Place::Start => {
                let at = self.filter.since.map_or(i64::MIN, Timestamp::as_microsecond);
                Cursor { at, name: String::new() }
            }
            Place::After(last) => last.clone(),
        };
        let filter = self.filter.clone();
        let (batch, last) = self.history.file.read(move |file| part(file, &filter, &start)).await?;
        self.place = Place::after(last);
        Ok(Some(batch))
    }
}

/// The events after a place, and the place of the last of them if there may be more.
fn part(file: &Connection, filter: &EventFilter, start: &Cursor) -> Result<(Batch, Option<Cursor>), Fault> {
    let mut statement = file.prepare_cached(&select(filter))?;
    let mut rows = statement.query(named_params! {
        ":device": filter.device,
        ":until": filter.until.map_or(i64::MAX, Timestamp::as_microsecond),
        ":at": start.at,
        ":name": start.name,
    })?;
    let (mut batch, mut bytes, mut seen) = (Batch::default(), 0, 0);
    while let Some(row) = rows.next()? {
        let last = Cursor { at: row.get("received_at")?, name: row.get("name")? };
        // What is no text is no event either.
        let item = row.get_ref("item")?.as_bytes().unwrap_or_default();
        bytes += item.len();
        seen += 1;
        match event(item) {
            Ok(event) => batch.events.push(event),
            Err(reason) => batch.leave_out(&last.name, &reason),
        }
        if bytes >= BYTES || seen >= EVENTS {
            return Ok((batch, Some(last)));
        }
    }
    Ok((batch, None))
}

fn event(item: &[u8]) -> Result<PastEvent, String> {
    let item: Map<String, Value> = serde_json::from_slice(item).map_err(|error| error.to_string())?;
    PastEvent::new(item).map_err(|error| error.to_string())
}

/// As that of a list, the other way round.
pub(super) fn select(filter: &EventFilter) -> String {
    let device = of_device(filter);
    format!(
        "SELECT received_at, name, item FROM events
        WHERE {device} AND received_at < :until AND (received_at, name) > (:at, :name)
        ORDER BY received_at, name"
    )
}
