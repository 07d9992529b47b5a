//! Lengths of time as people write and read them: `15m` in `campanile.toml`, `3 h ago` in a notification.

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The text is not a length of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a length of time; write a whole number and a unit: `90s`, `15m`, `2h` or `7d`")]
pub struct DurationError(String);

/// Reads `90s`, `15m`, `2h` or `7d`.
///
/// # Errors
/// [`DurationError`] if it is anything else, or too long to count in seconds.
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    let digits = text.trim_end_matches(|last: char| last.is_ascii_alphabetic());
    let unit = match text.strip_prefix(digits) {
        Some("s") => Some(1),
        Some("m") => Some(MINUTE),
        Some("h") => Some(HOUR),
        Some("d") => Some(DAY),
        _ => None,
    };
    // `parse` alone would take `+5`.
    let count =
        digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse::<u64>().ok()).flatten();
    let seconds = unit.zip(count).and_then(|(unit, count)| count.checked_mul(unit));
    seconds.map(Duration::from_secs).ok_or_else(|| DurationError(text.chars().take(40).collect()))
}

/// Writes `duration` in the unit that `campanile.toml` would use: `90s`, `15m`, `2h`.
#[must_use]
pub fn compact(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [(DAY, 'd'), (HOUR, 'h'), (MINUTE, 'm')];
    let unit = units.into_iter().find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit));
    let (unit, letter) = unit.unwrap_or((1, 's'));
    format!("{}{letter}", seconds / unit)
}

/// Writes `duration` with its two largest units: `2 d 3 h`, `1 h 5 min`, `45 s`.
#[must_use]
pub fn exact(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (large, small) = if seconds >= DAY {
        ((DAY, "d"), (HOUR, "h"))
    } else if seconds >= HOUR {
        ((HOUR, "h"), (MINUTE, "min"))
    } else {
        ((MINUTE, "min"), (1, "s"))
    };
    let (whole, rest) = (seconds / large.0, seconds % large.0 / small.0);
    match (whole, rest) {
        (0, rest) => format!("{rest} {}", small.1),
        (whole, 0) => format!("{whole} {}", large.1),
        (whole, rest) => format!("{whole} {} {rest} {}", large.1, small.1),
    }
}

/// Writes `duration` with one unit, rounded down, as in `3 h ago`; a unit starts at two, so that `1 h` never hides 59
/// minutes.
#[must_use]
pub fn rough(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let units = [(DAY, "d"), (HOUR, "h"), (MINUTE, "min")];
    let (unit, name) = units.into_iter().find(|(unit, _)| seconds >= 2 * unit).unwrap_or((1, "s"));
    format!("{} {name}", seconds / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_a_unit_are_a_length_of_time() {
        for (text, seconds) in [("0s", 0), ("90s", 90), ("15m", 900), ("2h", 7200), ("7d", 604_800)] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in
            ["", "5", "s", "-5s", "+5s", "1.5h", "5 s", "5S", "1h30m", "5ms", "213503982334602d", "٣s"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn lengths_are_written_for_people() {
        let table = [
            (0, "0s", "0 s", "0 s"),
            (45, "45s", "45 s", "45 s"),
            (119, "119s", "1 min 59 s", "119 s"),
            (120, "2m", "2 min", "2 min"),
            (3900, "65m", "1 h 5 min", "65 min"),
            (10_800, "3h", "3 h", "3 h"),
            (183_600, "51h", "2 d 3 h", "2 d"),
            (172_800, "2d", "2 d", "2 d"),
        ];
        for (seconds, short, long, about) in table {
            let duration = Duration::from_secs(seconds);
            assert_eq!(
                (compact(duration), exact(duration), rough(duration)),
                (short.into(), long.into(), about.into())
            );
            assert_eq!(parse(short), Ok(duration));
        }
    }
}
