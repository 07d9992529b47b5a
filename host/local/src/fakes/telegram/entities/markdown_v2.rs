//! The `MarkdownV2` parse mode (`parse_markdown_v2`).

mod mark;

use super::cursor::Cursor;
use super::draft::{Draft, Place};
use super::link::{self, special};
use super::markdown::skip_fence;
use super::{EntityKind, FormattedText, ParseError};
use mark::Mark;

/// What must be escaped outside code, and the line end, which ends quotes.
const RESERVED: &str = "_*[]()~`>#+-=|{}.!\n";

/// Reads MarkdownV2.
pub(super) fn parse(markup: &str) -> Result<FormattedText, ParseError> {
    let mut parser = Parser {
        cursor: Cursor::new(markup),
        draft: Draft::default(),
        open: Vec::new(),
        in_quote: false,
        at_line_start: true,
    };
    while !parser.cursor.at_end() {
        parser.step()?;
    }
    parser.finish(markup.len())
}

#[derive(Debug)]
struct Parser<'a> {
    cursor: Cursor<'a>,
    draft: Draft,
    open: Vec<Open<'a>>,
    in_quote: bool,
    at_line_start: bool,
}

#[derive(Debug)]
struct Open<'a> {
    mark: Mark<'a>,
    /// Byte offset of its first character in the markup.
    at: usize,
    start: Place,
}

impl Open<'_> {
    fn unclosed(&self) -> ParseError {
        ParseError::NoEnd { entity: self.mark.name(), at: self.at }
    }
}

impl Parser<'_> {
    fn step(&mut self) -> Result<(), ParseError> {
        if let Some(character) = escaped(&mut self.cursor) {
            self.draft.push(character);
            if character != '\r' {
                self.at_line_start = character == '\n';
            }
            return Ok(());
        }
        let character = self.cursor.peek();
        let in_code = self.open.last().is_some_and(|open| open.mark.is_code());
        let special = if in_code { character == '`' } else { RESERVED.contains(character) };
        if !special {
            self.draft.push(self.cursor.bump());
            self.at_line_start &= character == '\r';
            return Ok(());
        }
        match self.open.pop() {
            Some(open) if self.closes(&open.mark) => self.close(open),
            open => {
                self.open.extend(open);
                self.open(character)
            }
        }
    }

    fn closes(&self, mark: &Mark<'_>) -> bool {
        let line_ends_quote = self.in_quote && self.cursor.is_at("\n") && self.cursor.byte(1) != b'>';
        line_ends_quote || mark.closes_at(&self.cursor)
    }

    fn open(&mut self, character: char) -> Result<(), ParseError> {
        let at = self.cursor.position();
        let mark = match character {
            '\n' => {
                self.draft.push(self.cursor.bump());
                self.at_line_start = true;
                return Ok(());
            }
            '>' if self.at_line_start && self.in_quote => {
                self.cursor.skip(1);
                return Ok(());
            }
            '>' if self.at_line_start => {
                self.cursor.skip(1);
                self.in_quote = true;
                Mark::Quote
            }
            _ => Mark::open(&mut self.cursor).ok_or(ParseError::Reserved(character))?,
        };
        self.open.push(Open { mark, at, start: self.draft.place() });
        Ok(())
    }

    fn close(&mut self, open: Open<'_>) -> Result<(), ParseError> {
        if self.in_quote && self.cursor.is_at("\n") {
            return self.close_quote(open);
        }
        self.cursor.skip(open.mark.closing().len());
        let kind = match open.mark {
            Mark::Link => {
                let url = url(&mut self.cursor)?;
                link::entity(url.as_deref().unwrap_or_else(|| self.draft.text_since(open.start)))
            }
            Mark::Special => {
                let url = url(&mut self.cursor)?.ok_or(ParseError::NoSpecialUrl)?;
                Some(special(&url)?)
            }
            mark => mark.kind(),
        };
        if let Some(kind) = kind {
            self.draft.mark(open.start, kind);
        }
        Ok(())
    }

    /// Ends a quote at a line end, of which it keeps the line end.
    fn close_quote(&mut self, open: Open<'_>) -> Result<(), ParseError> {
        let after_spoiler = self.cursor.position() - open.at;
        let just_opened = after_spoiler == 2 || (after_spoiler == 3 && self.draft.text().ends_with('\r'));
        let (quote, kind) = match open.mark {
            Mark::Quote => (open, EntityKind::Blockquote),
            // `||` at the end of a quote makes it expandable.
            Mark::Spoiler if just_opened => match self.open.pop() {
                Some(quote) if quote.mark == Mark::Quote => (quote, EntityKind::ExpandableBlockquote),
                other => return Err(other.unwrap_or(open).unclosed()),
            },
            _ => return Err(open.unclosed()),
        };
        self.draft.push(self.cursor.bump());
        self.draft.mark(quote.start, kind);
        self.in_quote = false;
        self.at_line_start = true;
        Ok(())
    }

    fn finish(mut self, length: usize) -> Result<FormattedText, ParseError> {
        if self.in_quote {
            let expandable =
                self.open.pop_if(|open| open.mark == Mark::Spoiler && open.at + 2 == length).is_some();
            let kind = if expandable { EntityKind::ExpandableBlockquote } else { EntityKind::Blockquote };
            if let Some(quote) = self.open.pop_if(|open| open.mark == Mark::Quote) {
                self.draft.mark(quote.start, kind);
            }
        }
        match self.open.last() {
            Some(open) => Err(open.unclosed()),
            None => Ok(self.draft.finish()),
        }
    }
}

/// Reads a backslash and the character after it, which may be any of ASCII except DEL.
fn escaped(cursor: &mut Cursor<'_>) -> Option<char> {
    if cursor.is_at("\\") && matches!(cursor.byte(1), 1..=126) {
        cursor.skip(1);
        Some(cursor.bump())
    } else {
        None
    }
}

/// Reads the address in parentheses that may follow a link's text.
fn url(cursor: &mut Cursor<'_>) -> Result<Option<String>, ParseError> {
    if !cursor.is_at("(") {
        return Ok(None);
    }
    cursor.skip(1);
    let at = cursor.position();
    let mut url = String::new();
    while !cursor.is_at(")") {
        if cursor.at_end() {
            return Err(ParseError::NoUrlEnd(at));
        }
        let character = escaped(cursor).unwrap_or_else(|| cursor.bump());
        url.push(character);
    }
    cursor.skip(1);
    Ok(Some(url))
}
