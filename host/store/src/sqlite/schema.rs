//! The tables, and how an older file becomes one of this version.

use rusqlite::{Connection, TransactionBehavior};

use super::error::SqliteTrouble;

/// Marks a file as ours ("Camp"), so that no other program's file is written to.
const APPLICATION_ID: i64 = 0x4361_6d70;

/// What leads from one version of the schema to the next; a file's `user_version` is how many it has had. Never change one
/// that was released: add another.
///
/// Times are microseconds since 1970, for indexes and filters; `record`, `attempt`, `letter` and `item` are JSON and have the exact
/// ones.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        device TEXT NOT NULL,
        event TEXT NOT NULL,
        channel TEXT NOT NULL,
        status TEXT NOT NULL,
        due INTEGER,
        opened_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        record TEXT NOT NULL
    );
    CREATE INDEX deliveries_due ON deliveries (status, due);
    CREATE INDEX deliveries_expired ON deliveries (expires_at);
    CREATE INDEX deliveries_listed ON deliveries (opened_at, name);
    CREATE INDEX deliveries_of_device ON deliveries (device, opened_at, name);
    CREATE INDEX deliveries_with_status ON deliveries (status, opened_at, name);

    CREATE TABLE attempts (
        id INTEGER PRIMARY KEY,
        delivery INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
        started_at INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        attempt TEXT NOT NULL
    );
    CREATE INDEX attempts_of_delivery ON attempts (delivery);

    CREATE TABLE letters (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        letter TEXT NOT NULL
    );
    CREATE INDEX letters_listed ON letters (at, id);
",
    "
    CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        client_id TEXT NOT NULL,
        trace_id TEXT NOT NULL,
        received_at INTEGER NOT NULL,
        name TEXT NOT NULL,
        item TEXT NOT NULL,
        topic TEXT AS (item ->> '$.topic'),
        payload TEXT AS (item -> '$.payload'),
        raw TEXT AS (item ->> '$.raw'),
        UNIQUE (client_id, trace_id)
    );
    CREATE INDEX events_listed ON events (received_at, name);
    CREATE INDEX events_of_device ON events (client_id, received_at, name);
    CREATE TRIGGER events_unchanged BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'events are kept as they came'); END;
    CREATE TRIGGER events_undeleted BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'events are kept as they came'); END;
",
];

/// Refuses a file that must not be touched. In one transaction: another process may be making the file right now, and half of
/// what it writes looks like another program's.
pub(super) fn check(connection: &mut Connection) -> Result<(), SqliteTrouble> {
    refuse(&*connection.transaction()?)
}

fn refuse(connection: &Connection) -> Result<(), SqliteTrouble> {
    let (found, known) = (version(connection)?, known());
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION_ID && tables > 0 {
        return Err(SqliteTrouble::Foreign);
    }
    if found > known {
        return Err(SqliteTrouble::Newer { found, known });
    }
    Ok(())
}

/// Brings the file's schema up to date. Of several processes that try it at once, one does it.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), SqliteTrouble> {
    if version(connection)? == known() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Once more: another process may have been quicker.
    refuse(&transaction)?;
    let found = usize::try_from(version(&transaction)?).unwrap_or_default();
    for statements in MIGRATIONS.iter().skip(found) {
        transaction.execute_batch(statements)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", known())?;
    Ok(transaction.commit()?)
}

fn version(connection: &Connection) -> Result<i64, SqliteTrouble> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

fn known() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(sql: &str) -> String {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let lines = statement.query_map([], |row| row.get::<_, String>(3)).unwrap();
        lines.map(Result::unwrap).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        check(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), known());
    }

    #[test]
    fn what_is_due_is_found_by_its_index() {
        let due = plan("SELECT id FROM deliveries WHERE status = 'retry' AND due <= 5 ORDER BY due");
        assert_eq!(due, "SEARCH deliveries USING COVERING INDEX deliveries_due (status=? AND due<?)");
    }

    #[test]
    fn lists_are_read_in_the_order_of_an_index() {
        let order = "(opened_at, name) < (5, 'x') ORDER BY opened_at DESC, name DESC";
        for (condition, index) in [
            ("", "deliveries_listed ((opened_at,name)<(?,?))"),
            ("device = 'a' AND ", "deliveries_of_device (device=? AND (opened_at,name)<(?,?))"),
            ("status = 'retry' AND ", "deliveries_with_status (status=? AND (opened_at,name)<(?,?))"),
        ] {
            let plan = plan(&format!("SELECT record FROM deliveries WHERE {condition}{order}"));
            assert_eq!(plan, format!("SEARCH deliveries USING INDEX {index}"));
        }
    }
}
