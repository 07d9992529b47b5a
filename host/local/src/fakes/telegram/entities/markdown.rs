//! The `Markdown` parse mode (`parse_markdown`): no nesting, and a backslash escapes just what opens an entity.

use std::borrow::Cow;

use super::cursor::{Cursor, is_space};
use super::draft::Draft;
use super::link;
use super::{EntityKind, FormattedText, ParseError};

/// Reads legacy Markdown.
pub(super) fn parse(markup: &str) -> Result<FormattedText, ParseError> {
    let mut cursor = Cursor::new(markup);
    let mut draft = Draft::default();
    while !cursor.at_end() {
        match cursor.peek() {
            '\\' if matches!(cursor.byte(1), b'_' | b'*' | b'`' | b'[') => {
                cursor.skip(1);
                draft.push(cursor.bump());
            }
            '_' | '*' | '`' | '[' => entity(&mut cursor, &mut draft)?,
            _ => draft.push(cursor.bump()),
        }
    }
    Ok(draft.finish())
}

fn entity(cursor: &mut Cursor<'_>, draft: &mut Draft) -> Result<(), ParseError> {
    let at = cursor.position();
    let block = cursor.is_at("```");
    let opening = cursor.bump();
    let language = if block { skip_fence(cursor) } else { "" };
    let closing = match opening {
        _ if block => "```",
        '_' => "_",
        '*' => "*",
        '[' => "]",
        _ => "`",
    };
    let start = draft.place();
    while !cursor.is_at(closing) {
        if cursor.at_end() {
            return Err(ParseError::NoLegacyEnd(at));
        }
        draft.push(cursor.bump());
    }
    cursor.skip(closing.len());
    let kind = match opening {
        '_' => Some(EntityKind::Italic),
        '*' => Some(EntityKind::Bold),
        '`' if block => Some(EntityKind::Pre { language: language.to_owned() }),
        '`' => Some(EntityKind::Code),
        // A link without text leaves its address in the text, as TDLib looks for it only if there is something to mark.
        _ if draft.is_at(start) => None,
        _ => link::entity(&address(cursor, at, draft.text())),
    };
    if let Some(kind) = kind {
        draft.mark(start, kind);
    }
    Ok(())
}

/// Skips the rest of a fence, its language and one line end; returns the language.
pub(super) fn skip_fence<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    cursor.skip(2);
    let mut ahead = *cursor;
    let language = ahead.take_while(|character| !is_space(character) && character != '`');
    let named = !language.is_empty() && !ahead.at_end() && ahead.peek() != '`';
    if named {
        *cursor = ahead;
    }
    let line_end = |byte| matches!(byte, b'\n' | b'\r');
    if line_end(cursor.byte(0)) {
        let pair = line_end(cursor.byte(1)) && cursor.byte(0) != cursor.byte(1);
        cursor.skip(if pair { 2 } else { 1 });
    }
    if named { language } else { "" }
}

/// Where the link that began at `at` goes: the address that follows its text, else the text itself.
///
/// TDLib takes the text from the buffer over which it has `written` its output since, so that it is not quite the text.
fn address<'a>(cursor: &mut Cursor<'a>, at: usize, written: &str) -> Cow<'a, str> {
    if cursor.is_at("(") {
        cursor.skip(1);
        let url = cursor.take_while(|character| character != ')');
        cursor.bump();
        return Cow::Borrowed(url);
    }
    let rest = cursor.before().as_bytes().get(written.len()..).unwrap_or_default();
    let buffer = [written.as_bytes(), rest].concat();
    let text = buffer.get(at + 1..cursor.position() - 1).unwrap_or_default();
    Cow::Owned(String::from_utf8_lossy(text).into_owned())
}
