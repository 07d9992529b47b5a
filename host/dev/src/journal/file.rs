//! The journal's file. A message is acknowledged when it is in here, and many that come at once share one sync of the disk.

use std::path::Path;

use campanile_broker::Message;
use campanile_store::{Fault, SqliteFile, StoreError};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params, params};
use tokio::sync::watch;

use super::kept::{Head, Outcome};
use super::tables::JOURNAL;
use super::{Entry, MessageId, QueuedMessage, Source};

/// Finished messages that are kept: more than anybody scrolls through. What is not finished is always kept.
pub const RETAINED: usize = 10_000;

/// Messages that are kept in each queue. SQS keeps them for up to two weeks; who looks at them looks at the newest.
pub const QUEUED: usize = 1_000;

/// Every so many messages the oldest are looked for and deleted.
const SWEEP: u64 = 100;

/// The journal.
#[derive(Debug)]
pub struct Journal {
    writer: SqliteFile,
    /// Apart, so that nobody who looks delays an acknowledgement.
    reader: SqliteFile,
    latest: watch::Sender<u64>,
}

impl Journal {
    /// Opens the file, and makes it if there is none. Its folder must exist.
    ///
    /// # Errors
    ///
    /// If the file can't be opened or made, is damaged, another program's or a newer version's.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let writer = SqliteFile::open(path, &JOURNAL).await?;
        let reader = SqliteFile::open(path, &JOURNAL).await?;
        Ok(Self { writer, reader, latest: watch::Sender::new(0) })
    }

    /// Keeps a message; it is on the disk when this comes back.
    ///
    /// # Errors
    ///
    /// If the file can't be written.
    pub async fn append(&self, message: Message, source: Source) -> Result<Entry, StoreError> {
        let head = Head::of(&message, source);
        let payload = message.payload.clone();
        let id = self.writer.write(move |file| append(file, &head, &payload)).await?;
        let id = MessageId(id);
        self.latest.send_if_modified(|latest| {
            let newer = id.0 > *latest;
            *latest = id.0.max(*latest);
            newer
        });
        Ok(Entry { id, message, source, verdicts: Vec::new(), concerns: Vec::new() })
    }

    /// Hears of new messages by the latest id.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.latest.subscribe()
    }

    /// Keeps what became of a message; all of its actions have ended.
    ///
    /// # Errors
    ///
    /// If the file can't be written.
    pub async fn finish(&self, entry: &Entry) -> Result<(), StoreError> {
        let id = entry.id;
        let outcome = Outcome { verdicts: entry.verdicts.clone(), concerns: entry.concerns.clone() };
        self.writer.write(move |file| finish(file, id, &outcome)).await
    }

    /// The messages after `after` whose actions have not all ended, in order, at most `limit`.
    ///
    /// # Errors
    ///
    /// If the file can't be read.
    pub async fn unfinished(&self, after: MessageId, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.reader.read(move |file| entries(file, UNFINISHED, after.0, limit)).await
    }

    /// How many messages have actions that have not ended.
    ///
    /// # Errors
    ///
    /// If the file can't be read.
    pub async fn count_unfinished(&self) -> Result<u64, StoreError> {
        let count = |file: &Connection| {
            let sql = "SELECT count(*) FROM messages WHERE outcome IS NULL";
            Ok(file.query_row(sql, [], |row| unsigned(row, 0))?)
        };
        self.reader.read(count).await
    }

    /// The messages before `before`, newest first, at most `limit`.
    ///
    /// # Errors
    ///
    /// If the file can't be read.
    pub async fn list(&self, before: Option<MessageId>, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let before = before.map_or(u64::MAX, |before| before.0);
        self.reader.read(move |file| entries(file, LISTED, before, limit)).await
    }

    /// One message, if it is there.
    ///
    /// # Errors
    ///
    /// If the file can't be read.
    pub async fn find(&self, id: MessageId) -> Result<Option<Entry>, StoreError> {
        let found = self.reader.read(move |file| entries(file, NAMED, id.0, 1)).await?;
        Ok(found.into_iter().next())
    }

    /// Puts a message into a queue.
    ///
    /// # Errors
    ///
    /// If the file can't be written.
    pub async fn enqueue(&self, queue: &str, message: MessageId, body: String) -> Result<(), StoreError> {
        let (queue, at) = (queue.to_owned(), Timestamp::now());
        self.writer.write(move |file| enqueue(file, &queue, at, message, &body)).await
    }

    /// The messages in all queues before the one with the id `before`, newest first, at most `limit`.
    ///
    /// # Errors
    ///
    /// If the file can't be read.
    pub async fn queued(&self, before: Option<u64>, limit: usize) -> Result<Vec<QueuedMessage>, StoreError> {
        self.reader.read(move |file| queued(file, before.unwrap_or(u64::MAX), limit)).await
    }
}

const UNFINISHED: &str = "SELECT id, head, payload, outcome FROM messages \
    WHERE outcome IS NULL AND id > ? ORDER BY id LIMIT ?";
const LISTED: &str = "SELECT id, head, payload, outcome FROM messages WHERE id < ? ORDER BY id DESC LIMIT ?";
const NAMED: &str = "SELECT id, head, payload, outcome FROM messages WHERE id = ? LIMIT ?";

fn append(file: &Connection, head: &Head, payload: &[u8]) -> Result<u64, Fault> {
    file.prepare_cached("INSERT INTO messages (head, payload) VALUES (?, ?)")?
        .execute(params![serde_json::to_string(head)?, payload])?;
    Ok(u64::try_from(file.last_insert_rowid()).unwrap_or_default())
}

