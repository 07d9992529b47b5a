//! What was acknowledged is there, whatever happens.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;

use campanile_dev::journal::{Entry, Journal, MessageId, Source};
use tokio::task::JoinSet;

use crate::support::message;

/// The journal that the other process appends to.
const PATH: &str = "CAMPANILE_TEST_JOURNAL";

/// What its answers start with: the test harness writes as well.
const MARK: &str = "> ";

/// Messages that are appended at once, as by so many connections.
const AT_ONCE: usize = 50;

const KILLS: usize = 20;

/// Not a test: what the process does that is killed.
#[tokio::test]
async fn other_process() {
    let Some(path) = std::env::var_os(PATH) else { return };
    let journal = Arc::new(Journal::open(path.as_ref()).await.unwrap());
    let mut connections = JoinSet::new();
    for _ in 0..AT_ONCE {
        let journal = Arc::clone(&journal);
        connections.spawn(async move {
            loop {
                let entry = journal.append(message("{}"), Source::Mqtt).await.unwrap();
                eprintln!("{MARK}{}", entry.id.0);
            }
        });
    }
    connections.join_next().await;
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let mut acknowledged = 0;
    for kill in 0..KILLS {
        let mut other = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "journal::other_process", "--nocapture"])
            .env(PATH, &path)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(other.stderr.take().unwrap()).lines();
        let mut ids = lines.map_while(Result::ok).filter_map(|line| line.strip_prefix(MARK)?.parse().ok());
        // In the middle of its work, each time somewhere else.
        let mut told: Vec<u64> = ids.by_ref().take(1 + 7 * kill).collect();
        other.kill().unwrap();
        other.wait().unwrap();
        told.extend(ids);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let journal = Journal::open(&path).await.unwrap();
            for id in &told {
                let kept: Option<Entry> = journal.find(MessageId(*id)).await.unwrap();
                assert!(kept.is_some(), "{id} was acknowledged and is missing");
            }
        });
        acknowledged += told.len();
    }
    let connection = rusqlite::Connection::open(&path).unwrap();
    let integrity: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(integrity, "ok");
    eprintln!("{acknowledged} acknowledged messages survived {KILLS} kills");
}

#[tokio::test]
async fn messages_that_come_at_once_share_a_commit() {
    const COUNT: usize = 200;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let journal = Arc::new(Journal::open(&path).await.unwrap());
    let before = commits(&path);
    let mut connections = JoinSet::new();
    for _ in 0..COUNT {
        let journal = Arc::clone(&journal);
        connections.spawn(async move { journal.append(message("{}"), Source::Mqtt).await.unwrap().id });
    }
    let mut ids: Vec<u64> = connections.join_all().await.iter().map(|id| id.0).collect();
    ids.sort_unstable();
    assert_eq!(ids, (1..=200).collect::<Vec<u64>>());
    let commits = commits(&path) - before;
    assert!(commits <= COUNT / 4, "{commits} commits for {COUNT} messages");
}

/// The transactions in the write-ahead log: frames whose header tells the size of the file after a commit
/// (<https://www.sqlite.org/fileformat2.html#walformat>).
fn commits(journal: &std::path::Path) -> usize {
    let log = std::fs::read(journal.with_extension("db-wal")).unwrap();
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let frame = 24 + usize::try_from(number(8)).unwrap();
    (32..log.len()).step_by(frame).filter(|at| number(at + 4) != 0).count()
}

#[tokio::test]
async fn ids_are_never_given_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let first = {
        let journal = Journal::open(&path).await.unwrap();
        journal.append(message("{}"), Source::Mqtt).await.unwrap().id
    };
    rusqlite::Connection::open(&path).unwrap().execute("DELETE FROM messages", []).unwrap();
    let journal = Journal::open(&path).await.unwrap();
    let second = journal.append(message("{}"), Source::Mqtt).await.unwrap().id;
    assert!(second > first, "{second:?} after {first:?}");
}
