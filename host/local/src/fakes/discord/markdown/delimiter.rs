//! Ranges between delimiters: bold, italic, underline, strike, spoiler, code.

use crate::fakes::StyleKind;

/// A range at the start of a text.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub(super) kind: StyleKind,
    /// Between the delimiters.
    pub(super) inner: &'a str,
    /// With the delimiters, in bytes.
    pub(super) length: usize,
}

/// The range that begins at the start of `rest`, if there is one.
pub(super) fn find(rest: &str) -> Option<Found<'_>> {
    match rest.chars().next()? {
        '`' => block(rest).or_else(|| code(rest)),
        '*' => doubled(rest, "**", StyleKind::Bold).or_else(|| star(rest)),
        '_' => longest(doubled(rest, "__", StyleKind::Underline), underscore(rest)),
        '~' => paired(rest, "~~", StyleKind::Strike, "_"),
        '|' => paired(rest, "||", StyleKind::Spoiler, ""),
        _ => None,
    }
}

/// The longer match; of equal ones the italic, as in `___both___`.
fn longest<'a>(first: Option<Found<'a>>, second: Option<Found<'a>>) -> Option<Found<'a>> {
    match (first, second) {
        (Some(first), Some(second)) => Some(if first.length > second.length { first } else { second }),
        (first, second) => first.or(second),
    }
}

fn found<'a>(rest: &'a str, kind: StyleKind, open: usize, close: usize, end: usize) -> Option<Found<'a>> {
    Some(Found { kind, inner: rest.get(open..end)?, length: end + close })
}

/// Text between two pairs: not empty, a backslash hides what follows it, and the closing pair is the last of its row.
fn doubled<'a>(rest: &'a str, pair: &str, kind: StyleKind) -> Option<Found<'a>> {
    let inner = rest.strip_prefix(pair)?;
    let mark = pair.chars().next()?;
    let mut hidden = false;
    for (at, character) in inner.char_indices() {
        let after = inner.get(at..)?;
        let closes =
            !hidden && at > 0 && after.strip_prefix(pair).is_some_and(|next| !next.starts_with(mark));
        if closes {
            return found(rest, kind, pair.len(), pair.len(), pair.len() + at);
        }
        hidden = character == '\\' && !hidden;
    }
    None
}

/// Text up to the next pair, even behind a backslash, but for a pair that `unless` follows.
fn paired<'a>(rest: &'a str, pair: &str, kind: StyleKind, unless: &str) -> Option<Found<'a>> {
    let inner = rest.strip_prefix(pair)?;
    let closes = |at: usize| {
        let after = inner.get(at..).and_then(|rest| rest.strip_prefix(pair));
        after.is_some_and(|after| unless.is_empty() || !after.starts_with(unless))
    };
    let end = inner.char_indices().map(|(at, _)| at).skip(1).find(|at| closes(*at))?;
    found(rest, kind, pair.len(), pair.len(), pair.len() + end)
}

/// `*italic*`: no space inside the stars, and pairs belong to bold text within.
fn star(rest: &str) -> Option<Found<'_>> {
    let inner = rest.strip_prefix('*')?;
    if inner.starts_with(|first: char| first.is_whitespace() || first == '*') {
        return None;
    }
    let mut characters = inner.char_indices().peekable();
    let mut after_space = false;
    while let Some((at, character)) = characters.next() {
        let single = character == '*' && characters.next_if(|(_, next)| *next == '*').is_none();
        if single {
            return (!after_space).then(|| found(rest, StyleKind::Italic, 1, 1, at + 1)).flatten();
        }
        after_space = character.is_whitespace();
    }
    None
}

/// `_italic_`: the closing underscore ends a word, and pairs belong to underlined text within.
fn underscore(rest: &str) -> Option<Found<'_>> {
    let inner = rest.strip_prefix('_')?;
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let mut characters = inner.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            '_' if at > 0 && characters.peek().is_none_or(|(_, next)| !is_word(*next)) => {
                return found(rest, StyleKind::Italic, 1, 1, at + 1);
            }
            '_' if characters.next_if(|(_, next)| *next == '_').is_none() => return None,
            _ => {}
        }
    }
    None
}

/// A row of backticks, up to the next row of the same length.
fn code(rest: &str) -> Option<Found<'_>> {
    let fence = rest.len() - rest.trim_start_matches('`').len();
    let mut at = fence;
    while let Some(skipped) = rest.get(at..)?.find('`') {
        let row_start = at + skipped;
        let row = rest.get(row_start..)?;
        let row_length = row.len() - row.trim_start_matches('`').len();
        if row_length == fence {
            let inner = rest.get(fence..row_start)?;
            // One space beside a backtick only keeps it apart from the fence.
            let inner = inner.strip_prefix(' ').filter(|text| text.starts_with('`')).unwrap_or(inner);
            let inner = inner.strip_suffix(' ').filter(|text| text.ends_with('`')).unwrap_or(inner);
            return Some(Found { kind: StyleKind::Code, inner, length: row_start + fence });
        }
        at = row_start + row_length;
    }
    None
}

/// Three backticks, a language on the first line if it is alone there, and three backticks.
fn block(rest: &str) -> Option<Found<'_>> {
    let body = rest.strip_prefix("```")?;
    let end = body.find("```")?;
    let length = end + 6;
    let body = body.get(..end)?;
    let is_language = |line: &str| {
        !line.is_empty()
            && line.chars().all(|character| character.is_ascii_alphanumeric() || "_+-.".contains(character))
    };
    let (language, text) = match body.split_once('\n') {
        Some((first, text)) if is_language(first) => (Some(first.to_owned()), text),
        _ => (None, body),
    };
    let text = text.trim_start_matches('\n');
    let inner = text.strip_suffix('\n').unwrap_or(text);
    (!inner.trim().is_empty()).then_some(Found { kind: StyleKind::Pre { language }, inner, length })
}