fn finish(file: &Connection, id: MessageId, outcome: &Outcome) -> Result<(), Fault> {
    file.prepare_cached("UPDATE messages SET outcome = ? WHERE id = ?")?
        .execute(params![serde_json::to_string(outcome)?, signed(id.0)])?;
    if id.0.is_multiple_of(SWEEP) {
        sweep(file, RETAINED)?;
    }
    Ok(())
}

/// Deletes finished messages that are older than the newest `retained` ones.
fn sweep(file: &Connection, retained: usize) -> Result<(), Fault> {
    let oldest: Option<i64> = file
        .prepare_cached(
            "SELECT id FROM messages WHERE outcome IS NOT NULL ORDER BY id DESC LIMIT 1 OFFSET ?",
        )?
        .query_row([count(retained)], |row| row.get(0))
        .optional()?;
    if let Some(oldest) = oldest {
        file.prepare_cached("DELETE FROM messages WHERE outcome IS NOT NULL AND id <= ?")?
            .execute([oldest])?;
    }
    Ok(())
}

fn entries(file: &Connection, sql: &str, bound: u64, limit: usize) -> Result<Vec<Entry>, Fault> {
    let mut statement = file.prepare_cached(sql)?;
    let rows = statement.query_map(params![signed(bound), count(limit)], |row| {
        Ok((unsigned(row, 0)?, row.get::<_, String>(1)?, row.get(2)?, row.get::<_, Option<String>>(3)?))
    })?;
    let entry = |row: rusqlite::Result<(u64, String, Vec<u8>, Option<String>)>| {
        let (id, head, payload, outcome) = row?;
        let head: Head = serde_json::from_str(&head)?;
        let outcome =
            outcome.map_or_else(|| Ok(Outcome::default()), |outcome| serde_json::from_str(&outcome));
        Ok(head.entry(MessageId(id), payload, outcome?))
    };
    rows.map(entry).collect()
}

fn enqueue(
    file: &Connection,
    queue: &str,
    at: Timestamp,
    message: MessageId,
    body: &str,
) -> Result<(), Fault> {
    file.prepare_cached("INSERT INTO queued (queue, at, message, body) VALUES (?, ?, ?, ?)")?
        .execute(params![queue, at.as_microsecond(), signed(message.0), body])?;
    file.prepare_cached(
        "DELETE FROM queued WHERE queue = :queue AND id <=
            (SELECT id FROM queued WHERE queue = :queue ORDER BY id DESC LIMIT 1 OFFSET :kept)",
    )?
    .execute(named_params! { ":queue": queue, ":kept": count(QUEUED) })?;
    Ok(())
}

fn queued(file: &Connection, before: u64, limit: usize) -> Result<Vec<QueuedMessage>, Fault> {
    let sql = "SELECT id, queue, at, message, body FROM queued WHERE id < ? ORDER BY id DESC LIMIT ?";
    let mut statement = file.prepare_cached(sql)?;
    let rows = statement.query_map(params![signed(before), count(limit)], |row| {
        Ok(QueuedMessage {
            id: unsigned(row, 0)?,
            queue: row.get(1)?,
            at: Timestamp::from_microsecond(row.get(2)?).unwrap_or_default(),
            message: MessageId(unsigned(row, 3)?),
            body: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn migrated() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        for statements in JOURNAL.migrations {
            connection.execute_batch(statements).unwrap();
        }
        connection
    }

    fn message(topic: &str) -> Message {
        Message {
            topic: topic.to_owned(),
            payload: bytes::Bytes::from_static(b"{}"),
            qos: campanile_broker::Qos::AtLeastOnce,
            retain: false,
            client_id: "d".to_owned(),
            principal: None,
            source_ip: None,
            trace_id: "t".to_owned(),
            received_at: Timestamp::UNIX_EPOCH,
            properties: None,
        }
    }

    #[test]
    fn what_is_not_finished_is_never_swept() {
        let file = migrated();
        let head = Head::of(&message("a"), Source::Mqtt);
        for _ in 0..10 {
            append(&file, &head, b"").unwrap();
        }
        for id in (1..=10).filter(|id| id % 3 != 0) {
            finish(&file, MessageId(id), &Outcome::default()).unwrap();
        }
        sweep(&file, 2).unwrap();
        let left: Vec<u64> =
            entries(&file, LISTED, u64::MAX, 100).unwrap().iter().map(|it| it.id.0).collect();
        assert_eq!(left, [10, 9, 8, 6, 3]);
        let open: Vec<u64> = entries(&file, UNFINISHED, 0, 100).unwrap().iter().map(|it| it.id.0).collect();
        assert_eq!(open, [3, 6, 9]);
    }

    #[test]
    fn a_queue_keeps_the_newest() {
        let file = migrated();
        for number in 0..=u64::try_from(QUEUED).unwrap() {
            enqueue(&file, "errors", Timestamp::UNIX_EPOCH, MessageId(number), "{}").unwrap();
        }
        enqueue(&file, "others", Timestamp::UNIX_EPOCH, MessageId(7), "{}").unwrap();
        let kept = queued(&file, u64::MAX, 2 * QUEUED).unwrap();
        assert_eq!(kept.len(), QUEUED + 1);
        assert_eq!(kept.last().unwrap().message, MessageId(1));
    }

    #[test]
    fn what_is_unfinished_is_found_by_its_index() {
        let file = migrated();
        let mut plan = file.prepare(&format!("EXPLAIN QUERY PLAN {UNFINISHED}")).unwrap();
        let lines: Vec<String> =
            plan.query_map([1, 1], |row| row.get(3)).unwrap().map(Result::unwrap).collect();
        assert_eq!(lines, ["SEARCH messages USING INDEX messages_unfinished (id>?)"]);
    }
}
