//! Moves entities to where their characters are after some characters went away.

use super::super::Entity;
use super::TextError;

/// Where each UTF-16 code unit of a text was, and where it is now.
#[derive(Debug, Default)]
pub(super) struct Boundaries {
    /// By old offset: byte offset and new offset; `None` for the second half of a surrogate pair.
    starts: Vec<Option<(usize, usize)>>,
    moved: usize,
}

impl Boundaries {
    /// Takes the next character, at byte `at`, and what it became.
    pub(super) fn character(&mut self, at: usize, was: char, is: Option<char>) {
        self.starts.push(Some((at, self.moved)));
        self.starts.extend(std::iter::repeat_n(None, was.len_utf16() - 1));
        self.moved += is.map_or(0, char::len_utf16);
    }

    /// The entities at their new places, for a text of so many bytes.
    pub(super) fn moved(mut self, bytes: usize, mut entities: Vec<Entity>) -> Result<Vec<Entity>, TextError> {
        self.starts.push(Some((bytes, self.moved)));
        self.check(&entities)?;
        for entity in &mut entities {
            let (begin, end) = (self.new_offset(entity.offset), self.new_offset(entity.end()));
            entity.offset = begin;
            entity.length = end - begin;
        }
        entities.retain(|entity| entity.length > 0);
        Ok(entities)
    }

    /// Reports what TDLib, which goes through the text, would meet first.
    fn check(&self, entities: &[Entity]) -> Result<(), TextError> {
        let ends = entities.iter().rev().filter_map(|entity| {
            let at = self.inside(entity.end())?;
            Some((at, TextError::EndsInside { begin: entity.offset, at }))
        });
        let begins = entities.iter().filter_map(|entity| {
            let at = self.inside(entity.offset)?;
            Some((at, TextError::BeginsInside(at)))
        });
        if let Some((_, error)) = ends.chain(begins).min_by_key(|(at, _)| *at) {
            return Err(error);
        }
        let length = self.starts.len() - 1;
        if let Some(entity) = entities.iter().find(|entity| entity.offset > length) {
            return Err(TextError::BeginsAfter(entity.offset));
        }
        match entities.iter().rfind(|entity| entity.end() > length) {
            Some(entity) => Err(TextError::EndsAfter { begin: entity.offset, end: entity.end() }),
            None => Ok(()),
        }
    }

    /// The byte offset of the next character, if `offset` is inside of one.
    fn inside(&self, offset: usize) -> Option<usize> {
        let next = self.starts.get(offset..)?.iter().flatten().next()?;
        self.starts.get(offset)?.is_none().then_some(next.0)
    }

    fn new_offset(&self, offset: usize) -> usize {
        self.starts.get(offset).copied().flatten().map_or(self.moved, |(_, moved)| moved)
    }
}
