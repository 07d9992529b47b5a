//! What a compiled JDK pattern consists of, and how each part reads its piece of a text.

use super::super::names::{Names, Style};
use super::fields::{Field, Fields};
use super::number::Number;
use super::offset::{LocalOffset, OffsetForm};
use super::zone_text::{self, ZoneNames};

#[derive(Debug, Clone)]
pub(super) enum Item {
    Text(String),
    Number(Number),
    /// A word; the field's value is the word's place, counted from `lowest`.
    Word {
        field: Field,
        names: &'static Names,
        style: Style,
        lowest: i64,
    },
    Offset(&'static OffsetForm),
    LocalOffset(LocalOffset),
    Zone(ZoneNames),
    /// A section that is skipped if the text does not match it.
    Optional(Vec<Self>),
}

/// Reads the items one after the other; what is left of the text.
pub(super) fn parse_all<'t>(items: &[Item], text: &'t str, fields: &mut Fields) -> Option<&'t str> {
    items.iter().try_fold(text, |rest, item| item.parse(rest, fields))
}

impl Item {
    fn parse<'t>(&self, text: &'t str, fields: &mut Fields) -> Option<&'t str> {
        match self {
            Self::Text(expected) => text.strip_prefix(expected.as_str()),
            Self::Number(number) => number.parse(text, fields),
            Self::Word { field, names, style, lowest } => {
                let (place, rest) = names.at_start(*style, text)?;
                fields.set(*field, lowest + place)?;
                Some(rest)
            }
            Self::Offset(form) => offset(form.parse(text), fields),
            Self::LocalOffset(form) => offset(form.parse(text), fields),
            Self::Zone(names) => {
                let (zone, rest) = zone_text::parse(*names, text)?;
                fields.zone = Some(zone);
                Some(rest)
            }
            Self::Optional(items) => Some(optional(items, text, fields)),
        }
    }
}

fn offset<'t>(parsed: Option<(i32, &'t str)>, fields: &mut Fields) -> Option<&'t str> {
    let (seconds, rest) = parsed?;
    fields.set(Field::Offset, i64::from(seconds))?;
    Some(rest)
}

/// A section counts as a whole: what it had read before it failed is forgotten. It is tried once only, so that the time
/// grows with the pattern and not with the combinations of its sections.
fn optional<'t>(items: &[Item], text: &'t str, fields: &mut Fields) -> &'t str {
    let before = fields.clone();
    match parse_all(items, text, fields) {
        Some(rest) => rest,
        None => {
            *fields = before;
            text
        }
    }
}
