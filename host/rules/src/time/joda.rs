//! Joda-Time `DateTimeFormat` patterns, for formatting only, in English and the ISO calendar.
//!
//! What a letter prints was checked against Joda-Time 2.10.14.

mod field;
mod letter;
mod part;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::PatternError;
use super::pattern::{Dialect, Token, tokens};
use part::{Moment, Part};

/// A compiled Joda-Time pattern.
#[derive(Debug, Clone)]
pub(crate) struct JodaPattern {
    parts: Vec<Part>,
}

impl JodaPattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// If it has letters that Joda-Time does not know or that can't be printed here, such as long zone names.
    pub(crate) fn compile(pattern: &str) -> Result<Self, PatternError> {
        if pattern.is_empty() {
            return Err(PatternError::Empty);
        }
        let part = |token| match token {
            Token::Run(run) => letter::part(run),
            Token::Text(text) => Ok(Part::Text(text)),
            // Only the JDK has optional sections: the scanner makes none of these for Joda-Time.
            Token::Open => Ok(Part::Text("[".to_owned())),
            Token::Close { .. } => Ok(Part::Text("]".to_owned())),
        };
        let parts = tokens(pattern, Dialect::Joda)?.into_iter().map(part).collect::<Result<_, _>>()?;
        Ok(Self { parts })
    }

    /// The text for the milliseconds since 1970, or nothing outside the years -9999 to 9999.
    #[must_use]
    pub(crate) fn format(&self, milliseconds: i64, zone: &TimeZone) -> Option<String> {
        let instant = Timestamp::from_millisecond(milliseconds).ok()?;
        let info = zone.to_offset_info(instant);
        let local = info.offset().to_datetime(instant);
        let moment = Moment { local, offset: info.offset(), abbreviation: info.abbreviation(), zone };
        let mut text = String::new();
        self.parts.iter().try_for_each(|part| part.write(&moment, &mut text)).ok()?;
        Some(text)
    }
}
