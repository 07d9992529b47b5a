//! The marks of MarkdownV2: how each opens and closes, and what Telegram calls it in errors.

use super::super::EntityKind;
use super::super::cursor::Cursor;
use super::skip_fence;

/// An open mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark<'a> {
    /// `*`
    Bold,
    /// `_`
    Italic,
    /// `__`
    Underline,
    /// `~`
    Strike,
    /// `||`
    Spoiler,
    /// A backtick.
    Code,
    /// Three backticks, with a language or an empty text.
    Pre(&'a str),
    /// `[`
    Link,
    /// `![`: a custom emoji or a time.
    Special,
    /// `>` at the start of a line.
    Quote,
}

impl<'a> Mark<'a> {
    /// Reads the beginning of any mark but a quote.
    pub(super) fn open(cursor: &mut Cursor<'a>) -> Option<Self> {
        if cursor.is_at("```") {
            cursor.skip(1);
            return Some(Self::Pre(skip_fence(cursor)));
        }
        let marks = [
            ("__", Self::Underline),
            ("_", Self::Italic),
            ("*", Self::Bold),
            ("~", Self::Strike),
            ("||", Self::Spoiler),
            ("[", Self::Link),
            ("![", Self::Special),
            ("`", Self::Code),
        ];
        let (opening, mark) = marks.into_iter().find(|(opening, _)| cursor.is_at(opening))?;
        cursor.skip(opening.len());
        Some(mark)
    }

    /// Whether the mark ends here. A quote never does: it ends with its last line.
    pub(super) fn closes_at(self, cursor: &Cursor<'_>) -> bool {
        match self {
            Self::Quote => false,
            Self::Italic => cursor.is_at("_") && !cursor.is_at("__"),
            mark => cursor.is_at(mark.closing()),
        }
    }

    /// What ends the mark.
    pub(super) fn closing(self) -> &'static str {
        match self {
            Self::Bold => "*",
            Self::Italic => "_",
            Self::Underline => "__",
            Self::Strike => "~",
            Self::Spoiler => "||",
            Self::Code => "`",
            Self::Pre(_) => "```",
            Self::Link | Self::Special => "]",
            Self::Quote => "",
        }
    }

    /// Whether just a backtick means something in it.
    pub(super) fn is_code(self) -> bool {
        matches!(self, Self::Code | Self::Pre(_))
    }

    /// The entity it makes, unless that depends on an address or on how it ends.
    pub(super) fn kind(self) -> Option<EntityKind> {
        match self {
            Self::Bold => Some(EntityKind::Bold),
            Self::Italic => Some(EntityKind::Italic),
            Self::Underline => Some(EntityKind::Underline),
            Self::Strike => Some(EntityKind::Strikethrough),
            Self::Spoiler => Some(EntityKind::Spoiler),
            Self::Code => Some(EntityKind::Code),
            Self::Pre(language) => Some(EntityKind::Pre { language: language.to_owned() }),
            Self::Link | Self::Special | Self::Quote => None,
        }
    }

    /// TDLib's name of it (`MessageEntity::Type`).
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bold => "Bold",
            Self::Italic => "Italic",
            Self::Underline => "Underline",
            Self::Strike => "Strikethrough",
            Self::Spoiler => "Spoiler",
            Self::Code => "Code",
            Self::Pre("") => "Pre",
            Self::Pre(_) => "PreCode",
            Self::Link => "TextUrl",
            Self::Special => "CustomEmoji",
            Self::Quote => "BlockQuote",
        }
    }
}
