//! A zone in a text, by its id or a short name: `ZoneIdPrinterParser` and `ZoneTextPrinterParser` of the JDK's
//! `DateTimeFormatterBuilder`.

use jiff::tz::TimeZone;

use super::super::zone::{fixed, named};
use super::offset::ID;
use super::resolve::MAX_OFFSET;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ZoneNames {
    /// `VV`
    Ids,
    /// `z`
    IdsAndShortNames,
}

/// No id of the time zone database is longer.
const MAX_ID: usize = 40;

/// Ids of the database that Java keeps out of its own.
const NO_JAVA_IDS: [&str; 4] = ["EST", "HST", "MST", "ROC"];

/// The zone that the JDK takes a short name for, in the locale `en_US`. A name says nothing of daylight saving time:
/// the JDK reads 12:00 PST in July as 12:00 PDT. Names that it gives to a surprising one of several zones are left out,
/// as IST (Africa/Abidjan) and BST (Pacific/Bougainville).
const SHORT_NAMES: [(&str, &str); 30] = [
    ("EST", "America/New_York"),
    ("EDT", "America/New_York"),
    ("CST", "America/Chicago"),
    ("CDT", "America/Chicago"),
    ("MST", "America/Denver"),
    ("MDT", "America/Denver"),
    ("PST", "America/Los_Angeles"),
    ("PDT", "America/Los_Angeles"),
    ("AKST", "America/Juneau"),
    ("AKDT", "America/Juneau"),
    ("HST", "Pacific/Honolulu"),
    ("AST", "America/Halifax"),
    ("ADT", "America/Halifax"),
    ("NST", "America/St_Johns"),
    ("NDT", "America/St_Johns"),
    ("WET", "Atlantic/Canary"),
    ("WEST", "Atlantic/Canary"),
    ("CET", "Europe/Paris"),
    ("CEST", "Europe/Paris"),
    ("EET", "Europe/Bucharest"),
    ("EEST", "Europe/Bucharest"),
    ("MSK", "Europe/Moscow"),
    ("SAST", "Africa/Johannesburg"),
    ("JST", "Asia/Tokyo"),
    ("KST", "Asia/Seoul"),
    ("AWST", "Australia/Perth"),
    ("AEST", "Australia/Sydney"),
    ("AEDT", "Australia/Sydney"),
    ("NZST", "Pacific/Auckland"),
    ("NZDT", "Pacific/Auckland"),
];

/// The zone that the text begins with, and the text behind it.
pub(super) fn parse(names: ZoneNames, text: &str) -> Option<(TimeZone, &str)> {
    if text.starts_with(['+', '-']) {
        let (seconds, rest) = ID.parse(text)?;
        return Some((in_range(seconds)?, rest));
    }
    if let Some(rest) = text.strip_prefix("GMT0") {
        return Some((TimeZone::UTC, rest));
    }
    match ["UTC", "UT", "GMT"].iter().find_map(|prefix| text.strip_prefix(prefix)) {
        Some(rest) => behind_prefix(rest),
        None => region(names, text).or_else(|| Some((TimeZone::UTC, text.strip_prefix('Z')?))),
    }
}

/// What does not look like an offset is left for what the pattern has next.
fn behind_prefix(text: &str) -> Option<(TimeZone, &str)> {
    if !text.starts_with(['+', '-']) {
        return Some((TimeZone::UTC, text));
    }
    match ID.parse(text) {
        Some((seconds, rest)) => Some((in_range(seconds)?, rest)),
        None => Some((TimeZone::UTC, text)),
    }
}

/// The longest name that the text begins with.
fn region(names: ZoneNames, text: &str) -> Option<(TimeZone, &str)> {
    let part_of_id = |byte: &u8| byte.is_ascii_alphanumeric() || b"/_-+".contains(byte);
    let longest = text.bytes().take(MAX_ID).take_while(part_of_id).count();
    (1..=longest).rev().find_map(|length| {
        let (name, rest) = text.split_at_checked(length)?;
        Some((by_name(names, name)?, rest))
    })
}

fn by_name(names: ZoneNames, name: &str) -> Option<TimeZone> {
    let short = SHORT_NAMES.iter().find(|(short, _)| *short == name);
    match (names, short) {
        (ZoneNames::IdsAndShortNames, Some((_, id))) => named(id),
        _ if NO_JAVA_IDS.contains(&name) => None,
        _ => named(name),
    }
}

fn in_range(seconds: i32) -> Option<TimeZone> {
    if seconds.abs() > MAX_OFFSET { None } else { fixed(seconds) }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZoneDatabase;

    use super::{MAX_ID, SHORT_NAMES, ZoneNames, parse};

    #[test]
    fn every_short_name_is_one_of_a_zone() {
        for (name, id) in SHORT_NAMES {
            let (zone, rest) = parse(ZoneNames::IdsAndShortNames, name).unwrap();
            assert_eq!((zone.iana_name(), rest), (Some(id), ""), "{name}");
        }
    }

    #[test]
    fn every_id_is_short_enough() {
        assert!(TimeZoneDatabase::bundled().available().all(|id| id.as_str().len() <= MAX_ID));
    }
}
