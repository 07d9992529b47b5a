//! What the kernel says of a process (`proc(5)`).

use std::path::PathBuf;

/// The processes that the process has started and that still live.
#[must_use]
pub fn children(pid: u32) -> Vec<u32> {
    let children = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    let threads = PathBuf::from(format!("/proc/{pid}/task"));
    let of_threads = threads
        .read_dir()
        .into_iter()
        .flatten()
        .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path().join("children")).ok());
    let all = children + " " + &of_threads.collect::<Vec<_>>().join(" ");
    let mut pids: Vec<u32> = all.split_whitespace().filter_map(|pid| pid.parse().ok()).collect();
    pids.sort_unstable();
    pids.dedup();
    pids
}

/// The most memory that a process has had, in KiB; 0 if it is gone.
#[must_use]
pub fn peak_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or_default()
}
