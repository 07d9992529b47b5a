//! Text under construction, with the entities found in it so far.

use super::{Entity, EntityKind, FormattedText};

/// Text under construction.
#[derive(Debug, Default)]
pub(super) struct Draft {
    text: String,
    utf16: usize,
    entities: Vec<Entity>,
}

/// A place in a [`Draft`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    utf16: usize,
    bytes: usize,
}

impl Draft {
    /// Adds a character.
    pub(super) fn push(&mut self, character: char) {
        self.text.push(character);
        self.utf16 += character.len_utf16();
    }

    /// Where the next character will be.
    pub(super) fn place(&self) -> Place {
        Place { utf16: self.utf16, bytes: self.text.len() }
    }

    /// The text from `place` on.
    pub(super) fn text_since(&self, place: Place) -> &str {
        self.text.get(place.bytes..).unwrap_or_default()
    }

    /// The text so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing was added since `place`.
    pub(super) fn is_at(&self, place: Place) -> bool {
        self.utf16 == place.utf16
    }

    /// Marks the text from `start` on, if there is any.
    pub(super) fn mark(&mut self, start: Place, kind: EntityKind) {
        if !self.is_at(start) {
            self.entities.push(Entity { offset: start.utf16, length: self.utf16 - start.utf16, kind });
        }
    }

    /// What was marked last, if it was exactly the text from `start` on.
    pub(super) fn last_mark(&mut self, start: Place) -> Option<&mut EntityKind> {
        let end = self.utf16;
        let last = self.entities.last_mut()?;
        (last.offset == start.utf16 && last.end() == end).then_some(&mut last.kind)
    }

    /// The text with its entities in order.
    pub(super) fn finish(mut self) -> FormattedText {
        self.entities.sort_by_key(Entity::sort_key);
        FormattedText { text: self.text, entities: self.entities }
    }
}
