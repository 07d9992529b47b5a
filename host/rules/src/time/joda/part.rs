//! What a compiled Joda-Time pattern consists of, and how each part is printed.

use std::fmt::{self, Write};

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::super::names::{Names, Style};

#[derive(Debug, Clone)]
pub(super) enum Part {
    Text(String),
    /// A number with at least so many digits.
    Number(fn(DateTime) -> i64, usize),
    /// The last two digits of a year, whatever its sign.
    TwoDigits(fn(DateTime) -> i64),
    /// So many digits of the second's fraction.
    Fraction(usize),
    Name(&'static Names, Style, fn(DateTime) -> i64),
    ZoneName,
    ZoneId,
    Offset {
        colon: bool,
    },
}

/// One point in time as the zone's clocks show it.
pub(super) struct Moment<'z> {
    pub(super) local: DateTime,
    pub(super) offset: Offset,
    pub(super) abbreviation: &'z str,
    pub(super) zone: &'z TimeZone,
}

impl Part {
    pub(super) fn write(&self, moment: &Moment<'_>, out: &mut impl Write) -> fmt::Result {
        match self {
            Self::Text(text) => out.write_str(text),
            Self::Number(field, width) => write_number(field(moment.local), *width, out),
            Self::TwoDigits(field) => write_number(field(moment.local).abs() % 100, 2, out),
            Self::Fraction(digits) => {
                let fraction = format!("{:03}{:012}", moment.local.millisecond(), 0);
                out.write_str(fraction.get(..*digits).unwrap_or(&fraction))
            }
            Self::Name(names, style, field) => {
                out.write_str(names.word(*style, field(moment.local)).unwrap_or_default())
            }
            Self::ZoneName => moment.write_zone_name(out),
            Self::ZoneId => moment.write_zone_id(out),
            Self::Offset { colon } => write_offset(moment.offset, *colon, out),
        }
    }
}

impl Moment<'_> {
    /// Joda-Time prints the offset where a zone has no name of its own; the database then has a number such as `-03`.
    fn write_zone_name(&self, out: &mut impl Write) -> fmt::Result {
        if self.abbreviation.starts_with(|first: char| first.is_ascii_alphabetic()) {
            return out.write_str(self.abbreviation);
        }
        self.write_offset_as_id(out)
    }

    /// Joda-Time knows a zone by the name that its other names stand for, as `America/Denver` for `US/Mountain`. Which
    /// that is depends on the database's edition; `Etc/UTC` is never `UTC`, which is what jiff has for it.
    fn write_zone_id(&self, out: &mut impl Write) -> fmt::Result {
        let primary = self.zone.primary_iana_name().filter(|id| *id != "UTC");
        match primary.or(self.zone.iana_name()) {
            Some(id) => out.write_str(id),
            None => self.write_offset_as_id(out),
        }
    }

    fn write_offset_as_id(&self, out: &mut impl Write) -> fmt::Result {
        write_offset(self.offset, true, out)?;
        match self.offset.seconds().unsigned_abs() % 60 {
            0 => Ok(()),
            seconds => write!(out, ":{seconds:02}"),
        }
    }
}

/// The width counts digits only, not the sign.
fn write_number(value: i64, width: usize, out: &mut impl Write) -> fmt::Result {
    if value < 0 {
        out.write_char('-')?;
    }
    write!(out, "{:0width$}", value.unsigned_abs())
}

fn write_offset(offset: Offset, colon: bool, out: &mut impl Write) -> fmt::Result {
    let minutes = offset.seconds().unsigned_abs() / 60;
    let sign = if offset.is_negative() { '-' } else { '+' };
    write!(out, "{sign}{:02}{}{:02}", minutes / 60, if colon { ":" } else { "" }, minutes % 60)
}
