//! Time zones by the names that Joda-Time's `DateTimeZone.forID` and Java's `ZoneId.of` accept.
//!
//! Names are case-sensitive, as there. Short names such as `PST` are no names of zones; see `jdk/zone_text.rs`.

use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

/// In the bundled database, but unknown to Joda-Time and to Java.
const NO_ZONE: &str = "Factory";

/// A zone by the name that Joda-Time or Java knows it by: `America/Belize`, `UTC`, `Z`, `+01:00`, `UTC+01:00`, `GMT-3`.
#[must_use]
pub(crate) fn zone(name: &str) -> Option<TimeZone> {
    if name == "Z" || name == "UT" {
        return Some(TimeZone::UTC);
    }
    named(name).or_else(|| {
        let prefixed = ["UTC", "GMT", "UT"].iter().find_map(|prefix| name.strip_prefix(prefix));
        fixed(offset(prefixed.unwrap_or(name))?)
    })
}

/// A zone of the time zone database by its exact name; jiff itself ignores the case.
pub(super) fn named(name: &str) -> Option<TimeZone> {
    let zone = TimeZoneDatabase::bundled().get(name).ok()?;
    (zone.iana_name() == Some(name) && name != NO_ZONE).then_some(zone)
}

/// The zone that is always so many seconds ahead of UTC.
pub(super) fn fixed(seconds: i32) -> Option<TimeZone> {
    match seconds {
        0 => Some(TimeZone::UTC),
        _ => Offset::from_seconds(seconds).ok().map(TimeZone::fixed),
    }
}

/// `+h`, `+hh`, `+hhmm`, `+hh:mm`, `+hhmmss` and `+hh:mm:ss` in seconds; as Joda-Time, less than a day.
fn offset(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, minutes, seconds) = match *digits.as_bytes() {
        [h] => (two(b'0', h)?, 0, 0),
        [h, i] => (two(h, i)?, 0, 0),
        [h, i, m, n] | [h, i, b':', m, n] => (two(h, i)?, two(m, n)?, 0),
        [h, i, m, n, s, t] | [h, i, b':', m, n, b':', s, t] => (two(h, i)?, two(m, n)?, two(s, t)?),
        _ => return None,
    };
    (hours < 24 && minutes < 60 && seconds < 60).then_some(sign * (hours * 3600 + minutes * 60 + seconds))
}

fn two(tens: u8, ones: u8) -> Option<i32> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i32::from(byte - b'0'));
    Some(digit(tens)? * 10 + digit(ones)?)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::zone;

    #[test]
    fn knows_the_names_of_joda_time_and_of_java() {
        let table = [
            ("UTC", 0),
            ("GMT", 0),
            ("UT", 0),
            ("Z", 0),
            ("GMT0", 0),
            ("Etc/UTC", 0),
            ("-00:00", 0),
            ("America/Belize", -6 * 3600),
            ("EST", -5 * 3600),
            ("Etc/GMT+5", -5 * 3600),
            ("Asia/Kolkata", 19_800),
            ("+1", 3600),
            ("+01", 3600),
            ("+0100", 3600),
            ("+01:00", 3600),
            ("-01:00:30", -3630),
            ("+23:59", 86_340),
            ("UTC+01:00", 3600),
            ("GMT-3", -3 * 3600),
            ("UT+01:00", 3600),
        ];
        for (name, seconds) in table {
            let offset = zone(name).map(|zone| zone.to_offset(Timestamp::UNIX_EPOCH).seconds());
            assert_eq!(offset, Some(seconds), "{name}");
        }
    }

    #[test]
    fn knows_no_others() {
        let names =
            ["", " UTC", "utc", "z", "PST", "america/belize", "Mars/Olympus", "Etc/Unknown", "Factory"];
        let offsets =
            ["+", "+24:00", "+01:60", "+1:00", "+010", "01:00", "UTC+", "UTC1", "GMT+25", "+é", "++1"];
        for name in names.into_iter().chain(offsets) {
            assert!(zone(name).is_none(), "{name}");
        }
    }
}
