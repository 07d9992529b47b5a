//! Short texts for people out of text that nobody checked.

/// `text` on one line: white space becomes single spaces, other control characters and marks that change the
/// direction of the text after them vanish, as one device's text must not rearrange the words around it.
pub(crate) fn one_line(text: &str) -> String {
    // It joins emoji into one and moves nothing.
    const JOINER: char = '\u{200D}';
    let is_shown = |next: &char| next.is_whitespace() || *next == JOINER || !is_invisible(*next);
    let shown: String = text.chars().filter(is_shown).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` cut to at most `limit` bytes, ending in `…` if anything was cut; `limit` is at least the length of `…`.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    const ELLIPSIS: &str = "…";
    if text.len() <= limit {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(limit.saturating_sub(ELLIPSIS.len()));
    format!("{}{ELLIPSIS}", text.get(..end).unwrap_or_default())
}

/// `text` for a message: shortened, with control characters escaped.
pub(crate) fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    let escape = |next: char| {
        if is_invisible(next) { next.escape_default().collect::<String>() } else { next.to_string() }
    };
    // Escapes are up to ten times as long as what they stand for: cut before and after.
    shorten(&shorten(text, SHOWN).chars().map(escape).collect::<String>(), 2 * SHOWN)
}

/// Whether `character` controls instead of showing: control characters, and marks of direction and joining.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_one_line() {
        assert_eq!(one_line("  Heating\r\n\tis\u{0} o\u{202E}ff\n"), "Heating is off");
    }

    #[test]
    fn text_is_cut_between_characters() {
        assert_eq!(shorten("яяя", 6), "яяя");
        assert_eq!(shorten("яяяя", 6), "я…");
        assert_eq!(shorten("abc", 3), "abc");
    }

    #[test]
    fn a_quoted_text_shows_what_is_invisible_and_is_short() {
        assert_eq!(quoted("a\n\u{202E}b"), "a\\n\\u{202e}b");
        assert!(quoted(&"\u{202E}".repeat(1000)).len() <= 120);
    }
}
