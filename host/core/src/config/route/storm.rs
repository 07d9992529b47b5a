//! When alerts of many devices become one message.

use std::time::Duration;

use crate::config::table::{Findings, Part, Table};
use crate::config::template;
use crate::route::Storm;
use crate::transition::storm::StormPolicy;

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(24 * 3600);

pub(super) fn read(table: &mut Table<'_>, source: &str, found: &mut Findings) -> Option<Storm> {
    let mut table = match table.part("storm", found) {
        Part::Usual => return Some(Storm::default()),
        Part::Off => return None,
        Part::Table(table) => table,
    };
    let usual = StormPolicy::default();
    let group = table.text("group", found).and_then(|text| template::expression(&text, source, found));
    let policy = StormPolicy {
        window: table.duration("window", SECOND..=DAY, usual.window, found),
        threshold: table.count("threshold", 2..=17, usual.threshold, found),
    };
    table.finish(found);
    Some(Storm { group, policy })
}
