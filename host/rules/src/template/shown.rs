//! Text from a template inside of a message: on one line, without control characters, and not the whole of it.

use std::ops::Range;

/// Most characters of a template's text that a message repeats.
const MAX_SHOWN: usize = 80;

/// `text` as it can stand in a message.
pub(super) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == MAX_SHOWN {
            shown.push('…');
            break;
        }
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Where `part` is written inside of `span`; all of `span` if it is not there as it is, for example because of escapes.
pub(super) fn place(source: &str, span: &Range<usize>, part: &str) -> Range<usize> {
    let found = source.get(span.clone()).and_then(|text| text.find(part));
    found.map_or_else(|| span.clone(), |at| span.start + at..span.start + at + part.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_stay_on_one_line_and_short() {
        assert_eq!(shown("a\nb\u{1b}[31m"), "a\\nb\\u{1b}[31m");
        assert_eq!(shown(&"ü".repeat(81)), format!("{}…", "ü".repeat(80)));
    }

    #[test]
    fn a_part_is_found_where_it_is_written() {
        assert_eq!(place("abcabc", &(1..6), "a"), 3..4);
        assert_eq!(place("abc", &(0..3), "x"), 0..3);
        assert_eq!(place("abc", &(2..9), "c"), 2..9);
    }
}
