//! A pattern's runs of letters, texts and section marks: what both dialects share. What a letter means is up to them.

use std::iter::Peekable;
use std::str::CharIndices;

use super::error::PatternError;

/// The longest pattern in bytes. It bounds the time and the memory that one use of a pattern can take.
pub(super) const MAX_PATTERN: usize = 256;

/// How often a letter may stand in a row: the JDK's widest number. Joda-Time has no such limit.
const MAX_COUNT: usize = 19;

/// Whose rules for quotes and sections hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Joda,
    Jdk,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Run(Run),
    Text(String),
    Open,
    Close { at: usize },
}

/// One letter, so many times in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) letter: char,
    pub(super) count: usize,
    at: usize,
}

impl Run {
    pub(super) fn refuse(self, hint: &'static str) -> PatternError {
        PatternError::Unsupported { letter: self.letter, count: self.count, at: self.at, hint }
    }
}

pub(super) fn tokens(pattern: &str, dialect: Dialect) -> Result<Vec<Token>, PatternError> {
    if pattern.len() > MAX_PATTERN {
        return Err(PatternError::TooLong { length: pattern.len() });
    }
    let mut scanner = Scanner { rest: pattern.char_indices().peekable(), tokens: Vec::new() };
    while let Some((at, character)) = scanner.rest.next() {
        scanner.token(at, character, dialect)?;
    }
    Ok(scanner.tokens)
}

struct Scanner<'p> {
    rest: Peekable<CharIndices<'p>>,
    tokens: Vec<Token>,
}

impl Scanner<'_> {
    fn token(&mut self, at: usize, character: char, dialect: Dialect) -> Result<(), PatternError> {
        match (character, dialect) {
            (letter, _) if letter.is_ascii_alphabetic() => self.run(at, letter)?,
            ('\'', Dialect::Joda) => self.joda_quote(),
            ('\'', Dialect::Jdk) => self.jdk_quote(at)?,
            ('[', Dialect::Jdk) => self.tokens.push(Token::Open),
            (']', Dialect::Jdk) => self.tokens.push(Token::Close { at }),
            ('{' | '}' | '#', Dialect::Jdk) => {
                let hint = "the JDK reserves it: put it in single quotes";
                return Err(PatternError::Unsupported { letter: character, count: 1, at, hint });
            }
            _ => self.text(character),
        }
        Ok(())
    }

    fn run(&mut self, at: usize, letter: char) -> Result<(), PatternError> {
        let mut run = Run { letter, count: 1, at };
        while self.skip(letter) {
            run.count += 1;
        }
        if run.count > MAX_COUNT {
            return Err(run.refuse("a letter may stand at most 19 times in a row"));
        }
        self.tokens.push(Token::Run(run));
        Ok(())
    }

    /// Joda-Time takes `''` for a quote before it looks for the text's begin, and lets the pattern's end close a text.
    fn joda_quote(&mut self) {
        if self.skip('\'') {
            return self.text('\'');
        }
        while let Some((_, character)) = self.rest.next() {
            if character == '\'' && !self.skip('\'') {
                return;
            }
            self.text(character);
        }
    }

    /// The JDK looks for the text's end first, so that `''''` is one quote; a text without an end is an error.
    fn jdk_quote(&mut self, at: usize) -> Result<(), PatternError> {
        let mut empty = true;
        while let Some((_, character)) = self.rest.next() {
            if character == '\'' && !self.skip('\'') {
                if empty {
                    self.text('\'');
                }
                return Ok(());
            }
            empty = false;
            self.text(character);
        }
        Err(PatternError::UnclosedQuote { at })
    }

    fn skip(&mut self, character: char) -> bool {
        self.rest.next_if(|&(_, next)| next == character).is_some()
    }

    fn text(&mut self, character: char) {
        match self.tokens.last_mut() {
            Some(Token::Text(text)) => text.push(character),
            _ => self.tokens.push(Token::Text(character.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a pattern without letters stands for.
    fn text(pattern: &str, dialect: Dialect) -> Result<String, PatternError> {
        match tokens(pattern, dialect)?.as_slice() {
            [] => Ok(String::new()),
            [Token::Text(text)] => Ok(text.clone()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn quotes_as_each_dialect_does() {
        // (pattern, with Joda-Time, with the JDK), as both libraries print it.
        let table = [
            ("''", Some("'"), Some("'")),
            ("''''", Some("''"), Some("'")),
            ("'it''s'", Some("it's"), Some("it's")),
            ("'''a'", Some("'a"), Some("'a")),
            ("'a'''", Some("a'"), Some("a'")),
            ("'a", Some("a"), None),
            ("'''", Some("'"), None),
            ("'a' 'b'", Some("a b"), Some("a b")),
        ];
        for (pattern, joda, jdk) in table {
            assert_eq!(text(pattern, Dialect::Joda).ok().as_deref(), joda, "{pattern}");
            assert_eq!(text(pattern, Dialect::Jdk).ok().as_deref(), jdk, "{pattern}");
        }
    }

    #[test]
    fn names_the_place_in_bytes() {
        assert_eq!(
            tokens("é yyyy", Dialect::Jdk),
            Ok(vec![Token::Text("é ".into()), Token::Run(Run { letter: 'y', count: 4, at: 3 })])
        );
        assert_eq!(tokens("é 'a", Dialect::Jdk), Err(PatternError::UnclosedQuote { at: 3 }));
        assert!(matches!(
            tokens(&"s".repeat(20), Dialect::Joda),
            Err(PatternError::Unsupported { letter: 's', count: 20, at: 0, .. })
        ));
        assert_eq!(tokens(&"-".repeat(257), Dialect::Joda), Err(PatternError::TooLong { length: 257 }));
    }
}
