//! Cuts HTML into text and tags, in one pass. Nothing is lost: what is not a tag is text.

/// A piece of HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text, entities and all.
    Text(&'a str),
    /// `<name attributes>`
    Open {
        /// As written.
        name: &'a str,
        /// For [`attribute`].
        attributes: &'a str,
    },
    /// `</name>`
    Close(&'a str),
}

/// The tokens of a document.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    rest: &'a str,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(html: &'a str) -> Self {
        Self { rest: html }
    }

    /// Goes on behind the tag `</name>`, or at the end if there is none.
    pub(super) fn skip_element(&mut self, name: &str) {
        while let Some((_, tag)) = self.rest.split_once("</") {
            self.rest = tag;
            if name_of(tag).eq_ignore_ascii_case(name) {
                self.rest = tag.split_once('>').map_or("", |(_, rest)| rest);
                return;
            }
        }
        self.rest = "";
    }

    /// Gives out the first `length` bytes.
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Gives out what comes before `end`, and skips `end`.
    fn take_until(&mut self, end: &str) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_once(end)?;
        self.rest = rest;
        Some(taken)
    }

    /// Reads what stands at the beginning, which is a `<`; `None` if the tag has no end.
    fn markup(&mut self) -> Option<Token<'a>> {
        let mut characters = self.rest.chars().skip(1);
        match characters.next() {
            // Comments and declarations are tags that nobody knows.
            Some('!') if self.rest.starts_with("<!--") => self.take_until("-->").map(Token::Close),
            Some('!' | '?') => self.take_until(">").map(Token::Close),
            Some('/') if characters.next().is_some_and(|first| first.is_ascii_alphabetic()) => {
                let tag = self.take_until(">")?;
                Some(Token::Close(name_of(tag.trim_start_matches("</"))))
            }
            Some(first) if first.is_ascii_alphabetic() => {
                let end = tag_end(self.rest)?;
                let tag = self.take(end).trim_start_matches('<');
                self.take(1);
                let name = name_of(tag);
                Some(Token::Open { name, attributes: tag.get(name.len()..).unwrap_or_default() })
            }
            _ => {
                let end = self.rest.match_indices('<').nth(1).map_or(usize::MAX, |(at, _)| at);
                Some(Token::Text(self.take(end)))
            }
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        match self.rest.find('<') {
            _ if self.rest.is_empty() => None,
            // Without its end nothing that follows can be a tag.
            Some(0) => Some(self.markup().unwrap_or_else(|| Token::Text(self.take(usize::MAX)))),
            end => Some(Token::Text(self.take(end.unwrap_or(usize::MAX)))),
        }
    }
}

/// The name that a tag begins with.
fn name_of(tag: &str) -> &str {
    tag.split(|end: char| end.is_whitespace() || end == '/' || end == '>').next().unwrap_or_default()
}

/// Where the `>` of an opening tag is: one in a quoted value does not count.
fn tag_end(tag: &str) -> Option<usize> {
    let (mut quote, mut before) = (None, ' ');
    for (at, character) in tag.char_indices() {
        match quote {
            Some(open) if open == character => quote = None,
            Some(_) => {}
            None if character == '>' => return Some(at),
            None if before == '=' && matches!(character, '"' | '\'') => quote = Some(character),
            None => {}
        }
        if !character.is_whitespace() {
            before = character;
        }
    }
    None
}

/// The value of the attribute `name`, entities and all.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|skipped: char| skipped.is_whitespace() || skipped == '/');
        if rest.is_empty() {
            return None;
        }
        let end =
            rest.find(|end: char| end.is_whitespace() || end == '=' || end == '/').unwrap_or(rest.len());
        let (found, after) = rest.split_at_checked(end)?;
        let (value, next) = match after.trim_start().strip_prefix('=') {
            Some(value) => value_of(value.trim_start()),
            None => ("", after),
        };
        if found.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = next;
    }
}

/// The value that `text` begins with, and what follows it.
fn value_of(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}
