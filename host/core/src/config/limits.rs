//! `[channels.NAME.limits]`: what an attempt and a delivery may use.

use std::time::Duration;

use super::table::{Findings, Table};

/// Processor time of an attempt by default. It is counted by the clock while a plugin runs, so the 150 ms that `CPython` takes are more than a
/// second in a function that has a seventh of a processor.
const CPU_MS: u32 = 3000;

/// What an attempt and a delivery may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Memory of the plugin, in mebibytes.
    pub memory_mib: u32,
    /// Wall time of one attempt, requests included.
    pub timeout: Duration,
    /// Processor time of one attempt.
    pub cpu: Duration,
    /// Attempts of one delivery.
    pub attempts: u32,
}

impl Default for Limits {
    /// Room for a plugin in any language, and for `1 + 2 + 4 + 8 + 16` seconds of back-off in 6 attempts.
    fn default() -> Self {
        Self {
            memory_mib: 64,
            timeout: Duration::from_secs(10),
            cpu: Duration::from_millis(CPU_MS.into()),
            attempts: 6,
        }
    }
}

impl Limits {
    pub(super) fn read(table: Option<Table<'_>>, found: &mut Findings) -> Self {
        let default = Self::default();
        let Some(mut table) = table else { return default };
        // The upper bounds leave room for other channels: a function has 30 s to 15 min and some hundred mebibytes for all.
        let timeouts = Duration::from_secs(1)..=Duration::from_secs(60);
        let limits = Self {
            memory_mib: table.whole("memory-mib", 1..=1024, default.memory_mib, found),
            timeout: table.duration("timeout", timeouts, default.timeout, found),
            cpu: Duration::from_millis(table.whole("cpu-ms", 10..=60_000, CPU_MS, found).into()),
            attempts: table.whole("attempts", 1..=20, default.attempts, found),
        };
        table.finish(found);
        limits
    }
}
