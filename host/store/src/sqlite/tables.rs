//! The tables of the store.

use super::schema::Schema;

/// Marks a file as the store ("Camp").
const APPLICATION_ID: i64 = 0x4361_6d70;

/// The store: deliveries, letters, states and events.
///
/// Times are microseconds since 1970, for indexes and filters; `record`, `attempt`, `letter` and `item` are JSON and have the exact
/// ones.
pub(super) const STORE: Schema =
    Schema { application_id: APPLICATION_ID, migrations: &[DELIVERIES, STATES, EVENTS] };

const DELIVERIES: &str = "
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
";

/// Deliveries of before have no brief. What had ended gets one that names it; what had not is opened anew with its event's next try.
///
/// A brief has a table of its own because it may be large and is written once, while the delivery's row changes all the time.
const STATES: &str = "
    DELETE FROM deliveries WHERE due IS NOT NULL;
    CREATE TABLE briefs (
        delivery INTEGER PRIMARY KEY REFERENCES deliveries (id) ON DELETE CASCADE,
        brief TEXT NOT NULL
    );
    INSERT INTO briefs SELECT id, json_object(
        'notification', json_object(
            'event-id', event, 'device-id', device, 'status', '', 'severity', 'info',
            'title', event || ' of ' || device, 'body', '', 'body-format', 'text',
            'occurred-at', strftime('%Y-%m-%dT%H:%M:%SZ', opened_at / 1000000, 'unixepoch'),
            'fields', json_array(), 'event-json', '{}'),
        'route', '', 'tells', json_array(), 'earlier', NULL)
    FROM deliveries;

    DROP INDEX deliveries_due;
    CREATE INDEX deliveries_due ON deliveries (due) WHERE due IS NOT NULL;

    CREATE TABLE states (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        route TEXT NOT NULL,
        name TEXT NOT NULL,
        state TEXT NOT NULL,
        version TEXT NOT NULL,
        due INTEGER,
        expires_at INTEGER,
        UNIQUE (kind, route, name)
    );
    CREATE INDEX states_due ON states (due) WHERE due IS NOT NULL;
    CREATE INDEX states_expired ON states (expires_at) WHERE expires_at IS NOT NULL;
";

/// What the cold rule selects is `item`; what the columns after it tell is for whoever looks with another tool.
const EVENTS: &str = "
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
";

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    fn plan(sql: &str) -> String {
        let mut connection = Connection::open_in_memory().unwrap();
        STORE.migrate(&mut connection).unwrap();
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let lines = statement.query_map([], |row| row.get::<_, String>(3)).unwrap();
        lines.map(Result::unwrap).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        STORE.migrate(&mut connection).unwrap();
        STORE.migrate(&mut connection).unwrap();
        STORE.check(&mut connection).unwrap();
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(usize::try_from(version).unwrap(), STORE.migrations.len());
    }

    #[test]
    fn what_is_due_is_found_by_its_index() {
        for table in ["deliveries", "states"] {
            let due = plan(&format!("SELECT id FROM {table} WHERE due <= 5 ORDER BY due LIMIT 5"));
            assert_eq!(due, format!("SEARCH {table} USING COVERING INDEX {table}_due (due<?)"));
        }
    }

    #[test]
    fn devices_are_read_in_the_order_of_their_names() {
        let devices = "kind = 'device' AND route = '' AND name > 'a' ORDER BY name";
        assert_eq!(
            plan(&format!("SELECT state FROM states WHERE {devices}")),
            "SEARCH states USING INDEX sqlite_autoindex_states_1 (kind=? AND route=? AND name>?)"
        );
    }

    #[test]
    fn a_delivery_of_before_there_were_briefs_keeps_its_end_or_is_opened_anew() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(DELIVERIES).unwrap();
        for (name, status, due) in [("ended", "delivered", None), ("open", "retry", Some(5))] {
            let row = (name, "d\"", "e'", "c", status, due, 1_795_500_000_000_000_i64, "{}");
            let insert = "INSERT INTO deliveries
                (name, device, event, channel, status, due, opened_at, expires_at, record)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)";
            connection.execute(insert, row).unwrap();
        }
        connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        STORE.migrate(&mut connection).unwrap();
        let select = "SELECT name, brief FROM deliveries JOIN briefs ON delivery = id";
        let mut statement = connection.prepare(select).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        let rows: Vec<(String, String)> = rows.map(Result::unwrap).collect();
        let [(name, brief)] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!(name, "ended");
        let brief: campanile_core::ledger::Brief = serde_json::from_str(brief).unwrap();
        assert_eq!(brief.notification.title, "e' of d\"");
        assert_eq!(brief.notification.occurred_at, "2026-11-24T06:00:00Z");
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
