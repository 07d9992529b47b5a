//! Files that are not what they should be, and files that others have open.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use campanile_store::{Filter, Ledger, NewState, SqliteLedger, States};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::briefs::brief;
use crate::states::written;
use crate::support::{at, claimed, device, key, some_key, state};

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("campanile.db");
    (folder, file)
}

/// Why the file can't be opened, with `FILE` for its path.
async fn refusal(file: &Path) -> String {
    let error = SqliteLedger::open(file).await.unwrap_err();
    error.to_string().replace(&file.display().to_string(), "FILE")
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let (_folder, file) = folder();
    fs::write(&file, "[store]\n".repeat(200)).unwrap();
    let message = "the store `FILE` is damaged, or no SQLite file: file is not a database; move it away to start \
        with an empty one";
    assert_eq!(refusal(&file).await, message);
    assert_eq!(fs::read_to_string(&file).unwrap(), "[store]\n".repeat(200));
}

#[tokio::test]
async fn a_newer_file_is_refused() {
    let (_folder, file) = folder();
    drop(SqliteLedger::open(&file).await.unwrap());
    Connection::open(&file).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let message =
        "the store `FILE` was written by a newer version: its schema is 99, this version knows up to 3";
    assert_eq!(refusal(&file).await, message);
}

#[tokio::test]
async fn another_programs_file_is_refused_and_left_alone() {
    let (_folder, file) = folder();
    Connection::open(&file).unwrap().execute_batch("CREATE TABLE bookmarks (url TEXT)").unwrap();
    let before = fs::read(&file).unwrap();
    let message = "the store `FILE` is another program's SQLite file; name a file that does not exist";
    assert_eq!(refusal(&file).await, message);
    assert_eq!(fs::read(&file).unwrap(), before);
}

#[tokio::test]
async fn a_missing_folder_is_an_error_that_names_the_file() {
    let (folder, _) = folder();
    let file = folder.path().join("none").join("campanile.db");
    assert!(refusal(&file).await.starts_with("the store `FILE` can't be used: unable to open database file"));
    assert!(refusal(folder.path()).await.starts_with("the store `FILE` can't be used: unable to open"));
}

#[tokio::test]
async fn damage_that_shows_only_later_names_the_file_too() {
    let (_folder, file) = folder();
    let ledger = SqliteLedger::open(&file).await.unwrap();
    for event in 0..50 {
        let key = key(&"x".repeat(500), &event.to_string(), "c");
        ledger.claim(&key, &brief("Heating"), "a", at(30), at(0)).await.unwrap();
    }
    drop(ledger);
    // Whoever opens it last puts the write-ahead log into it.
    Connection::open(&file).unwrap().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let length = fs::metadata(&file).unwrap().len();
    let mut damaged = fs::OpenOptions::new().write(true).open(&file).unwrap();
    damaged.seek(SeekFrom::Start(16 * 1024)).unwrap();
    damaged.write_all(&vec![0xa5; usize::try_from(length).unwrap() - 16 * 1024]).unwrap();
    let ledger = SqliteLedger::open(&file).await.unwrap();
    let error = ledger.list(&Filter::default(), at(0), None, 100).await.unwrap_err().to_string();
    assert!(error.starts_with(&format!("the store `{}` is damaged", file.display())), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_may_make_one_file_at_once() {
    for _ in 0..10 {
        let (_folder, file) = folder();
        let opening = (0..8).map(|_| {
            let file = file.clone();
            tokio::spawn(async move { SqliteLedger::open(&file).await })
        });
        for opened in opening.collect::<Vec<_>>() {
            opened.await.unwrap().unwrap();
        }
    }
}

/// One worker runs everything here: if the store blocked it, the clock would stop.
#[tokio::test(flavor = "current_thread")]
async fn the_runtime_goes_on_while_others_have_the_file() {
    let (_folder, file) = folder();
    let ledger = SqliteLedger::open(&file).await.unwrap().into();
    let other = Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let start = Instant::now();
    let locked = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        other.execute_batch("ROLLBACK").unwrap();
        start.elapsed()
    };
    let key = some_key();
    let (_, unlocked_after) = tokio::join!(claimed(&ledger, &key, "a", at(0)), locked);
    assert!(unlocked_after < Duration::from_secs(2), "{unlocked_after:?}");
    assert!(start.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn what_was_written_is_there_after_closing() {
    let (_folder, file) = folder();
    let ledger = SqliteLedger::open(&file).await.unwrap().into();
    let record = claimed(&ledger, &some_key(), "a", at(0)).await;
    drop(ledger);
    let ledger = SqliteLedger::open(&file).await.unwrap();
    assert_eq!(ledger.find(&some_key(), at(1)).await.unwrap(), Some(record));
}

/// What is due is not forgotten, and neither is what has not expired.
#[tokio::test]
async fn a_state_that_has_expired_goes_when_others_come() {
    let (_folder, file) = folder();
    let ledger = SqliteLedger::open(&file).await.unwrap().into();
    let expired = NewState { expires_at: Some(at(10)), ..state("{}") };
    for (name, new) in [
        ("expired", expired),
        ("due", NewState { due: Some(at(5)), ..expired }),
        ("for ever", state("{}")),
        ("later", NewState { expires_at: Some(at(11)), ..expired }),
    ] {
        written(&ledger, &device(name), None, new).await;
    }
    let left = async || {
        let page = ledger.devices(None, 10).await.unwrap();
        page.entries.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    claimed(&ledger, &key("d", "1", "c"), "a", at(9)).await;
    assert_eq!(left().await, ["due", "expired", "for ever", "later"]);
    claimed(&ledger, &key("d", "2", "c"), "a", at(10)).await;
    assert_eq!(left().await, ["due", "for ever", "later"]);
    written(&ledger, &device("expired"), None, state("{}")).await;
}
