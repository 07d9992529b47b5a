//! What people read in Telegram, and how it is written: a line with the title, the body, a line for each field.

mod html;
mod markdown;

use campanile_channel::richtext::{RichText, Style};
use campanile_channel::{Notification, Presentation, Severity, TextFormat, text};

use crate::settings::{Overflow, ParseMode};

/// Code points that a message may have, without its markup: `message_text_length_max` of the server.
const MAX_TEXT: usize = 4096;

/// A text as the Bot API takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) text: String,
    pub(crate) parse_mode: Option<&'static str>,
}

/// The messages that show `notification`; none if there is nothing to read.
pub(crate) fn messages(
    notification: &Notification,
    presentation: Presentation,
    parse_mode: ParseMode,
    overflow: Overflow,
) -> Vec<Message> {
    let parse_mode = if presentation == Presentation::Rich { parse_mode } else { ParseMode::None };
    let Some(draft) = Draft::of(notification, presentation) else { return Vec::new() };
    let texts = match overflow {
        Overflow::Truncate => vec![draft.within(MAX_TEXT)],
        Overflow::Split => draft.whole().split(MAX_TEXT),
    };
    texts.iter().map(|text| write(text, parse_mode)).collect()
}

/// The parts of a text, from top to bottom.
#[derive(Default)]
struct Draft {
    head: RichText,
    body: RichText,
    tail: RichText,
}

impl Draft {
    /// `None` if there is nothing to read.
    fn of(notification: &Notification, presentation: Presentation) -> Option<Self> {
        let title = text::one_line(&notification.title);
        if presentation == Presentation::Minimal {
            let head = RichText::styled(&title, &[]);
            return (!head.is_blank()).then(|| Self { head, ..Self::default() });
        }
        let body = match notification.body_format {
            TextFormat::Text => RichText::from_text(notification.body.trim()),
            TextFormat::Html => headings_as_bold(&RichText::from_html(&notification.body)),
        };
        if text::is_blank(&title) && body.is_blank() && notification.fields.is_empty() {
            return None;
        }
        let mut draft =
            Self { head: RichText::styled(symbol(notification.severity), &[]), ..Self::default() };
        draft.head.push(" ", &[]);
        draft.head.push(&title, &[Style::Bold]);
        if !body.is_blank() {
            draft.body.push(if text::is_blank(&title) { "" } else { "\n" }, &[]);
            draft.body.append(&body);
        }
        draft.add_fields(notification);
        Some(draft)
    }

    fn add_fields(&mut self, notification: &Notification) {
        for (number, field) in notification.fields.iter().enumerate() {
            let apart = number == 0 && !self.body.is_empty();
            self.tail.push(if apart { "\n\n" } else { "\n" }, &[]);
            self.tail.push(&format!("{}:", text::one_line(&field.name)), &[Style::Bold]);
            self.tail.push(&format!(" {}", text::one_line(&field.value)), &[]);
        }
    }

    fn whole(&self) -> RichText {
        let mut whole = self.head.clone();
        whole.append(&self.body);
        whole.append(&self.tail);
        whole
    }

    /// At most `limit` code points: the body gives way first, then the fields, then the title.
    fn within(&self, limit: usize) -> RichText {
        let head = self.head.truncate(limit);
        let tail = self.tail.truncate(limit - head.len());
        let body = self.body.truncate(limit - head.len() - tail.len());
        Self { head, body, tail }.whole()
    }
}

/// What an eye half open tells apart.
fn symbol(severity: Severity) -> &'static str {
    match severity {
        Severity::Debug => "⚪",
        Severity::Info => "🟢",
        Severity::Warning => "🟡",
        Severity::Error => "🔴",
        Severity::Critical => "🚨",
    }
}

/// Telegram has no headings, and bold within bold would end it in MarkdownV2.
fn headings_as_bold(text: &RichText) -> RichText {
    let mut bold = RichText::default();
    for run in text.runs() {
        let styles: Vec<Style> = run
            .styles
            .iter()
            .map(|style| if *style == Style::Heading { Style::Bold } else { style.clone() })
            .collect();
        bold.push(&run.text, &styles);
    }
    bold
}

fn write(text: &RichText, parse_mode: ParseMode) -> Message {
    match parse_mode {
        ParseMode::Html => Message { text: html::write(text), parse_mode: Some("HTML") },
        ParseMode::MarkdownV2 => Message { text: markdown::write(text), parse_mode: Some("MarkdownV2") },
        ParseMode::None => Message { text: text.to_plain(), parse_mode: None },
    }
}
