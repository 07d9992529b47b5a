//! The values that a text has for the fields of a date and time, before they are put together.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

/// The fields of `java.time.temporal.ChronoField` that a pattern can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Era,
    Year,
    YearOfEra,
    Month,
    Day,
    DayOfYear,
    /// Monday is 1.
    Weekday,
    /// 0 is before noon.
    Half,
    /// 0 to 23, and 24 for the end of the day.
    Hour,
    /// 1 to 24.
    ClockHour,
    /// 0 to 11.
    HalfHour,
    /// 1 to 12.
    ClockHalfHour,
    Minute,
    Second,
    Nano,
    /// Seconds ahead of UTC.
    Offset,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Fields {
    values: BTreeMap<Field, i64>,
    /// A zone's later mention counts, as in the JDK.
    pub(super) zone: Option<TimeZone>,
}

impl Fields {
    /// Nothing if the field has another value already.
    pub(super) fn set(&mut self, field: Field, value: i64) -> Option<()> {
        (*self.values.entry(field).or_insert(value) == value).then_some(())
    }

    pub(super) fn get(&self, field: Field) -> Option<i64> {
        self.values.get(&field).copied()
    }

    pub(super) fn take(&mut self, field: Field) -> Option<i64> {
        self.values.remove(&field)
    }

    /// Whether the field has this value or none.
    pub(super) fn agrees(&self, field: Field, value: impl Into<i64>) -> bool {
        self.get(field).is_none_or(|known| known == value.into())
    }
}
