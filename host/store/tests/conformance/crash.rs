//! A process that writes to a file is killed: the file opens, and nothing that was acknowledged is missing.

use std::time::Duration;

use campanile_core::ledger::StateKind;
use campanile_store::{AnyLedger, Ledger, States};
use tempfile::TempDir;

use crate::child::Other;
use crate::stores::{self, Store};
use crate::support::{at, device, key};

const KILLS: u64 = 50;

/// The longest that a process may write, in microseconds.
const LONGEST: u64 = 60_000;

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let seed = std::env::var("CAMPANILE_SEED").ok().and_then(|seed| seed.parse().ok());
    let mut random = Random(seed.unwrap_or_else(|| getrandom::u64().unwrap()));
    eprintln!("CAMPANILE_SEED={}", random.0);
    let store = Store::sqlite();
    let address = store.address().unwrap();
    let mut acknowledged = 0;
    for kill in 0..KILLS {
        let mut other = Other::start("write", &address);
        other.tell(&kill.to_string());
        // Only from the first write on is there something to lose.
        let first = other.hear().unwrap();
        tokio::time::sleep(Duration::from_micros(random.below(LONGEST))).await;
        other.kill();
        let mut lines = vec![first];
        lines.extend(std::iter::from_fn(|| other.hear()));
        let ledger = stores::open(&address).await;
        for line in &lines {
            is_kept(&ledger, line).await;
        }
        acknowledged += lines.len();
    }
    let Store::Sqlite(folder) = &store else { return };
    assert_eq!(integrity(folder), "ok");
    eprintln!("{acknowledged} acknowledged writes survived {KILLS} kills");
}

async fn is_kept(ledger: &AnyLedger, line: &str) {
    let (write, event) = line.split_once(' ').unwrap();
    if write == "stated" {
        let (run, number) = event.split_once('-').unwrap();
        let kept = ledger.load(&device(run)).await.unwrap();
        let kept = kept.unwrap_or_else(|| panic!("{line} was acknowledged and is missing"));
        let (kept, number): (u64, u64) = (kept.state.parse().unwrap(), number.parse().unwrap());
        assert!(kept >= number, "{line} was acknowledged, but there is {kept}");
        return;
    }
    let record = ledger.find(&key("d", event, "c"), at(1)).await.unwrap();
    let record = record.unwrap_or_else(|| panic!("{line} was acknowledged and is missing"));
    let kept = match write {
        "claimed" => true,
        "recorded" => record.attempts.len() == 1,
        "settled" => record.attempts.len() == 1 && record.state.kind() == StateKind::Delivered,
        other => panic!("no write {other}"),
    };
    assert!(kept, "{line} was acknowledged, but there is {record:?}");
}

fn integrity(folder: &TempDir) -> String {
    let connection = rusqlite::Connection::open(folder.path().join("campanile.db")).unwrap();
    connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap()
}

/// `SplitMix64`: the same seed, the same test.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}
