//! Messages with a card: a coloured bar, title, description, fields.

use campanile_channel::richtext::RichText;
use campanile_channel::text::{is_blank, one_line, truncate};
use campanile_channel::{Notification, Severity};
use serde::Serialize;

use super::{Message, body, fields};
use crate::markdown;
use crate::settings::Overflow;

const TITLE: usize = 256;
const DESCRIPTION: usize = 4096;
const FIELDS: usize = 25;
const NAME: usize = 256;
const VALUE: usize = 1024;
const FOOTER: usize = 256;
/// Over title, description, field names and values, and footer of all embeds of a message.
const TOTAL: usize = 6000;
/// What a description keeps, however many fields there are.
const RESERVED: usize = 1000;
/// Values up to this length stand beside each other.
const SHORT: usize = 40;

/// A card, as the API takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Embed {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) description: String,
    pub(crate) color: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) fields: Vec<Field>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) footer: Option<Footer>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) timestamp: String,
}

/// A named value of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) inline: bool,
}

/// The small text at the bottom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Footer {
    pub(crate) text: String,
}

/// One message with a card; more if the text may be split.
pub(super) fn messages(notification: &Notification, overflow: Overflow) -> Vec<Message> {
    let (title, mut body) = (one_line(&notification.title), body(notification));
    if overflow == Overflow::Split && markdown::escape_line(&title).chars().count() > TITLE {
        body = continued(&title, &body);
    }
    let fields = card_fields(notification, overflow);
    if is_blank(&title) && body.is_blank() && fields.is_empty() {
        return Vec::new();
    }
    let mut cards = Cards::new(notification);
    cards.last.title = fit_line(&title, TITLE);
    match overflow {
        Overflow::Truncate => cards.truncate(&body, fields),
        Overflow::Split => cards.split(&body, fields),
    }
    cards.finish(notification)
}

/// A title that is too long is told in full above the body.
fn continued(title: &str, body: &RichText) -> RichText {
    let mut all = RichText::from_text(title);
    all.push("\n", &[]);
    all.append(body);
    all
}

/// The cards so far; the last is still being filled.
struct Cards {
    full: Vec<Embed>,
    last: Embed,
    footer: Option<Footer>,
}

impl Cards {
    fn new(notification: &Notification) -> Self {
        let text = truncate(&one_line(&notification.device_id), FOOTER);
        let last = Embed { color: color(notification.severity), ..Embed::default() };
        Self { full: Vec::new(), last, footer: (!text.is_empty()).then_some(Footer { text }) }
    }

    /// Everything in one card: the description gives way to fields, down to its first [`RESERVED`] characters.
    fn truncate(&mut self, body: &RichText, fields: Vec<Field>) {
        let reserved = markdown::length(body).min(RESERVED);
        for field in fields.into_iter().take(FIELDS) {
            if field.size() + reserved <= self.room() {
                self.last.fields.push(field);
            }
        }
        let room = self.room().min(DESCRIPTION);
        self.last.description = markdown::write(&body.truncate_by(room, markdown::length));
    }

    /// As many cards as it takes; nothing is lost.
    fn split(&mut self, body: &RichText, fields: Vec<Field>) {
        for (index, piece) in body.split_by(DESCRIPTION, markdown::length).iter().enumerate() {
            if index > 0 {
                self.next();
            }
            self.last.description = markdown::write(piece);
        }
        for field in fields {
            if self.last.fields.len() == FIELDS || field.size() > self.room() {
                self.next();
            }
            self.last.fields.push(field);
        }
    }

    fn next(&mut self) {
        let next = Embed { color: self.last.color, ..Embed::default() };
        self.full.push(std::mem::replace(&mut self.last, next));
    }

    fn room(&self) -> usize {
        let count = |text: &str| text.chars().count();
        let footer = self.footer.as_ref().map_or(0, |footer| count(&footer.text));
        let fields: usize = self.last.fields.iter().map(Field::size).sum();
        TOTAL.saturating_sub(count(&self.last.title) + count(&self.last.description) + fields + footer)
    }

    fn finish(mut self, notification: &Notification) -> Vec<Message> {
        self.last.footer = self.footer;
        self.last.timestamp.clone_from(&notification.occurred_at);
        self.full.push(self.last);
        self.full.into_iter().map(|embed| Message { content: String::new(), embeds: vec![embed] }).collect()
    }
}

impl Field {
    fn size(&self) -> usize {
        self.name.chars().count() + self.value.chars().count()
    }
}

/// The fields, escaped and within their limits; one that may be split goes on under the name `…`.
fn card_fields(notification: &Notification, overflow: Overflow) -> Vec<Field> {
    let mut card_fields = Vec::new();
    for (name, value) in fields(notification) {
        let value = RichText::from_text(&value);
        let pieces = match overflow {
            Overflow::Truncate => vec![value.truncate_by(VALUE, markdown::length)],
            Overflow::Split => value.split_by(VALUE, markdown::length),
        };
        let inline = pieces.len() == 1 && value.len() <= SHORT;
        for (index, piece) in pieces.iter().enumerate() {
            let name = if index == 0 { fit_line(&name, NAME) } else { "…".to_owned() };
            card_fields.push(Field { name, value: markdown::write(piece), inline });
        }
    }
    card_fields
}

/// `line` escaped, and cut so that it fits with the backslashes.
fn fit_line(line: &str, limit: usize) -> String {
    let length = |text: &RichText| markdown::escape_line(&text.to_plain()).chars().count();
    markdown::escape_line(&RichText::styled(line, &[]).truncate_by(limit, length).to_plain())
}

/// Alertmanager's colours (`notify/discord/discord.go`): alert, resolved, anything else.
fn color(severity: Severity) -> u32 {
    match severity {
        Severity::Warning | Severity::Error | Severity::Critical => 0x0099_2D22,
        Severity::Info => 0x002E_CC71,
        Severity::Debug => 0x0095_A5A6,
    }
}
