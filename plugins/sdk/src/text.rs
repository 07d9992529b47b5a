//! Plain text within a provider's limits. Lengths are Unicode code points unless a name says otherwise.

/// Ends a text that was cut.
pub(crate) const ELLIPSIS: &str = "…";

/// `text` cut to at most `limit` code points, ending in `…` if anything was cut.
#[must_use]
pub fn truncate(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(limit.saturating_sub(1)).collect();
    if limit > 0 {
        cut.push_str(ELLIPSIS);
    }
    cut
}

/// `text` without characters that only machines read.
///
/// Line ends of every kind become `\n`, other control characters `U+FFFD`. Marks that change the direction of the text
/// after them are left out, as they could make one device's text rearrange the words around it.
#[must_use]
pub fn clean(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter(|character| !matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'))
        .map(|character| match character {
            '\n' | '\t' => character,
            '\r' | '\u{2028}' | '\u{2029}' => '\n',
            _ if character.is_control() => char::REPLACEMENT_CHARACTER,
            _ => character,
        })
        .collect()
}

/// `text` as one line: [`clean`], with single spaces in place of white space.
#[must_use]
pub fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether nobody could see anything of `text`: only white space and characters without width.
///
/// The list follows `strip_empty_characters` of TDLib (`td/telegram/misc.cpp`).
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|character| {
        character.is_whitespace()
            || matches!(
                character,
                '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2800}' | '\u{FEFF}' | '\u{FFFC}'
            )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truncation_is_by_code_points_with_the_limit_inclusive() {
        assert_eq!(truncate("яяя", 3), "яяя");
        assert_eq!(truncate("😀😀😀😀", 3), "😀😀…");
        assert_eq!(truncate("ab", 1), "…");
        assert_eq!(truncate("ab", 0), "");
    }

    #[test]
    fn control_characters_are_replaced_and_line_ends_made_one_kind() {
        assert_eq!(clean("a\r\nb\rc\u{2028}d\te"), "a\nb\nc\nd\te");
        assert_eq!(clean("a\0b\u{1b}[31mc\u{85}"), "a\u{FFFD}b\u{FFFD}[31mc\u{FFFD}");
        assert_eq!(clean("boiler\u{202E}lanigiro"), "boilerlanigiro");
    }

    #[test]
    fn one_line_has_no_line_ends_and_no_white_space_around() {
        assert_eq!(one_line("  Heating\r\n\tis  off\n"), "Heating is off");
    }

    #[test]
    fn text_without_anything_to_see_is_blank() {
        assert!(is_blank(" \n\t\u{A0}\u{200B}\u{FEFF}\u{2800}"));
        assert!(!is_blank("\u{200B}."));
    }
}
