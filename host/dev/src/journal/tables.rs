//! The tables of the journal.

use campanile_store::Schema;

/// Marks a file as a journal (`CamJ`).
const APPLICATION_ID: i64 = 0x4361_6d4a;

/// Messages and queues. A message has no `outcome` until all of its actions have ended.
///
/// `AUTOINCREMENT`, because an id is never given twice, also after the newest one was deleted.
pub(super) const JOURNAL: Schema = Schema { application_id: APPLICATION_ID, migrations: &[MESSAGES] };

const MESSAGES: &str = "
    CREATE TABLE messages (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        head TEXT NOT NULL,
        payload BLOB NOT NULL,
        outcome TEXT
    );
    CREATE INDEX messages_unfinished ON messages (id) WHERE outcome IS NULL;
    CREATE TABLE queued (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL,
        at INTEGER NOT NULL,
        message INTEGER NOT NULL,
        body TEXT NOT NULL
    );
";
