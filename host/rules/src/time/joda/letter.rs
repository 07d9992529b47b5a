//! What the letters of a Joda-Time pattern print, and by how often they stand.

use jiff::civil::DateTime;

use super::super::error::PatternError;
use super::super::names::{ERAS, HALVES, MONTHS, Style, WEEKDAYS};
use super::super::pattern::Run;
use super::field;
use super::part::Part;

/// Joda-Time prints no more digits of a fraction than this, however many letters there are.
const MAX_FRACTION: usize = 15;

pub(super) fn part(run: Run) -> Result<Part, PatternError> {
    let style = if run.count < 4 { Style::Short } else { Style::Full };
    Ok(match (run.letter, run.count) {
        // Joda-Time has no long names of eras or of the halves of a day.
        ('G', _) => Part::Name(&ERAS, Style::Short, field::era),
        ('a', _) => Part::Name(&HALVES, Style::Short, field::half),
        ('E', _) => Part::Name(&WEEKDAYS, style, |local| field::weekday(local) - 1),
        ('M', 3..) => Part::Name(&MONTHS, style, |local| field::month(local) - 1),
        // Not the year of the era, not even for 'Y'.
        ('y' | 'Y', 2) => Part::TwoDigits(field::year),
        ('x', 2) => Part::TwoDigits(field::week_year),
        ('S', ..=MAX_FRACTION) => Part::Fraction(run.count),
        ('z', ..=3) => Part::ZoneName,
        ('Z', ..=2) => Part::Offset { colon: run.count == 2 },
        ('Z', _) => Part::ZoneId,
        (letter, width) => Part::Number(number(letter).ok_or_else(|| run.refuse(hint(letter)))?, width),
    })
}

fn number(letter: char) -> Option<fn(DateTime) -> i64> {
    Some(match letter {
        'C' => field::century,
        'Y' => field::year_of_era,
        'y' => field::year,
        'x' => field::week_year,
        'w' => field::week,
        'e' => field::weekday,
        'D' => |local| i64::from(local.day_of_year()),
        'M' => field::month,
        'd' => |local| i64::from(local.day()),
        'K' => |local| i64::from(local.hour()) % 12,
        'h' => |local| field::from_one(i64::from(local.hour()) % 12, 12),
        'H' => |local| i64::from(local.hour()),
        'k' => |local| field::from_one(i64::from(local.hour()), 24),
        'm' => |local| i64::from(local.minute()),
        's' => |local| i64::from(local.second()),
        _ => return None,
    })
}

fn hint(letter: char) -> &'static str {
    match letter {
        'z' => "long names of zones are not supported; use 'z' for a short name or 'ZZZ' for the zone's id",
        'S' => "at most 15 digits of the second's fraction are possible",
        'u' => "use 'y' for the year",
        'L' => "use 'M' for the month",
        'c' => "use 'e' or 'E' for the day of the week",
        'n' | 'N' | 'A' => "use 'S' for the second's fraction",
        'X' | 'O' => "use 'Z' or 'ZZ' for the zone's offset",
        'V' => "use 'ZZZ' for the zone's id",
        _ => "Joda-Time has no such letter; put text in single quotes",
    }
}
