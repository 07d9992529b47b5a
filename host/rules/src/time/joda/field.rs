//! The numbers that Joda-Time's fields have for a date and time, in its ISO calendar.

use jiff::civil::DateTime;

/// 0 before the year 1, 1 from then on.
pub(super) fn era(local: DateTime) -> i64 {
    i64::from(local.year() > 0)
}

pub(super) fn half(local: DateTime) -> i64 {
    i64::from(local.hour() >= 12)
}

pub(super) fn year(local: DateTime) -> i64 {
    i64::from(local.year())
}

/// The year 0 is 1 BC, the year -1 is 2 BC.
pub(super) fn year_of_era(local: DateTime) -> i64 {
    let year = year(local);
    if year > 0 { year } else { 1 - year }
}

/// Of the year as it is, not of the year of the era: the year -1099 is 1100 BC, but in the century 10.
pub(super) fn century(local: DateTime) -> i64 {
    year(local).abs() / 100
}

pub(super) fn month(local: DateTime) -> i64 {
    i64::from(local.month())
}

/// The year that most of the ISO week is in.
pub(super) fn week_year(local: DateTime) -> i64 {
    i64::from(local.iso_week_date().year())
}

pub(super) fn week(local: DateTime) -> i64 {
    i64::from(local.iso_week_date().week())
}

/// Monday is 1.
pub(super) fn weekday(local: DateTime) -> i64 {
    i64::from(local.weekday().to_monday_one_offset())
}

/// An hour as a clock that starts at 1 shows it: `last` instead of 0.
pub(super) fn from_one(hour: i64, last: i64) -> i64 {
    if hour == 0 { last } else { hour }
}
