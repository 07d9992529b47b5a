//! What the letters of a JDK pattern mean, and by how often they stand: the table in the Javadoc of
//! `DateTimeFormatterBuilder.appendPattern` of JDK 11.

use super::super::error::PatternError;
use super::super::names::{ERAS, HALVES, MONTHS, Names, Style, WEEKDAYS};
use super::super::pattern::Run;
use super::fields::Field;
use super::item::Item;
use super::number::{Number, Sign};
use super::offset::{self, LocalOffset};
use super::zone_text::ZoneNames;

pub(super) fn item(run: Run) -> Result<Item, PatternError> {
    let found = match run.letter {
        'u' | 'y' | 'D' | 'd' | 'a' | 'h' | 'H' | 'k' | 'K' | 'm' | 's' | 'S' | 'n' | 'G' | 'M' | 'L'
        | 'E' | 'e' => field(run),
        _ => zone(run),
    };
    found.ok_or_else(|| run.refuse(hint(run.letter)))
}

fn field(run: Run) -> Option<Item> {
    let count = run.count;
    Some(match (run.letter, count) {
        ('G', 1..=4) => word(Field::Era, &ERAS, style(count), 0),
        ('u', _) => year(Field::Year, count),
        ('y', _) => year(Field::YearOfEra, count),
        ('M' | 'L', 3 | 4) => word(Field::Month, &MONTHS, style(count), 1),
        ('M' | 'L', _) => one_or_two(Field::Month, count)?,
        ('E', 1..=4) | ('e', 3 | 4) => word(Field::Weekday, &WEEKDAYS, style(count), 1),
        ('a', 1) => word(Field::Half, &HALVES, Style::Short, 0),
        ('D', 1) => any_width(Field::DayOfYear),
        ('D', 2 | 3) => number(Field::DayOfYear, count, 3, Sign::Never),
        ('S', 1..=9) => Item::Number(Number::fraction(Field::Nano, count)),
        ('n', _) => number(Field::Nano, count, Number::WIDEST, Sign::Never),
        ('d', _) => one_or_two(Field::Day, count)?,
        ('H', _) => one_or_two(Field::Hour, count)?,
        ('k', _) => one_or_two(Field::ClockHour, count)?,
        ('K', _) => one_or_two(Field::HalfHour, count)?,
        ('h', _) => one_or_two(Field::ClockHalfHour, count)?,
        ('m', _) => one_or_two(Field::Minute, count)?,
        ('s', _) => one_or_two(Field::Second, count)?,
        _ => return None,
    })
}

fn zone(run: Run) -> Option<Item> {
    Some(match (run.letter, run.count) {
        ('V', 2) => Item::Zone(ZoneNames::Ids),
        ('z', 1..=3) => Item::Zone(ZoneNames::IdsAndShortNames),
        ('O', 1) => Item::LocalOffset(LocalOffset::Short),
        ('O' | 'Z', 4) => Item::LocalOffset(LocalOffset::Full),
        ('X', count) => Item::Offset(offset::WITH_Z.get(count.checked_sub(1)?)?),
        ('x', count) => Item::Offset(offset::WITHOUT_Z.get(count.checked_sub(1)?)?),
        ('Z', 1..=3) => Item::Offset(&offset::PLAIN),
        ('Z', 5) => Item::Offset(&offset::ID),
        _ => return None,
    })
}

fn style(count: usize) -> Style {
    if count < 4 { Style::Short } else { Style::Full }
}

fn word(field: Field, names: &'static Names, style: Style, lowest: i64) -> Item {
    Item::Word { field, names, style, lowest }
}

fn number(field: Field, least: usize, most: usize, sign: Sign) -> Item {
    Item::Number(Number::new(field, least, most, sign))
}

fn any_width(field: Field) -> Item {
    number(field, 1, Number::WIDEST, Sign::MinusOnly)
}

fn one_or_two(field: Field, count: usize) -> Option<Item> {
    match count {
        1 => Some(any_width(field)),
        2 => Some(number(field, 2, 2, Sign::Never)),
        _ => None,
    }
}

fn year(field: Field, count: usize) -> Item {
    match count {
        2 => Item::Number(Number::year_since_2000(field)),
        1 | 3 => number(field, count, Number::WIDEST, Sign::MinusOnly),
        _ => number(field, count, Number::WIDEST, Sign::PlusIfWider),
    }
}

fn hint(letter: char) -> &'static str {
    match letter {
        'Y' | 'w' | 'W' => "week-based dates are not supported; use 'y' or 'u' for the year",
        'Q' | 'q' => "quarters are not supported; use 'M' for the month",
        'F' | 'g' => "use 'd' or 'D' for the day",
        'c' => "use 'E' for the day of the week",
        'E' => "1 to 3 letters are a short name, 4 a full one",
        'e' => "the number of the day of the week depends on the country; use 'EEE' or 'EEEE' for its name",
        'G' => "1 to 3 letters are a short name, 4 a full one",
        'M' | 'L' => "1 or 2 letters are a number, 3 a short name, 4 a full one",
        'D' => "1 to 3 letters are possible",
        'd' | 'H' | 'k' | 'K' | 'h' | 'm' | 's' => "1 or 2 letters are possible",
        'a' => "one letter is possible",
        'B' => "use 'a' for the half of the day",
        'S' => "1 to 9 letters are possible",
        'A' | 'N' => "use 'H', 'm', 's' and 'S' for the time",
        'V' => "2 letters, 'VV', are the zone's id",
        'z' => "long names of zones are not supported; use 'z' for a short name or 'VV' for the zone's id",
        'v' => "use 'z' for a zone's short name or 'VV' for its id",
        'O' => "1 or 4 letters are possible",
        'X' | 'x' | 'Z' => "1 to 5 letters are possible",
        'p' => "padding is not supported",
        _ => "the JDK has no such letter; put text in single quotes",
    }
}
