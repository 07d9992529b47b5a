//! What Telegram makes of a text before it is sent: control characters, white space around, nesting
//! (`fix_formatted_text` of `MessageEntity.cpp`, `clean_input_string` and `is_empty_string` of `misc.cpp`).
//!
//! TDLib's cut at 35,000 bytes is left out: the Bot API refuses longer text before.

mod boundaries;

use self::boundaries::Boundaries;
use super::nesting;
use super::{Entity, FormattedText};

/// Largest length in code points: the default of `message_text_length_max` (`ConfigManager.cpp`).
const MAX_LENGTH: usize = 4096;
/// Largest offset or length of an entity (`fix_formatted_text`).
const MAX_OFFSET: usize = 1_000_000;

/// Why a text is refused; the words are TDLib's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message of each variant says it")]
pub enum TextError {
    #[error("Text must be non-empty")]
    Empty,
    #[error("Message is too long")]
    TooLong,
    #[error("Receive an entity with incorrect offset {0}")]
    Offset(i64),
    #[error("Receive an entity with incorrect length {0}")]
    Length(i64),
    #[error("Entity begins in a middle of a UTF-16 symbol at byte offset {0}")]
    BeginsInside(usize),
    #[error(
        "Entity beginning at UTF-16 offset {begin} ends in a middle of a UTF-16 symbol at byte offset {at}"
    )]
    EndsInside { begin: usize, at: usize },
    #[error("Entity begins after the end of the text at UTF-16 offset {0}")]
    BeginsAfter(usize),
    #[error(
        "Entity beginning at UTF-16 offset {begin} ends after the end of the text at UTF-16 offset {end}"
    )]
    EndsAfter { begin: usize, end: usize },
}

/// The text as it arrives.
///
/// # Errors
/// [`TextError`] where Telegram would refuse it.
pub fn clean(text: FormattedText) -> Result<FormattedText, TextError> {
    let FormattedText { text, mut entities } = text;
    for entity in &entities {
        check_range(entity)?;
    }
    entities.retain(|entity| entity.length > 0);
    let (text, entities) = without_control_characters(&text, nesting::fix(entities))?;
    let text = trimmed(&text, nesting::fix(entities));
    if text.text.chars().all(is_invisible) {
        return Err(TextError::Empty);
    }
    if text.text.chars().count() > MAX_LENGTH {
        return Err(TextError::TooLong);
    }
    Ok(text)
}

fn check_range(entity: &Entity) -> Result<(), TextError> {
    let shown = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    if entity.offset > MAX_OFFSET {
        return Err(TextError::Offset(shown(entity.offset)));
    }
    if entity.length > MAX_OFFSET {
        return Err(TextError::Length(shown(entity.length)));
    }
    Ok(())
}

/// What a character becomes; `None` if it vanishes.
fn cleaned(character: char) -> Option<char> {
    match character {
        '\n' => Some('\n'),
        '\r' | '\u{2028}'..='\u{202E}' | '\u{333}' | '\u{33F}' | '\u{30A}' => None,
        '\0'..=' ' => Some(' '),
        _ => Some(character),
    }
}

fn without_control_characters(text: &str, entities: Vec<Entity>) -> Result<(String, Vec<Entity>), TextError> {
    let mut boundaries = Boundaries::default();
    let mut kept = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        let cleaned = cleaned(character);
        boundaries.character(at, character, cleaned);
        kept.extend(cleaned);
    }
    let entities = boundaries.moved(text.len(), entities)?;
    Ok((without_mark_runs(&kept), entities))
}

/// Of a run of direction marks just the last stays; the others become joiners without effect.
fn without_mark_runs(text: &str) -> String {
    let is_mark = |character: &char| matches!(character, '\u{200E}' | '\u{200F}');
    let mut characters = text.chars().peekable();
    let mut kept = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        let in_run = is_mark(&character) && characters.peek().is_some_and(is_mark);
        kept.push(if in_run { '\u{200C}' } else { character });
    }
    kept
}

/// Without white space at the end, and at the beginning as far as no entity holds it.
fn trimmed(text: &str, mut entities: Vec<Entity>) -> FormattedText {
    let is_white = |character| matches!(character, ' ' | '\n');
    let text = text.trim_end_matches(is_white);
    let length = text.encode_utf16().count();
    entities.retain_mut(|entity| {
        entity.length = entity.end().min(length).saturating_sub(entity.offset);
        entity.length > 0
    });
    entities.sort_by_key(Entity::sort_key);
    let white = text.len() - text.trim_start_matches(is_white).len();
    let cut = entities.first().map_or(white, |entity| entity.offset.min(white));
    for entity in &mut entities {
        entity.offset -= cut;
    }
    FormattedText { text: text.get(cut..).unwrap_or_default().to_owned(), entities }
}

/// Whether a character shows nothing (`strip_empty_characters`).
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        ' ' | '\n' | '\u{A0}' | '\u{1680}' | '\u{180E}' | '\u{2000}'..='\u{200F}' | '\u{202E}' | '\u{202F}' | '\u{205F}'
            | '\u{2800}' | '\u{3000}' | '\u{FEFF}' | '\u{FFFC}' | '\u{E0000}'..='\u{E007F}'
    )
}

#[cfg(test)]
mod tests;
