//! JDK 11 `java.time.format.DateTimeFormatter` patterns, for parsing only: case-sensitive, in English, the ISO calendar
//! and the resolver style SMART, as `DateTimeFormatter.ofPattern(pattern).parse(text)` does.
//!
//! A text without a zone is in UTC, one without a time is at the start of its day, one without a date is nothing.
//!
//! What a text means was checked against JDK 17, which differs from JDK 11 in that AM or PM alone makes it six o'clock.
//! No text can make this panic, or take more time than the pattern's length allows.

mod fields;
mod item;
mod letter;
mod number;
mod offset;
mod resolve;
mod zone_text;

use super::error::PatternError;
use super::pattern::{Dialect, Token, tokens};
use fields::Fields;
use item::Item;
use number::Number;

/// A compiled JDK pattern.
#[derive(Debug, Clone)]
pub(crate) struct JdkPattern {
    items: Vec<Item>,
}

impl JdkPattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// If it is no JDK pattern, or has letters that can't be parsed here, such as week-based years.
    pub(crate) fn compile(pattern: &str) -> Result<Self, PatternError> {
        let mut outer = Vec::new();
        let mut section = Section::default();
        for token in tokens(pattern, Dialect::Jdk)? {
            match token {
                Token::Run(run) => section.push(letter::item(run)?),
                Token::Text(text) => section.push(Item::Text(text)),
                Token::Open => outer.push(std::mem::take(&mut section)),
                Token::Close { at } => {
                    section = section.close(outer.pop().ok_or(PatternError::UnopenedSection { at })?);
                }
            }
        }
        // The pattern's end closes what is open.
        while let Some(before) = outer.pop() {
            section = section.close(before);
        }
        Ok(Self { items: section.items })
    }

    /// The milliseconds since 1970 that the text means; nothing if it does not match or means no time.
    #[must_use]
    pub(crate) fn parse(&self, text: &str) -> Option<i64> {
        let mut fields = Fields::default();
        let rest = item::parse_all(&self.items, text, &mut fields)?;
        if rest.is_empty() { resolve::milliseconds(fields) } else { None }
    }
}

/// The pattern, or an optional section of it, as far as it is read.
#[derive(Debug, Default)]
struct Section {
    items: Vec<Item>,
    /// The number that the numbers right behind it take their digits from.
    adjacent: Option<usize>,
}

impl Section {
    fn push(&mut self, item: Item) {
        match item {
            Item::Number(number) => self.push_number(number),
            other => {
                self.adjacent = None;
                self.items.push(other);
            }
        }
    }

    /// "Adjacent value parsing" of `DateTimeFormatterBuilder.appendValue`: a number leaves the numbers of fixed width
    /// right behind it as many digits as they need, up to the first whose width is not fixed.
    fn push_number(&mut self, number: Number) {
        let fixed = number.fixed_width();
        let first = self.adjacent.and_then(|index| self.items.get_mut(index));
        match (first, fixed) {
            (Some(Item::Number(first)), Some(width)) => first.leave(width),
            (first, _) => {
                if let Some(Item::Number(first)) = first {
                    first.leave_nothing();
                }
                self.adjacent = Some(self.items.len());
            }
        }
        self.items.push(Item::Number(number));
    }

    fn close(self, mut before: Self) -> Self {
        before.push(Item::Optional(self.items));
        before
    }
}
