//! Which entities may overlap, and what becomes of those that may not (`fix_entities`).
//!
//! Styles (bold to spoiler) may be anywhere but in code and are cut where another entity begins or ends. Everything
//! else stands alone, apart from quotes, which may hold anything but quotes.

use super::{Entity, EntityKind};

/// How many entities Telegram keeps (`MAX_USER_ENTITY_COUNT`); custom emoji are not counted.
const KEPT: usize = 100;

/// The styles, in the order in which TDLib cuts them.
const STYLES: [EntityKind; 5] = [
    EntityKind::Bold,
    EntityKind::Italic,
    EntityKind::Underline,
    EntityKind::Strikethrough,
    EntityKind::Spoiler,
];

/// Makes `entities` such as Telegram shows them, in order.
pub(super) fn fix(mut entities: Vec<Entity>) -> Vec<Entity> {
    entities.sort_by_key(Entity::sort_key);
    let (styles, others): (Vec<_>, Vec<_>) =
        entities.into_iter().partition(|entity| style_index(&entity.kind).is_some());
    let (quotes, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|entity| is_quote(&entity.kind));
    let quotes = without_overlaps(quotes);
    let mut fixed = without_overlaps(others);
    fixed.retain(|entity| {
        let first = quotes.partition_point(|quote| quote.end() <= entity.offset);
        quotes.get(first).is_none_or(|quote| !crosses(entity, quote))
    });
    fixed.extend(quotes);
    fixed.sort_by_key(Entity::sort_key);
    let styles = Cutter::new(styles).cut(&fixed);
    fixed.extend(styles);
    fixed.sort_by_key(Entity::sort_key);
    fixed
}

/// The entities that Telegram's servers keep: the first hundred, styles last (`get_input_message_entities`).
pub(in super::super) fn first_hundred(entities: Vec<Entity>) -> Vec<Entity> {
    let (emoji, counted): (Vec<_>, Vec<_>) =
        entities.into_iter().partition(|entity| matches!(entity.kind, EntityKind::CustomEmoji { .. }));
    let (styles, others): (Vec<_>, Vec<_>) =
        counted.into_iter().partition(|entity| style_index(&entity.kind).is_some());
    let mut kept: Vec<_> = others.into_iter().chain(styles).take(KEPT).chain(emoji).collect();
    kept.sort_by_key(Entity::sort_key);
    kept
}

/// Cuts styles at the borders of other entities.
#[derive(Debug)]
struct Cutter {
    styles: std::iter::Peekable<std::vec::IntoIter<Entity>>,
    /// Begin and end of the style that is open now, for each of [`STYLES`].
    open: [Option<(usize, usize)>; STYLES.len()],
    done: Vec<Entity>,
}

impl Cutter {
    fn new(styles: Vec<Entity>) -> Self {
        Self { styles: styles.into_iter().peekable(), open: [None; STYLES.len()], done: Vec::new() }
    }

    fn cut(mut self, others: &[Entity]) -> Vec<Entity> {
        let mut around: Vec<&Entity> = Vec::new();
        for other in others {
            self.leave(&mut around, other.offset);
            around.push(other);
        }
        self.leave(&mut around, usize::MAX);
        self.done
    }

    /// Goes on to `offset`, out of the entities that end before it. Styles in code are dropped.
    fn leave(&mut self, around: &mut Vec<&Entity>, offset: usize) {
        while let Some(inner) = around.pop_if(|entity| entity.end() <= offset) {
            let before = self.done.len();
            self.advance(inner.end());
            if is_code(&inner.kind) {
                self.done.truncate(before);
            }
        }
        self.advance(offset);
    }

    fn advance(&mut self, offset: usize) {
        while let Some(style) = self.styles.next_if(|style| style.offset < offset) {
            let Some(index) = style_index(&style.kind) else { continue };
            match self.open.get_mut(index) {
                Some(Some((_, end))) if style.offset <= *end => *end = style.end().max(*end),
                _ => {
                    self.flush(style.offset);
                    if let Some(open) = self.open.get_mut(index) {
                        *open = Some((style.offset, style.end()));
                    }
                }
            }
        }
        self.flush(offset);
    }

    /// Emits the open styles up to `offset`.
    fn flush(&mut self, offset: usize) {
        for (open, kind) in self.open.iter_mut().zip(STYLES) {
            if let Some((begin, end)) = *open
                && begin < offset
            {
                let cut = end.min(offset);
                self.done.push(Entity { offset: begin, length: cut - begin, kind });
                *open = (end > offset).then_some((offset, end));
            }
        }
    }
}

fn style_index(kind: &EntityKind) -> Option<usize> {
    STYLES.iter().position(|style| style == kind)
}

fn is_quote(kind: &EntityKind) -> bool {
    matches!(kind, EntityKind::Blockquote | EntityKind::ExpandableBlockquote)
}

/// Whether styles in it are lost. Times count as code here.
fn is_code(kind: &EntityKind) -> bool {
    matches!(kind, EntityKind::Code | EntityKind::Pre { .. } | EntityKind::DateTime { .. })
}

/// Whether `entity` is neither in `quote` nor apart from it.
fn crosses(entity: &Entity, quote: &Entity) -> bool {
    let overlap = entity.offset < quote.end() && quote.offset < entity.end();
    overlap && (entity.offset < quote.offset || quote.end() < entity.end())
}

/// Without those that begin before the end of an earlier one.
fn without_overlaps(mut entities: Vec<Entity>) -> Vec<Entity> {
    let mut end = 0;
    entities.retain(|entity| {
        let apart = entity.offset >= end;
        if apart {
            end = entity.end();
        }
        apart
    });
    entities
}
