//! Why a date pattern can't be used here: what to tell the rule's author, without saying where the rule is.

use std::error::Error;
use std::fmt;

use super::pattern::MAX_PATTERN;

/// Why a pattern can't be used here. Places are byte offsets in the pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PatternError {
    /// There is nothing in the pattern.
    Empty,
    /// The pattern is longer than anyone would write.
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// A letter, or a letter so many times, that means nothing or is not supported.
    Unsupported {
        /// The letter, or another character that is reserved.
        letter: char,
        /// How many times it stands there.
        count: usize,
        /// Where the first of them is.
        at: usize,
        /// What is possible instead.
        hint: &'static str,
    },
    /// A quoted text that never ends.
    UnclosedQuote {
        /// Where its first quote is.
        at: usize,
    },
    /// A `]` without the `[` that it would end.
    UnopenedSection {
        /// Where it is.
        at: usize,
    },
}

impl fmt::Display for PatternError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(out, "the date pattern is empty"),
            Self::TooLong { length } => {
                write!(out, "the date pattern has {length} bytes; at most {MAX_PATTERN} are possible")
            }
            Self::Unsupported { letter, count: 1, at, hint } => {
                write!(out, "'{letter}' at byte {at} of the date pattern can't be used: {hint}")
            }
            Self::Unsupported { letter, count, at, hint } => {
                write!(out, "'{letter}' {count} times at byte {at} of the date pattern can't be used: {hint}")
            }
            Self::UnclosedQuote { at } => {
                write!(out, "the quoted text at byte {at} of the date pattern never ends")
            }
            Self::UnopenedSection { at } => {
                write!(out, "the ']' at byte {at} of the date pattern has no '[' before it")
            }
        }
    }
}

impl Error for PatternError {}

#[cfg(test)]
mod tests {
    use super::PatternError;

    #[test]
    fn names_the_letter_its_place_and_what_is_possible() {
        let error = PatternError::Unsupported { letter: 'Y', count: 4, at: 3, hint: "use 'y' for the year" };
        assert_eq!(
            error.to_string(),
            "'Y' 4 times at byte 3 of the date pattern can't be used: use 'y' for the year"
        );
        assert_eq!(
            PatternError::TooLong { length: 300 }.to_string(),
            "the date pattern has 300 bytes; at most 256 are possible"
        );
    }
}
