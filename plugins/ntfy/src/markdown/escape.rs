//! Makes text read as it is: a backslash before each character that CommonMark, or what GitHub adds to it, would interpret.

/// Adds `text` to `line`. Addresses stay as they are as far as possible, so that people can follow them.
pub(super) fn escape(text: &str, line: &mut String) {
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if is_special(character, line, characters.as_str()) {
            line.push('\\');
        }
        line.push(character);
    }
}

/// Whether `character` would be interpreted between what is written of the line and the rest of the text.
fn is_special(character: char, line: &str, rest: &str) -> bool {
    let is_letter = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    match character {
        '\\' | '*' | '`' | '[' | ']' | '<' | '!' | '~' | '|' => true,
        // Within a word it is no mark.
        '_' => !(is_letter(line.chars().next_back()) && is_letter(rest.chars().next())),
        // Quotes, headings, lists, lines under headings.
        '>' | '#' | '+' | '-' | '=' | ':' => line.is_empty(),
        // Numbers of a list.
        '.' | ')' => !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit()),
        '&' => is_entity(rest),
        _ => false,
    }
}

/// Whether an entity may go on like this.
fn is_entity(rest: &str) -> bool {
    let after = rest.trim_start_matches(|next: char| next.is_ascii_alphanumeric() || next == '#');
    after.is_empty() || after.starts_with(';')
}
