//! The ways text can be shown, and the order in which they nest.

use std::rc::Rc;

/// One way of showing text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Style {
    /// Somebody's words, as a block of whole lines.
    Quote,
    /// A line above others.
    Heading,
    /// Leads to this URL: `http`, `https`, `mailto` or `tg`, without white space.
    Link(Rc<str>),
    /// Heavy.
    Bold,
    /// Slanted.
    Italic,
    /// With a line below.
    Underline,
    /// With a line through it.
    Strike,
    /// Hidden until asked for.
    Spoiler,
    /// Fixed width, within a line. Nothing nests in it.
    Code,
    /// Fixed width, as a block of lines in this language: letters, digits and `+-#._`. Nothing nests in it.
    Pre(Option<Rc<str>>),
}

impl Style {
    /// Whether both are of one kind, so that text can have just one of them.
    pub(super) fn excludes(&self, other: &Self) -> bool {
        self.same_kind(other) || (self.is_verbatim() && other.is_verbatim())
    }

    /// Whether they differ in nothing but URL or language.
    pub(super) fn same_kind(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// Whether it is [`Style::Code`] or [`Style::Pre`]: every character in it means itself.
    #[must_use]
    pub fn is_verbatim(&self) -> bool {
        matches!(self, Self::Code | Self::Pre(_))
    }

    /// Lower nests outside higher.
    fn rank(&self) -> u8 {
        match self {
            Self::Quote => 0,
            Self::Heading => 1,
            Self::Code | Self::Pre(_) => 3,
            _ => 2,
        }
    }
}

/// Adds `style` inside of `styles` as far as its rank allows, unless it excludes one of them.
pub(super) fn nest(styles: &mut Vec<Style>, style: Style) {
    if styles.iter().any(|outer| outer.excludes(&style)) {
        return;
    }
    let at = styles.partition_point(|outer| outer.rank() <= style.rank());
    styles.insert(at, style);
}

/// `styles` in the order in which they nest.
pub(super) fn nested(styles: &[Style]) -> Vec<Style> {
    let mut nested = Vec::with_capacity(styles.len());
    for style in styles {
        nest(&mut nested, style.clone());
    }
    nested
}
