//! Sentences for people who look for what is wrong with their device: to the log, and to whoever shows them.

use std::fmt::{Display, Formatter, Write};

use tokio::sync::mpsc;

/// As much of a text from outside as a sentence needs.
const SHOWN: usize = 160;

/// Where sentences go.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes(pub(crate) Option<mpsc::Sender<String>>);

impl Notes {
    pub(crate) fn say(&self, sentence: String) {
        tracing::debug!("{sentence}");
        if let Some(reader) = &self.0 {
            // A reader that is behind misses sentences; connections don't wait for it.
            reader.try_send(sentence).ok();
        }
    }
}

/// A text from outside, cut, and with its control characters escaped: it ends up in terminals.
pub(crate) struct Shown<'a>(pub(crate) &'a str);

impl Display for Shown<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_char('`')?;
        for character in self.0.chars().take(SHOWN) {
            match character {
                '`' => formatter.write_str("\\`")?,
                '"' | '\'' => formatter.write_char(character)?,
                character => write!(formatter, "{}", character.escape_debug())?,
            }
        }
        if self.0.chars().nth(SHOWN).is_some() {
            formatter.write_char('…')?;
        }
        formatter.write_char('`')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_outside_is_harmless() {
        assert_eq!(Shown("home's \"heating\"").to_string(), "`home's \"heating\"`");
        assert_eq!(Shown("\u{1b}[2J`\n").to_string(), "`\\u{1b}[2J\\`\\n`");
        assert_eq!(Shown(&"x".repeat(1000)).to_string().chars().count(), SHOWN + 3);
    }
}
