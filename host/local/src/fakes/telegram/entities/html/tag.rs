//! Start tags: a fixed list of names, and the few attributes that mean something.

use super::super::ParseError;
use super::{Cursor, is_space, reference};

/// All tags that there are (facts: core.telegram.org/bots/api#html-style; TDLib's `parse_html`).
const SUPPORTED: [&str; 17] = [
    "a",
    "b",
    "blockquote",
    "code",
    "del",
    "em",
    "i",
    "ins",
    "pre",
    "s",
    "span",
    "strike",
    "strong",
    "tg-emoji",
    "tg-spoiler",
    "tg-time",
    "u",
];

/// A start tag.
#[derive(Debug, Default)]
pub(super) struct StartTag {
    /// Lower case.
    pub(super) name: String,
    /// Address, language, class, identifier, time, or `1` for expandable; empty if not given.
    pub(super) argument: String,
    /// Of `tg-time`.
    pub(super) format: String,
}

/// Reads the start tag at `<`.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<StartTag, ParseError> {
    let at = cursor.position();
    cursor.skip(1);
    let name = cursor.take_while(|character| !is_space(character) && character != '>').to_ascii_lowercase();
    if cursor.peek() == '\0' {
        return Err(ParseError::UnclosedStartTag(at));
    }
    if !SUPPORTED.contains(&name.as_str()) {
        return Err(ParseError::UnsupportedTag { tag: name, at });
    }
    let mut tag = StartTag { name, ..StartTag::default() };
    while skip_space(cursor) != '>' {
        attribute(cursor, &mut tag, at)?;
    }
    cursor.skip(1);
    if tag.name == "span" && tag.argument != "spoiler" {
        return Err(ParseError::SpanClass(at));
    }
    Ok(tag)
}

fn attribute(cursor: &mut Cursor<'_>, tag: &mut StartTag, at: usize) -> Result<(), ParseError> {
    let name = cursor
        .take_while(|character| !is_space(character) && !matches!(character, '=' | '>' | '/' | '"' | '\''));
    if name.is_empty() {
        return Err(ParseError::EmptyAttribute { tag: tag.name.clone(), at });
    }
    let unclosed = |tag: &StartTag| ParseError::UnclosedAttributes { tag: tag.name.clone(), at };
    match skip_space(cursor) {
        '=' => cursor.skip(1),
        '\0' => return Err(unclosed(tag)),
        _ => {
            if name == "expandable" {
                tag.set(name, String::new());
            }
            return Ok(());
        }
    }
    let value = match skip_space(cursor) {
        '\0' => return Err(unclosed(tag)),
        '"' | '\'' => quoted(cursor),
        _ => name_token(cursor)?,
    };
    if cursor.peek() == '\0' {
        return Err(ParseError::UnclosedStartTag(at));
    }
    tag.set(name, value);
    Ok(())
}

fn name_token(cursor: &mut Cursor<'_>) -> Result<String, ParseError> {
    let at = cursor.position();
    let token =
        cursor.take_while(|character| character.is_ascii_alphanumeric() || matches!(character, '.' | '-'));
    let next = cursor.peek();
    if is_space(next) || next == '>' {
        Ok(token.to_ascii_lowercase())
    } else {
        Err(ParseError::NameToken(at))
    }
}

fn quoted(cursor: &mut Cursor<'_>) -> String {
    let quote = cursor.bump();
    let mut value = String::new();
    loop {
        match cursor.peek() {
            '\0' => break,
            character if character == quote => {
                cursor.skip(1);
                break;
            }
            '&' => match reference::read(cursor) {
                Some(code) => value.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
                None => value.push(cursor.bump()),
            },
            _ => value.push(cursor.bump()),
        }
    }
    value
}

/// Skips white space and returns what follows.
fn skip_space(cursor: &mut Cursor<'_>) -> char {
    cursor.take_while(|character| character != '\0' && is_space(character));
    cursor.peek()
}

impl StartTag {
    /// Takes an attribute, if it means something in this tag.
    fn set(&mut self, attribute: &str, value: String) {
        match (self.name.as_str(), attribute) {
            ("a", "href") | ("tg-emoji", "emoji-id") | ("tg-time", "unix") => self.argument = value,
            ("tg-time", "format") => self.format = value,
            ("blockquote", "expandable") => "1".clone_into(&mut self.argument),
            ("code", "class") => self.set_suffix(&value, "language-"),
            ("span", "class") => self.set_suffix(&value, "tg-"),
            _ => {}
        }
    }

    fn set_suffix(&mut self, value: &str, prefix: &str) {
        if let Some(suffix) = value.strip_prefix(prefix) {
            suffix.clone_into(&mut self.argument);
        }
    }
}
