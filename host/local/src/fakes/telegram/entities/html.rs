//! The `HTML` parse mode (`parse_html`).

mod reference;
mod tag;

use super::cursor::{Cursor, is_space};
use super::draft::{Draft, Place};
use super::link::{self, canonical_id};
use super::number::lenient_i32;
use super::{EntityKind, FormattedText, ParseError, normalized_format};
use tag::StartTag;

/// Reads HTML.
pub(super) fn parse(markup: &str) -> Result<FormattedText, ParseError> {
    let mut parser = Parser::new(markup);
    while !parser.cursor.at_end() {
        match parser.cursor.peek() {
            '&' => parser.ampersand(),
            '<' if parser.cursor.byte(1) == b'/' => parser.end_tag()?,
            '<' => parser.start_tag()?,
            _ => parser.draft.push(parser.cursor.bump()),
        }
    }
    parser.finish()
}

#[derive(Debug)]
struct Parser<'a> {
    cursor: Cursor<'a>,
    draft: Draft,
    open: Vec<(StartTag, Place)>,
    /// The language of the last `code`, which a `pre` of the same range takes over.
    code_language: String,
    surrogate_seen: bool,
}

impl<'a> Parser<'a> {
    fn new(markup: &'a str) -> Self {
        Self {
            cursor: Cursor::new(markup),
            draft: Draft::default(),
            open: Vec::new(),
            code_language: String::new(),
            surrogate_seen: false,
        }
    }

    fn ampersand(&mut self) {
        match reference::read(&mut self.cursor) {
            None => self.draft.push(self.cursor.bump()),
            Some(code) => {
                // Telegram refuses a surrogate only at the end, if nothing else was wrong.
                self.surrogate_seen |= char::from_u32(code).is_none();
                self.draft.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
    }

    fn start_tag(&mut self) -> Result<(), ParseError> {
        let tag = tag::read(&mut self.cursor)?;
        self.open.push((tag, self.draft.place()));
        Ok(())
    }

    fn end_tag(&mut self) -> Result<(), ParseError> {
        let at = self.cursor.position();
        let (tag, start) = self.open.pop().ok_or(ParseError::UnexpectedEndTag(at))?;
        self.cursor.skip(2);
        let found =
            self.cursor.take_while(|character| !is_space(character) && character != '>').to_ascii_lowercase();
        self.cursor.take_while(|character| is_space(character) && character != '\0');
        if self.cursor.bump() != '>' {
            return Err(ParseError::UnclosedEndTag(at));
        }
        if !found.is_empty() && found != tag.name {
            return Err(ParseError::UnmatchedEndTag { at, expected: tag.name, found });
        }
        if self.draft.is_at(start) { Ok(()) } else { self.close(tag, start) }
    }

    /// Marks what was in `tag`, which is not nothing.
    fn close(&mut self, tag: StartTag, start: Place) -> Result<(), ParseError> {
        let kind = match tag.name.as_str() {
            "b" | "strong" => Some(EntityKind::Bold),
            "i" | "em" => Some(EntityKind::Italic),
            "u" | "ins" => Some(EntityKind::Underline),
            "s" | "strike" | "del" => Some(EntityKind::Strikethrough),
            "tg-spoiler" | "span" => Some(EntityKind::Spoiler),
            "blockquote" if tag.argument.is_empty() => Some(EntityKind::Blockquote),
            "blockquote" => Some(EntityKind::ExpandableBlockquote),
            "a" if tag.argument.is_empty() => link::entity(self.draft.text_since(start)),
            "a" => link::entity(&tag.argument),
            "tg-emoji" => {
                let id = canonical_id(&tag.argument).ok_or(ParseError::CustomEmoji)?;
                Some(EntityKind::CustomEmoji { custom_emoji_id: id.to_string() })
            }
            "tg-time" => date_time(&tag)?,
            "pre" => self.pre(start),
            _ => self.code(tag.argument, start),
        };
        if let Some(kind) = kind {
            self.draft.mark(start, kind);
        }
        Ok(())
    }

    fn pre(&mut self, start: Place) -> Option<EntityKind> {
        let language = std::mem::take(&mut self.code_language);
        match self.draft.last_mark(start) {
            Some(code) if *code == EntityKind::Code && !language.is_empty() => {
                *code = EntityKind::Pre { language };
                None
            }
            _ => Some(EntityKind::Pre { language: String::new() }),
        }
    }

    fn code(&mut self, language: String, start: Place) -> Option<EntityKind> {
        match self.draft.last_mark(start) {
            Some(EntityKind::Pre { language: unset }) if unset.is_empty() && !language.is_empty() => {
                *unset = language;
                None
            }
            _ => {
                self.code_language = language;
                Some(EntityKind::Code)
            }
        }
    }

    fn finish(self) -> Result<FormattedText, ParseError> {
        match self.open.last() {
            Some((tag, _)) => Err(ParseError::NoEndTag(tag.name.clone())),
            None if self.surrogate_seen => Err(ParseError::Surrogate),
            None => Ok(self.draft.finish()),
        }
    }
}

fn date_time(tag: &StartTag) -> Result<Option<EntityKind>, ParseError> {
    let date_time_format = normalized_format(&tag.format).ok_or(ParseError::DateFormat)?;
    let unix_time = lenient_i32(&tag.argument);
    Ok((unix_time > 0).then_some(EntityKind::DateTime { unix_time, date_time_format }))
}
