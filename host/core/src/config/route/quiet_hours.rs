//! `quiet-hours`: when people are not to be disturbed.

use jiff::civil::{Time, Weekday};
use toml::Spanned;

use crate::config::table::{self, Entry, Findings, Table};
use crate::diagnostic::{Diagnostic, closest};
use crate::text::quoted;
use crate::transition::{QuietHours, UnknownZone, Window};

/// Most windows; two for each day of the week are 14.
const MOST_WINDOWS: usize = 16;

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// The quiet hours, and whether their end is told if all is well again.
pub(super) fn read(table: Option<Table<'_>>, found: &mut Findings) -> (Option<QuietHours>, bool) {
    let Some(mut table) = table else { return (None, false) };
    let zone = table.required_text("zone", "\"Europe/Berlin\"", found);
    let windows = windows(&mut table, found);
    let all_clear = table.boolean("all-clear", false, found);
    table.finish(found);
    (zone.and_then(|zone| quiet_hours(&zone, windows, found)), all_clear)
}

fn quiet_hours(zone: &Spanned<&str>, windows: Vec<Window>, found: &mut Findings) -> Option<QuietHours> {
    let unknown = |error: UnknownZone| {
        let finding = Diagnostic::error("config::time-zone", error.to_string()).at(zone.span());
        let names: Vec<String> = jiff::tz::db().available().map(|name| name.as_str().to_owned()).collect();
        found.push(match closest(zone.get_ref(), names.iter().map(String::as_str)) {
            Some(meant) => finding.help(format!("did you mean `{meant}`?")),
            None => finding,
        });
    };
    QuietHours::new(zone.get_ref(), windows).map_err(unknown).ok()
}

fn windows(table: &mut Table<'_>, found: &mut Findings) -> Vec<Window> {
    const EXAMPLE: &str = "[{ start = \"22:00\", end = \"07:00\" }]";
    let path = table.path_of("windows");
    let before = found.len();
    let Some((items, span)) = table.list("windows", found) else {
        if found.len() == before {
            found.push(table.missing("windows", EXAMPLE));
        }
        return Vec::new();
    };
    if items.is_empty() || items.len() > MOST_WINDOWS {
        let message = format!("`{path}` has {} windows", items.len());
        let finding = Diagnostic::error("config::invalid-value", message).at(span);
        found.push(finding.help(format!("from 1 to {MOST_WINDOWS}, as in `windows = {EXAMPLE}`")));
    }
    let window = |(index, item)| window(format!("{path}[{index}]"), item, found);
    items.into_iter().enumerate().filter_map(window).collect()
}

fn window(path: String, item: Entry<'_>, found: &mut Findings) -> Option<Window> {
    let mut table = Table::of(path, item, found)?;
    let days = days(&mut table, found);
    let (start, end) =
        (time(&mut table, "start", "\"22:00\"", found), time(&mut table, "end", "\"07:00\"", found));
    table.finish(found);
    Some(Window { days, start: start?, end: end? })
}

fn days(table: &mut Table<'_>, found: &mut Findings) -> Vec<Weekday> {
    let path = table.path_of("days");
    let Some((items, span)) = table.list("days", found) else { return Vec::new() };
    if items.is_empty() {
        let finding = Diagnostic::error("config::invalid-value", format!("`{path}` is empty")).at(span);
        found.push(finding.help("name the days on which the window starts, or leave it out for every day"));
    }
    let mut day = |item| {
        let name = table::text(&path, item, found)?;
        table::choice(&path, &name, &DAYS, found)
    };
    items.into_iter().filter_map(&mut day).collect()
}

fn time(table: &mut Table<'_>, key: &'static str, example: &str, found: &mut Findings) -> Option<Time> {
    let path = table.path_of(key);
    let text = table.required_text(key, example, found)?;
    let refused = |_| {
        let message = format!("`{path}`: `{}` is not a time of day", quoted(text.get_ref()));
        let finding = Diagnostic::error("config::invalid-value", message).at(text.span());
        found.push(finding.help("hours and minutes from `00:00` to `23:59`; midnight is `00:00`"));
    };
    Time::strptime("%H:%M", text.get_ref()).map_err(refused).ok()
}
