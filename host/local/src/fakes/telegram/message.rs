//! A sent message, as the Bot API answers it and as people see it.

use serde_json::{Value, json};

use super::chat::ChatId;
use super::entities::{Entity, EntityKind, FormattedText};
use super::token::Bot;
use crate::fakes::{Part, Shown, Style, StyleKind, StyledText};

/// A sent message.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) id: i32,
    pub(super) chat: ChatId,
    pub(super) thread: Option<i32>,
    /// Unix time.
    pub(super) sent: i64,
    /// Unix time.
    pub(super) edited: Option<i64>,
    pub(super) text: FormattedText,
    pub(super) preview_disabled: bool,
    pub(super) silent: bool,
}

impl Message {
    /// As `Message` of the Bot API.
    pub(super) fn to_json(&self, bot: &Bot) -> Value {
        let mut message = json!({
            "message_id": self.id,
            "from": bot.to_json(),
            "chat": self.chat.to_json(),
            "date": self.sent,
            "text": self.text.text,
        });
        let optional = [
            ("entities", (!self.text.entities.is_empty()).then(|| json!(self.text.entities))),
            ("message_thread_id", self.thread.map(Value::from)),
            ("is_topic_message", self.thread.map(|_| Value::from(true))),
            ("edit_date", self.edited.map(Value::from)),
            ("link_preview_options", self.preview_disabled.then(|| json!({ "is_disabled": true }))),
        ];
        if let Some(object) = message.as_object_mut() {
            object.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        }
        message
    }

    /// As people see it.
    pub(super) fn shown(&self) -> Shown {
        let to = match self.thread {
            Some(thread) => format!("{}/{thread}", self.chat),
            None => self.chat.to_string(),
        };
        Shown {
            message_id: self.id.to_string(),
            to,
            author: None,
            silent: self.silent,
            parts: vec![Part::Text(styled(&self.text))],
        }
    }
}

/// The text with styles in place of entities, which count UTF-16 code units.
fn styled(text: &FormattedText) -> StyledText {
    let styles = text.entities.iter().filter_map(|entity| {
        let Entity { offset, kind, .. } = entity;
        let (start, end) = (byte_offset(&text.text, *offset), byte_offset(&text.text, entity.end()));
        Some(Style { start, end, kind: style_kind(kind)? })
    });
    StyledText { text: text.text.clone(), styles: styles.collect() }
}

fn byte_offset(text: &str, utf16: usize) -> usize {
    let mut seen = 0;
    let at = text.char_indices().find(|(_, character)| {
        let found = seen >= utf16;
        seen += character.len_utf16();
        found
    });
    at.map_or(text.len(), |(at, _)| at)
}

/// What an entity looks like; emoji and times show the text they stand for.
fn style_kind(kind: &EntityKind) -> Option<StyleKind> {
    match kind {
        EntityKind::Bold => Some(StyleKind::Bold),
        EntityKind::Italic => Some(StyleKind::Italic),
        EntityKind::Underline => Some(StyleKind::Underline),
        EntityKind::Strikethrough => Some(StyleKind::Strike),
        EntityKind::Spoiler => Some(StyleKind::Spoiler),
        EntityKind::Code => Some(StyleKind::Code),
        EntityKind::Pre { language } => {
            Some(StyleKind::Pre { language: Some(language.clone()).filter(|language| !language.is_empty()) })
        }
        EntityKind::TextLink { url } => Some(StyleKind::Link { url: url.clone() }),
        EntityKind::TextMention { user } => Some(StyleKind::Mention { name: user.id.to_string() }),
        EntityKind::Blockquote | EntityKind::ExpandableBlockquote => Some(StyleKind::Quote),
        EntityKind::CustomEmoji { .. } | EntityKind::DateTime { .. } => None,
    }
}
