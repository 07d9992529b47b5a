use std::io::{Seek as _, SeekFrom, Write as _};
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::spool::WhenFull;

const TOPIC: &str = "home/heating/status";

fn now() -> Timestamp {
    "2026-11-28T02:00:00Z".parse().unwrap()
}

fn found(status: &str) -> Found {
    Found {
        device_id: "heater".to_owned(),
        status: status.to_owned(),
        previous: None,
        occurred_at: now(),
        clock_synchronized: true,
        reading: json!({ "flow": 0.0 }),
    }
}

fn open(path: &Path) -> Spool {
    open_with(path, Bounds::default())
}

fn open_with(path: &Path, bounds: Bounds) -> Spool {
    let (spool, aside) = Spool::open(path, bounds).unwrap();
    assert_eq!(aside, None);
    spool
}

fn append(spool: &mut Spool, status: &str) -> u64 {
    match spool.append(TOPIC, &found(status), now()).unwrap() {
        Appended::Kept { seq, .. } => seq,
        other => panic!("{other:?}"),
    }
}

fn seqs(spool: &Spool) -> Vec<u64> {
    spool.after(0, 1000).unwrap().into_iter().map(|entry| entry.seq).collect()
}

#[test]
fn what_is_appended_is_there_until_it_is_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spool.db");
    let mut spool = open(&path);
    let first = append(&mut spool, "INACTIVE");
    assert_eq!(first, u64::try_from(now().as_millisecond()).unwrap());
    assert_eq!(append(&mut spool, "ACTIVE"), first + 1);
    drop(spool);

    let mut spool = open(&path);
    let entries = spool.after(0, 10).unwrap();
    assert_eq!(
        entries.iter().map(|entry| (entry.seq, entry.topic.as_str())).collect::<Vec<_>>(),
        [(first, TOPIC), (first + 1, TOPIC)]
    );
    let payload: serde_json::Value = serde_json::from_slice(&entries[0].payload).unwrap();
    assert_eq!((&payload["status"], &payload["seq"]), (&json!("INACTIVE"), &json!(first)));
    assert_eq!(spool.after(first, 10).unwrap(), entries[1..]);
    assert_eq!(spool.acknowledge(&[first]).unwrap(), 1);
    assert_eq!(spool.acknowledge(&[first, 12]).unwrap(), 0, "a copy was acknowledged too");
    assert_eq!(seqs(&spool), [first + 1]);
    spool.acknowledge(&[first + 1]).unwrap();
    let figures = spool.figures().unwrap();
    assert_eq!((figures.spooled, figures.spooled_bytes, figures.oldest), (0, 0, None));
    assert_eq!((figures.counters.appended, figures.counters.acknowledged), (2, 2));
    assert_eq!(spool.latest("heater").unwrap().as_deref(), Some("ACTIVE"));
    assert_eq!(spool.latest("boiler").unwrap(), None);
    // Numbers go on also if nothing is left.
    drop(spool);
    assert_eq!(append(&mut open(&path), "INACTIVE"), first + 2);
}

#[test]
fn a_copy_has_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = open(&folder.path().join("spool.db"));
    append(&mut spool, "INACTIVE");
    assert_eq!(spool.after(0, 1).unwrap(), spool.after(0, 1).unwrap());
}

#[test]
fn the_oldest_go_if_there_is_no_room() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = open_with(&folder.path().join("spool.db"), Bounds { bytes: 600, ..Bounds::default() });
    let all: Vec<u64> = (0..10).map(|_| append(&mut spool, "INACTIVE")).collect();
    let figures = spool.figures().unwrap();
    let kept = usize::try_from(figures.spooled).unwrap();
    assert!(figures.spooled_bytes <= 600 && kept > 1, "{figures:?}");
    assert_eq!(seqs(&spool), all[10 - kept..]);
    assert_eq!(figures.counters.dropped_full, 10 - figures.spooled);
}

#[test]
fn or_the_newest_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let bounds = Bounds { bytes: 300, when_full: WhenFull::DropNewest, ..Bounds::default() };
    let mut spool = open_with(&folder.path().join("spool.db"), bounds);
    let first = append(&mut spool, "INACTIVE");
    assert_eq!(spool.append(TOPIC, &found("ACTIVE"), now()).unwrap(), Appended::Refused);
    assert_eq!(seqs(&spool), [first]);
    assert_eq!(spool.figures().unwrap().counters.refused, 1);
    assert_eq!(
        spool.latest("heater").unwrap().as_deref(),
        Some("INACTIVE"),
        "what nobody will hear of is not the latest"
    );
}

