//! What 100 000 devices take: in memory, what the process is larger by; in a file, its length.

use std::path::Path;
use std::sync::Arc;

use campanile_store::{AnyLedger, MemoryLedger, NewState, SqliteLedger, StateKey, States};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

const DEVICES: usize = 100_000;

/// Bytes of a state: the latest event, and where two routes stand.
const STATE: usize = 1200;

/// Writes that wait at once.
const AT_ONCE: usize = 64;

pub(crate) fn print(runtime: &Runtime, folder: &Path) {
    let before = resident();
    let memory: Arc<AnyLedger> = Arc::new(MemoryLedger::default().into());
    runtime.block_on(fill(&memory));
    report("memory", resident() - before);
    drop(memory);

    let file = folder.join("devices.db");
    let sqlite = runtime.block_on(SqliteLedger::open(&file)).unwrap();
    let sqlite: Arc<AnyLedger> = Arc::new(sqlite.into());
    runtime.block_on(fill(&sqlite));
    drop(sqlite);
    // Whoever opens it last puts the write-ahead log into it.
    let connection = rusqlite::Connection::open(&file).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    report("SQLite", usize::try_from(file.metadata().unwrap().len()).unwrap());
}

async fn fill(states: &Arc<AnyLedger>) {
    let mut writes = JoinSet::new();
    for number in 0..DEVICES {
        if writes.len() >= AT_ONCE {
            writes.join_next().await.unwrap().unwrap();
        }
        let states = Arc::clone(states);
        writes.spawn(async move {
            let (key, text) = (StateKey::Device(format!("home-heating-{number}")), "x".repeat(STATE));
            let new = NewState { state: &text, due: None, expires_at: None };
            assert!(states.replace(&key, None, new).await.unwrap().is_some());
        });
    }
    while let Some(written) = writes.join_next().await {
        written.unwrap();
    }
}

fn report(store: &str, bytes: usize) {
    let text = DEVICES * STATE;
    eprintln!(
        "{store}: {DEVICES} devices of {STATE} bytes take {} MB, {} bytes for each beside its state",
        bytes / 1_000_000,
        bytes.saturating_sub(text) / DEVICES
    );
}

/// Bytes of memory that the process has, which Linux tells in pages.
fn resident() -> usize {
    let told = std::fs::read_to_string("/proc/self/statm").unwrap();
    told.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}
