//! One point in time from the fields of a text: `java.time.format.Parsed` and `IsoChronology.resolveDate` of JDK 11 in
//! the resolver style SMART. Fields that contradict each other are no point in time.

use jiff::civil::{Date, Time};
use jiff::tz::{Offset, TimeZone};

use super::fields::{Field, Fields};

/// `ZoneOffset` goes to 18 hours either way; jiff's offsets go further.
pub(super) const MAX_OFFSET: i32 = 18 * 3600;

/// The milliseconds since 1970. Outside the years -9999 to 9999, which are jiff's, there is none.
pub(super) fn milliseconds(mut fields: Fields) -> Option<i64> {
    let date = date(&mut fields)?;
    let (time, next_day) = time(&mut fields)?;
    let date = if next_day { date.tomorrow().ok()? } else { date };
    let local = date.to_datetime(time);
    let instant = match fields.take(Field::Offset) {
        // An offset counts more than a zone.
        Some(seconds) => offset(seconds)?.to_timestamp(local).ok()?,
        // In a gap the time moves forward by the gap, in an overlap the earlier offset counts, as in
        // `ZonedDateTime.ofLocal`.
        None => fields.zone.as_ref().unwrap_or(&TimeZone::UTC).to_timestamp(local).ok()?,
    };
    Some(instant.as_millisecond())
}

fn offset(seconds: i64) -> Option<Offset> {
    let seconds = i32::try_from(seconds).ok().filter(|seconds| seconds.abs() <= MAX_OFFSET)?;
    Offset::from_seconds(seconds).ok()
}

fn date(fields: &mut Fields) -> Option<Date> {
    year_of_era(fields)?;
    let year = i16::try_from(fields.take(Field::Year)?).ok()?;
    let date = match (fields.get(Field::Month), fields.get(Field::Day), fields.get(Field::DayOfYear)) {
        (Some(month), Some(day), _) => {
            fields.take(Field::Day);
            day_of_month(year, month, day)?
        }
        (_, _, Some(day)) => {
            let day = i16::try_from(day).ok()?;
            Date::new(year, 1, 1).ok()?.with().day_of_year(day).build().ok()?
        }
        _ => return None,
    };
    let agrees = fields.agrees(Field::Month, date.month())
        && fields.agrees(Field::Day, date.day())
        && fields.agrees(Field::DayOfYear, date.day_of_year())
        && fields.agrees(Field::Weekday, date.weekday().to_monday_one_offset())
        && fields.agrees(Field::Era, date.year() > 0);
    agrees.then_some(date)
}

/// The year from the year of an era. Without an era it is that of the year, if there is one, or else the present one.
fn year_of_era(fields: &mut Fields) -> Option<()> {
    let Some(of_era) = fields.take(Field::YearOfEra) else { return Some(()) };
    // `ChronoField.YEAR_OF_ERA` has neither a year 0 nor negative ones.
    if of_era < 1 {
        return None;
    }
    let present = match fields.take(Field::Era) {
        Some(era) => era == 1,
        None => fields.get(Field::Year).is_none_or(|year| year > 0),
    };
    fields.set(Field::Year, if present { of_era } else { 1 - of_era })
}

/// `IsoChronology.resolveYMD`: any day up to 31 is possible in any month; SMART takes the month's last day for one that
/// the month does not have, so that 2021-02-31 is 2021-02-28.
fn day_of_month(year: i16, month: i64, day: i64) -> Option<Date> {
    let first = Date::new(year, i8::try_from(month).ok()?, 1).ok()?;
    let day = i8::try_from(day).ok().filter(|day| (1..=31).contains(day))?;
    first.with().day(day.min(first.days_in_month())).build().ok()
}

/// The time, and whether it is that of the next day. What says less than an hour of the day says no time: with minutes
/// alone, or an hour without its half of the day, there is no telling what the text means.
fn time(fields: &mut Fields) -> Option<(Time, bool)> {
    hour_of_day(fields)?;
    let parts = [Field::Hour, Field::Minute, Field::Second, Field::Nano].map(|field| fields.take(field));
    let (hour, minute, second, nano) = match parts {
        [None, None, None, None] => {
            let nothing = fields.get(Field::Half).is_none() && fields.get(Field::HalfHour).is_none();
            return nothing.then_some((Time::midnight(), false));
        }
        [Some(hour), None, None, None] => (hour, 0, 0, 0),
        [Some(hour), Some(minute), None, None] => (hour, minute, 0, 0),
        [Some(hour), Some(minute), Some(second), nano] => (hour, minute, second, nano.unwrap_or(0)),
        _ => return None,
    };
    let end_of_day = (hour, minute, second, nano) == (24, 0, 0, 0);
    let hour = if end_of_day { 0 } else { hour };
    if !fields.agrees(Field::Half, hour / 12) || !fields.agrees(Field::HalfHour, hour % 12) {
        return None;
    }
    let small = |value: i64| i8::try_from(value).ok();
    // The result has milliseconds: Java rounds down to them, also before 1970.
    let nano =
        i32::try_from(nano).ok().filter(|nano| (0..1_000_000_000).contains(nano))? / 1_000_000 * 1_000_000;
    let time = Time::new(small(hour)?, small(minute)?, small(second)?, nano).ok()?;
    Some((time, end_of_day))
}

/// The hour of the day from the other kinds of hours.
fn hour_of_day(fields: &mut Fields) -> Option<()> {
    // SMART takes a clock's hour 0 as well.
    if let Some(hour) = fields.take(Field::ClockHour) {
        (0..=24).contains(&hour).then_some(())?;
        fields.set(Field::Hour, hour % 24)?;
    }
    if let Some(hour) = fields.take(Field::ClockHalfHour) {
        (0..=12).contains(&hour).then_some(())?;
        fields.set(Field::HalfHour, hour % 12)?;
    }
    if let (Some(half), Some(hour)) = (fields.get(Field::Half), fields.get(Field::HalfHour)) {
        (0..12).contains(&hour).then_some(())?;
        fields.set(Field::Hour, half * 12 + hour)?;
    }
    Some(())
}
