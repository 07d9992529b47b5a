//! A moment on the command line: how long ago, a day, or to the second.

use std::str::FromStr;

use campanile_core::duration;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A moment that somebody named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) Timestamp);

/// The text names no moment.
#[derive(Debug, thiserror::Error)]
#[error(
    "write how long ago as `15m`, `2h` or `7d`, a day as `2026-11-24`, or a moment as `2026-11-24T09:00:00Z`"
)]
pub(crate) struct MomentError;

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, MomentError> {
        read(text, Timestamp::now()).map(Self).ok_or(MomentError)
    }
}

/// Days are those of UTC, as everything that is printed.
fn read(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(ago) = duration::parse(text) {
        return now.checked_sub(ago).ok();
    }
    let midnight = || TimeZone::UTC.to_timestamp(text.parse::<Date>().ok()?.at(0, 0, 0, 0)).ok();
    text.parse().ok().or_else(midnight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_three_ways() {
        let now: Timestamp = "2026-11-24T09:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("90s", "2026-11-24T08:58:30Z"),
            ("7d", "2026-11-17T09:00:00Z"),
            ("2026-11-20", "2026-11-20T00:00:00Z"),
            ("2026-11-20T12:00:00+01:00", "2026-11-20T11:00:00Z"),
        ] {
            assert_eq!(read(text, now), Some(expected.parse().unwrap()), "{text}");
        }
        for wrong in ["", "yesterday", "5", "2026-11-31", "99999999999d"] {
            assert_eq!(read(wrong, now), None, "{wrong}");
        }
    }
}
