//! What SQLite itself takes for the same: one row that is inserted and changed, each time durably. The rest is the ledger's.

use std::path::Path;
use std::time::Duration;

use criterion::{Criterion, Throughput};
use rusqlite::{Connection, params};

use crate::briefs::brief;
use crate::new_key;

pub(crate) fn measure(criterion: &mut Criterion, folder: &Path) {
    let connection = Connection::open(folder.join("bare.db")).unwrap();
    connection.pragma_update(None, "journal_mode", "wal").unwrap();
    connection.pragma_update(None, "synchronous", "full").unwrap();
    connection.execute_batch("CREATE TABLE t (name TEXT PRIMARY KEY, status TEXT, text TEXT)").unwrap();
    let text = serde_json::to_string(&brief("Heating")).unwrap();
    let mut group = criterion.benchmark_group("bare SQLite");
    group.throughput(Throughput::Elements(1)).sample_size(20).measurement_time(Duration::from_secs(4));
    group.bench_function("insert, update", |bencher| {
        bencher.iter(|| {
            let name = new_key().to_string();
            let mut insert = connection.prepare_cached("INSERT INTO t VALUES (?, 'claimed', ?)").unwrap();
            insert.execute(params![name, text]).unwrap();
            let mut update =
                connection.prepare_cached("UPDATE t SET status = 'delivered' WHERE name = ?").unwrap();
            update.execute([name]).unwrap();
        });
    });
    group.finish();
}
