//! What a sync costs without us, at the pace of events that come alone: no program that keeps them is quicker than its disk.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use tokio::time::{Instant, sleep};

use crate::latency::{Latency, PAUSE};
use crate::tell;

/// What the spool writes for a transition: three pages of its log.
const WRITTEN: [u8; 3 * 4096] = [7; 3 * 4096];

const SYNCS: u64 = 200;

/// Of a file that keeps its size.
pub(crate) async fn measured(folder: &Path) -> Latency {
    tell("the disk alone");
    let folder = tempfile::tempdir_in(folder).unwrap();
    let file = File::create(folder.path().join("log")).unwrap();
    let at = |number: u64| number % 64 * 3 * 4096;
    (0..64).for_each(|number| file.write_all_at(&WRITTEN, at(number)).unwrap());
    file.sync_all().unwrap();
    let mut took = Vec::new();
    for number in 0..SYNCS {
        sleep(PAUSE).await;
        let began = Instant::now();
        file.write_all_at(&WRITTEN, at(number)).unwrap();
        file.sync_all().unwrap();
        took.push(began.elapsed());
    }
    Latency::of(took)
}
