//! What the kernel says of a process (`proc_pid_status(5)`, `proc_pid_schedstat(5)`).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

/// Memory that is really there, in KiB.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Resident {
    /// All of it.
    pub(crate) kib: u64,
    /// Of it what no file holds; the rest, the program itself most of all, may be taken away and read again.
    pub(crate) anonymous_kib: u64,
    /// The most that it ever was.
    pub(crate) peak_kib: u64,
}

impl Resident {
    pub(crate) fn of(pid: u32) -> Self {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let kib = |name| number(&status, name);
        Self { kib: kib("VmRSS:"), anonymous_kib: kib("RssAnon:"), peak_kib: kib("VmHWM:") }
    }
}

/// What the threads of a process have used, by thread.
#[derive(Debug)]
pub(crate) struct Threads(BTreeMap<PathBuf, Used>);

/// What was used.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Used {
    /// Of the processor, in the program and in the kernel.
    pub(crate) cpu: Duration,
    /// How often they went to sleep, which is how often they were woken.
    pub(crate) wakes: u64,
}

impl Threads {
    pub(crate) fn of(pid: u32) -> Self {
        let threads = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
        Self(
            threads
                .map(|thread| thread.unwrap().path())
                .map(|thread| (thread.clone(), used(&thread)))
                .collect(),
        )
    }

    /// A thread that has ended since has only waited to be needed again: tokio ends those that were not.
    pub(crate) fn since(&self, before: &Self) -> Used {
        self.0.iter().fold(Used::default(), |sum, (thread, used)| {
            let before = before.0.get(thread).copied().unwrap_or_default();
            Used { cpu: sum.cpu + (used.cpu - before.cpu), wakes: sum.wakes + (used.wakes - before.wakes) }
        })
    }
}

fn used(thread: &Path) -> Used {
    let spent = fs::read_to_string(thread.join("schedstat")).unwrap();
    let status = fs::read_to_string(thread.join("status")).unwrap();
    let nanoseconds = spent.split(' ').next().unwrap().parse().unwrap();
    Used { cpu: Duration::from_nanos(nanoseconds), wakes: number(&status, "voluntary_ctxt_switches:") }
}

fn number(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}