#[test]
fn what_is_larger_than_a_message_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut spool = open(&folder.path().join("spool.db"));
    let large = Found { reading: json!("x".repeat(PAYLOAD_BYTES)), ..found("INACTIVE") };
    assert!(
        matches!(spool.append(TOPIC, &large, now()).unwrap(), Appended::TooLarge { bytes } if bytes > PAYLOAD_BYTES)
    );
    assert_eq!(spool.figures().unwrap().counters.refused, 1);
    append(&mut spool, "INACTIVE");
}

#[test]
fn the_old_go() {
    let folder = tempfile::tempdir().unwrap();
    let bounds = Bounds { age: Some(Duration::from_secs(60)), ..Bounds::default() };
    let mut spool = open_with(&folder.path().join("spool.db"), bounds);
    append(&mut spool, "INACTIVE");
    let later = |seconds| now() + Duration::from_secs(seconds);
    assert_eq!(spool.forget_old(later(60)).unwrap(), 0);
    assert_eq!(spool.forget_old(later(61)).unwrap(), 1);
    append(&mut spool, "ACTIVE");
    spool.append(TOPIC, &found("INACTIVE"), later(200)).unwrap();
    assert_eq!(spool.figures().unwrap().counters.dropped_old, 2);
    assert_eq!(seqs(&spool).len(), 1);
}

#[test]
fn nobody_else_can_open_it_but_everybody_can_look() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("of/its/own/spool.db");
    let mut spool = open(&path);
    assert!(matches!(Spool::open(&path, Bounds::default()), Err(SpoolError::InUse(used)) if used == path));
    let seq = append(&mut spool, "INACTIVE");
    spool.connected(now()).unwrap();
    spool.sent(3);
    let (figures, is_used) = Figures::of_file(&path).unwrap();
    assert_eq!((figures.spooled, figures.oldest, is_used), (1, Some(now()), true));
    assert_eq!((figures.link.connected_since, figures.counters.connections), (Some(now()), 1));
    spool.acknowledge(&[seq]).unwrap();
    spool.disconnected("the broker is gone", now()).unwrap();
    drop(spool);
    let (figures, is_used) = Figures::of_file(&path).unwrap();
    assert_eq!((figures.spooled, figures.counters.sent, is_used), (0, 3, false));
    assert_eq!(figures.link.connected_since, None);
    assert_eq!(figures.link.trouble.as_deref(), Some("the broker is gone"));
    open(&path);
}

#[test]
fn one_that_was_killed_has_no_connection_when_it_begins_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spool.db");
    let mut spool = open(&path);
    spool.connected(now()).unwrap();
    drop(spool);
    assert_eq!(open(&path).figures().unwrap().link.connected_since, None);
}

#[test]
fn without_a_file_it_is_the_same() {
    let mut spool = Spool::in_memory(Bounds::default()).unwrap();
    let seq = append(&mut spool, "INACTIVE");
    assert_eq!((seqs(&spool), spool.is_empty().unwrap()), (vec![seq], false));
    spool.acknowledge(&[seq]).unwrap();
    assert!(spool.is_empty().unwrap());
}

#[test]
fn what_is_broken_is_put_aside_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spool.db");
    std::fs::write(&path, "this is no spool, and somebody may want it still").unwrap();
    for number in 1..3 {
        let (mut spool, aside) = Spool::open(&path, Bounds::default()).unwrap();
        let aside = aside.unwrap();
        assert_eq!(aside, folder.path().join(format!("spool.db.broken-{number}")));
        let first = append(&mut spool, "INACTIVE");
        assert!(first >= u64::try_from(now().as_millisecond()).unwrap());
        for _ in 0..100 {
            append(&mut spool, "ACTIVE");
        }
        drop(spool);
        // A page in the middle.
        let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.seek(SeekFrom::Start(4096 * 2)).unwrap();
        file.write_all(&[0xa5; 4096 * 2]).unwrap();
    }
    assert!(std::fs::read(folder.path().join("spool.db.broken-1")).unwrap().starts_with(b"this is no spool"));
}

#[test]
fn one_of_another_program_or_a_newer_version_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spool.db");
    drop(open(&path));
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 9).unwrap();
    assert!(matches!(Spool::open(&path, Bounds::default()), Err(SpoolError::Newer { found: 9, .. })));
}
