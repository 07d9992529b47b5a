//! Makes text read as it is: a backslash before each character that Discord's markdown would interpret.

/// What happens to addresses in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Urls {
    /// They stay as they are, so that people can follow them. Nothing in them may be escaped, as the client shows it.
    Kept,
    /// As [`Urls::Kept`], unless one ends the text: it would swallow the markup that follows.
    KeptInside,
    /// They are escaped like other text and can't be followed.
    Broken,
}

/// Where in its line a character is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    /// Nothing but spaces is before it.
    Start,
    /// Nothing but a number is before it.
    Number,
    Inside,
}

/// `text` for a place that shows neither addresses nor blocks, such as the title of an embed.
pub(crate) fn escape_line(text: &str) -> String {
    escape(text, true, Urls::Broken)
}

/// `text`, which begins at the start of a line if `line_start`.
pub(super) fn escape(text: &str, line_start: bool, urls: Urls) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut line = if line_start { Line::Start } else { Line::Inside };
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let length = kept(rest, urls).unwrap_or_else(|| {
            if is_special(character, rest, line) {
                out.push('\\');
            }
            character.len_utf8()
        });
        let (done, next) = rest.split_at(length);
        out.push_str(done);
        line = match character {
            '\n' => Line::Start,
            ' ' if line == Line::Start => Line::Start,
            '0'..='9' if line != Line::Inside => Line::Number,
            _ => Line::Inside,
        };
        rest = next;
    }
    out
}

/// Length of the address that `rest` begins with, if it stays as it is.
fn kept(rest: &str, urls: Urls) -> Option<usize> {
    if urls == Urls::Broken {
        return None;
    }
    let host = rest.strip_prefix("https://").or_else(|| rest.strip_prefix("http://"))?;
    let end =
        rest.find(|character: char| character.is_whitespace() || character == '<').unwrap_or(rest.len());
    // The client leaves out punctuation behind an address.
    let length = rest.get(..end)?.trim_end_matches(['.', ',', ':', ';', '"', '\'', ')', ']']).len();
    // A backslash right behind an address would become part of it.
    if rest.get(end..)?.starts_with('<') || rest.get(length..end)?.contains(']') {
        return None;
    }
    let has_host = length > rest.len() - host.len();
    let swallows = urls == Urls::KeptInside && end == rest.len();
    (has_host && !swallows).then_some(length)
}

/// Whether the client would interpret `character`, the first of `rest`.
fn is_special(character: char, rest: &str, line: Line) -> bool {
    match character {
        '\\' | '*' | '_' | '~' | '`' | '|' | '[' | ']' | '<' => true,
        // Quotes, headings and lists.
        '>' | '#' | '-' => line == Line::Start,
        '.' => {
            line == Line::Number && rest.get(1..).is_some_and(|next| next.is_empty() || next.starts_with(' '))
        }
        ':' => rest.starts_with("://") || is_emoji(rest),
        _ => false,
    }
}

/// Whether `rest` begins with `:name:`.
fn is_emoji(rest: &str) -> bool {
    let is_name = |character: char| character.is_ascii_alphanumeric() || "_+-".contains(character);
    let after = rest.trim_start_matches(':').trim_start_matches(is_name);
    after.starts_with(':') && !rest.starts_with("::")
}
