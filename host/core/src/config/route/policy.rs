//! What of a device's transitions is told, and when.

use std::time::Duration;

use super::quiet_hours;
use crate::config::table::{Findings, Part, Table};
use crate::notification::Severity;
use crate::transition::{FlappingPolicy, Policy, Recoveries};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Longest `max-age`: as long as the ledger remembers a delivery by default.
const LONGEST_AGE: Duration = Duration::from_secs(7 * 24 * 3600);
const LONGEST_REPEAT: Duration = Duration::from_secs(30 * 24 * 3600);

pub(super) fn read(table: &mut Table<'_>, found: &mut Findings) -> Policy {
    let usual = Policy::default();
    let severities = Severity::ALL.map(|severity| (severity.name(), severity));
    let recoveries = [("told", Recoveries::Told), ("silent", Recoveries::Silent)];
    let (quiet_hours, all_clear) = quiet_hours::read(table.table("quiet-hours", found), found);
    Policy {
        severity: table.choice("severity", &severities, found).unwrap_or(usual.severity),
        max_age: table.duration("max-age", SECOND..=LONGEST_AGE, usual.max_age, found),
        stale_wait: table.duration("stale-wait", Duration::ZERO..=HOUR, usual.stale_wait, found),
        lasting: table.duration("for", Duration::ZERO..=DAY, usual.lasting, found),
        recoveries: table.choice("recoveries", &recoveries, found).unwrap_or_default(),
        flapping: flapping(table, found),
        quiet_hours,
        all_clear,
        repeat: table.length("repeat", MINUTE..=LONGEST_REPEAT, "never", found),
    }
}

fn flapping(table: &mut Table<'_>, found: &mut Findings) -> Option<FlappingPolicy> {
    let usual = FlappingPolicy::default();
    let mut table = match table.part("flapping", found) {
        Part::Usual => return Some(usual),
        Part::Off => return None,
        Part::Table(table) => table,
    };
    let policy = FlappingPolicy {
        changes: table.count("changes", 2..=32, usual.changes, found),
        window: table.duration("window", SECOND..=DAY, usual.window, found),
        settle: table.duration("settle", SECOND..=DAY, usual.settle, found),
    };
    table.finish(found);
    Some(policy)
}
