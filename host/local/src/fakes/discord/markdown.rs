//! Reads Discord's markdown as its client shows it.
//!
//! The rules follow the client's (a variant of `simple-markdown`): at each position the first rule that matches wins,
//! a backslash before anything but a letter, digit or space makes it plain, and what matches no rule is text.

mod delimiter;
mod token;

use super::mentions::{Allowed, Mention};
use crate::fakes::{Style, StyleKind, StyledText};

/// Nesting deeper than this is shown as plain text; the client has a limit too, and people never come near.
const DEPTH: usize = 16;

/// What `source` looks like. Mentions are highlighted if `allowed` lets them ping.
pub(super) fn read(source: &str, allowed: &Allowed) -> StyledText {
    let mut reader = Reader { out: StyledText::default(), allowed, depth: 0, in_quote: false };
    reader.inline(source);
    reader.out
}

struct Reader<'a> {
    out: StyledText,
    allowed: &'a Allowed,
    depth: usize,
    in_quote: bool,
}

impl Reader<'_> {
    /// Reads `source`, which begins at the start of a line or of a styled range.
    fn inline(&mut self, source: &str) {
        let mut rest = source;
        let mut line_start = true;
        while !rest.is_empty() {
            let taken = line_start.then(|| self.line(rest)).flatten();
            let taken = taken.or_else(|| self.delimited(rest)).or_else(|| self.token(rest));
            let length = taken.unwrap_or_else(|| self.character(rest));
            let (done, next) = rest.split_at(length);
            line_start = done.ends_with('\n');
            rest = next;
        }
    }

    /// What is special at the start of a line: quotes, headings, lists. Returns the bytes it took.
    fn line(&mut self, rest: &str) -> Option<usize> {
        if let (false, Some(quoted)) = (self.in_quote, rest.strip_prefix(">>> ")) {
            self.in_quote = true;
            self.styled(StyleKind::Quote, quoted);
            self.in_quote = false;
            return Some(rest.len());
        }
        if !self.in_quote && rest.starts_with("> ") {
            return Some(self.quote(rest));
        }
        let line = rest.split_inclusive('\n').next()?;
        let text = line.trim_end_matches('\n');
        for marker in ["### ", "## ", "# ", "-# "] {
            if let Some(heading) =
                text.strip_prefix(marker).map(str::trim).filter(|heading| !heading.is_empty())
            {
                self.styled(StyleKind::Heading, heading);
                return Some(text.len());
            }
        }
        let indent = text.len() - text.trim_start_matches(' ').len();
        let item = text.trim_start_matches(' ');
        if item.starts_with("- ") || item.starts_with("* ") {
            self.out.text.push_str("• ");
            return Some(indent + 2);
        }
        None
    }

    fn quote(&mut self, rest: &str) -> usize {
        let lines: Vec<&str> = rest.split_inclusive('\n').take_while(|line| line.starts_with("> ")).collect();
        let inner: String = lines.iter().filter_map(|line| line.strip_prefix("> ")).collect();
        let shown = inner.strip_suffix('\n').unwrap_or(&inner);
        self.in_quote = true;
        self.styled(StyleKind::Quote, shown);
        self.in_quote = false;
        lines.iter().map(|line| line.len()).sum::<usize>() - (inner.len() - shown.len())
    }

    /// Text between two delimiters.
    fn delimited(&mut self, rest: &str) -> Option<usize> {
        let found = delimiter::find(rest)?;
        match found.kind {
            StyleKind::Code | StyleKind::Pre { .. } => self.verbatim(found.kind, found.inner),
            kind => self.styled(kind, found.inner),
        }
        Some(found.length)
    }

    /// Escapes, links and mentions.
    fn token(&mut self, rest: &str) -> Option<usize> {
        let (token, length) = token::find(rest)?;
        match token {
            token::Token::Text(text) => self.out.text.push_str(&text),
            token::Token::Link { text, url } => self.styled(StyleKind::Link { url: url.to_owned() }, text),
            token::Token::Url(url) => self.verbatim(StyleKind::Link { url: url.to_owned() }, url),
            token::Token::Mention(mention) => self.mention(mention),
        }
        Some(length)
    }

    fn mention(&mut self, mention: Mention<'_>) {
        let (text, name) = match mention {
            Mention::Everyone => ("@everyone".to_owned(), "everyone"),
            Mention::User(id) => (format!("@{id}"), id),
            Mention::Role(id) => (format!("@&{id}"), id),
        };
        if self.allowed.pings(mention) {
            self.verbatim(StyleKind::Mention { name: name.to_owned() }, &text);
        } else {
            self.out.text.push_str(&text);
        }
    }

    fn character(&mut self, rest: &str) -> usize {
        let Some(character) = rest.chars().next() else { return 0 };
        self.out.text.push(character);
        character.len_utf8()
    }

    fn verbatim(&mut self, kind: StyleKind, text: &str) {
        let start = self.out.text.len();
        self.out.text.push_str(text);
        self.out.styles.push(Style { start, end: self.out.text.len(), kind });
    }

    fn styled(&mut self, kind: StyleKind, inner: &str) {
        if self.depth == DEPTH {
            self.out.text.push_str(inner);
            return;
        }
        let (start, place) = (self.out.text.len(), self.out.styles.len());
        self.depth += 1;
        self.inline(inner);
        self.depth -= 1;
        // The outer range goes before those found inside it.
        self.out.styles.insert(place, Style { start, end: self.out.text.len(), kind });
    }
}

#[cfg(test)]
mod tests;
