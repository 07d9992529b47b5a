//! Marked-up text as Telegram reads it: text and entities out, or the reason in the server's own words.
//!
//! The algorithms follow TDLib (`td/telegram/MessageEntity.cpp` and `LinkManager.cpp`, Boost Software Licence 1.0), which
//! is what the Bot API server runs; the test vectors are answers of TDLib 1.8.67. Offsets and lengths are UTF-16 code
//! units, as in the Bot API. What Telegram finds in text without markup (links, mentions, hashtags, commands) is left out.

mod cleaning;
mod cursor;
mod date_time;
mod draft;
mod html;
mod link;
mod markdown;
mod markdown_v2;
mod nesting;
mod number;

use serde::Serialize;

pub use self::cleaning::{TextError, clean};
pub(super) use self::date_time::normalized_format;
pub(super) use self::link::{Target, target};
pub(super) use self::nesting::first_hundred;
pub(super) use self::number::{lenient_i32, lenient_i64, strict};

/// How the text of a message is marked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseMode {
    /// `HTML`.
    Html,
    /// `Markdown`, which the Bot API calls legacy.
    Markdown,
    /// `MarkdownV2`.
    MarkdownV2,
}

/// Text without markup, and what was marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormattedText {
    /// What is read.
    pub text: String,
    /// By place, outer before inner.
    pub entities: Vec<Entity>,
}

/// A marked part of a text, written as `MessageEntity` of the Bot API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entity {
    /// UTF-16 code units before it.
    pub offset: usize,
    /// UTF-16 code units in it.
    pub length: usize,
    /// What it is marked as.
    #[serde(flatten)]
    pub kind: EntityKind,
}

/// What a part of a text is marked as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of `MessageEntity` in the Bot API")]
pub enum EntityKind {
    Bold,
    Italic,
    Underline,
    Strikethrough,
    Spoiler,
    Code,
    Pre {
        #[serde(skip_serializing_if = "String::is_empty")]
        language: String,
    },
    TextLink {
        url: String,
    },
    TextMention {
        user: User,
    },
    CustomEmoji {
        custom_emoji_id: String,
    },
    DateTime {
        unix_time: i32,
        #[serde(skip_serializing_if = "String::is_empty")]
        date_time_format: String,
    },
    Blockquote,
    ExpandableBlockquote,
}

/// A user, as far as a link to one tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// Telegram's number of the user.
    pub id: i64,
}

/// Why marked-up text is refused; the words follow "can't parse entities: " in the server's answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the message of each variant says it, in the server's words")]
pub enum ParseError {
    #[error("Unclosed start tag at byte offset {0}")]
    UnclosedStartTag(usize),
    #[error("Unclosed start tag \"{tag}\" at byte offset {at}")]
    UnclosedAttributes { tag: String, at: usize },
    #[error("Unsupported start tag \"{tag}\" at byte offset {at}")]
    UnsupportedTag { tag: String, at: usize },
    #[error("Empty attribute name in the tag \"{tag}\" at byte offset {at}")]
    EmptyAttribute { tag: String, at: usize },
    #[error("Unexpected end of name token at byte offset {0}")]
    NameToken(usize),
    #[error("Tag \"span\" must have class \"tg-spoiler\" at byte offset {0}")]
    SpanClass(usize),
    #[error("Unexpected end tag at byte offset {0}")]
    UnexpectedEndTag(usize),
    #[error("Unclosed end tag at byte offset {0}")]
    UnclosedEndTag(usize),
    #[error("Unmatched end tag at byte offset {at}, expected \"</{expected}>\", found \"</{found}>\"")]
    UnmatchedEndTag { at: usize, expected: String, found: String },
    #[error("Can't find end tag corresponding to start tag \"{0}\"")]
    NoEndTag(String),
    #[error(
        "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units"
    )]
    Surrogate,
    #[error("Invalid custom emoji identifier specified")]
    CustomEmoji,
    #[error("Invalid date format used")]
    DateFormat,
    #[error("Character '{0}' is reserved and must be escaped with the preceding '\\'")]
    Reserved(char),
    #[error("Can't find end of {entity} entity at byte offset {at}")]
    NoEnd { entity: &'static str, at: usize },
    #[error("Can't find end of the entity starting at byte offset {0}")]
    NoLegacyEnd(usize),
    #[error("Can't find end of a URL at byte offset {0}")]
    NoUrlEnd(usize),
    #[error("The entity must contain a tg://emoji or tg://time URL")]
    NoSpecialUrl,
    #[error("Invalid tg://emoji or tg://time URL specified")]
    SpecialUrl,
}

/// Reads marked-up text.
///
/// # Errors
/// [`ParseError`] where Telegram would answer "can't parse entities".
pub fn parse(mode: ParseMode, markup: &str) -> Result<FormattedText, ParseError> {
    match mode {
        ParseMode::Html => html::parse(markup),
        ParseMode::Markdown => markdown::parse(markup),
        ParseMode::MarkdownV2 => markdown_v2::parse(markup),
    }
}

impl Entity {
    /// The offset after its last code unit.
    #[must_use]
    pub fn end(&self) -> usize {
        self.offset + self.length
    }

    /// Telegram's order: by place, outer before inner, then by kind.
    fn sort_key(&self) -> (usize, std::cmp::Reverse<usize>, u8) {
        (self.offset, std::cmp::Reverse(self.length), self.kind.priority())
    }
}

impl EntityKind {
    /// Rank among entities of the same range (`MessageEntity::get_type_priority`).
    fn priority(&self) -> u8 {
        match self {
            Self::Blockquote | Self::ExpandableBlockquote => 0,
            Self::Pre { language } if !language.is_empty() => 10,
            Self::Pre { .. } => 11,
            Self::Code => 20,
            Self::DateTime { .. } => 48,
            Self::TextLink { .. } | Self::TextMention { .. } => 49,
            Self::Bold => 90,
            Self::Italic => 91,
            Self::Underline => 92,
            Self::Strikethrough => 93,
            Self::Spoiler => 94,
            Self::CustomEmoji { .. } => 99,
        }
    }
}
