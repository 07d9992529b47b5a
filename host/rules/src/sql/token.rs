//! The words of a statement.

use std::ops::Range;

/// A word and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token<'s> {
    /// What it is.
    pub(crate) kind: TokenKind<'s>,
    /// Its bytes in the statement.
    pub(crate) span: Range<usize>,
}

/// Kinds of words. Keywords are words like any other: attributes may be called `value` or `end`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind<'s> {
    /// A name or keyword.
    Word(&'s str),
    /// `@name`, without the sign.
    Variable(&'s str),
    /// A number in JSON's notation, without sign.
    Number(&'s str),
    /// A quoted text, without quotes and with doubled quotes undone.
    Text(String),
    /// An operator or a bracket.
    Symbol(&'static str),
    /// The end of the statement.
    End,
}

impl TokenKind<'_> {
    /// How messages call it.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Word(word) => format!("`{word}`"),
            Self::Variable(name) => format!("`@{name}`"),
            Self::Number(number) => format!("`{number}`"),
            Self::Text(text) => format!("the text '{text}'"),
            Self::Symbol(symbol) => format!("`{symbol}`"),
            Self::End => "the end of the statement".to_owned(),
        }
    }
}
