//! Messages without a card: title, body and fields as lines of text.

use campanile_channel::Notification;
use campanile_channel::richtext::{RichText, Style};
use campanile_channel::text::one_line;

use super::{Message, body, fields};
use crate::markdown;
use crate::settings::Overflow;

/// The title in bold, the body with its markup, field names in bold.
pub(super) fn rich(notification: &Notification, overflow: Overflow, limit: usize) -> Vec<Message> {
    write(&Lines::new(notification, body(notification), &[Style::Bold]), overflow, limit)
}

/// The same without any markup.
pub(super) fn plain(notification: &Notification, overflow: Overflow, limit: usize) -> Vec<Message> {
    let body = RichText::from_text(&body(notification).to_plain());
    write(&Lines::new(notification, body, &[]), overflow, limit)
}

/// Just the title.
pub(super) fn minimal(notification: &Notification, limit: usize) -> Vec<Message> {
    let lines = Lines { title: title(notification, &[]), ..Lines::default() };
    write(&lines, Overflow::Truncate, limit)
}

#[derive(Default)]
struct Lines {
    title: RichText,
    body: RichText,
    fields: RichText,
}

impl Lines {
    fn new(notification: &Notification, body: RichText, names: &[Style]) -> Self {
        let mut lines = RichText::default();
        for (name, value) in fields(notification) {
            if !lines.is_empty() {
                lines.push("\n", &[]);
            }
            lines.push(&format!("{name}:"), names);
            lines.push(&format!(" {value}"), &[]);
        }
        Self { title: title(notification, names), body, fields: lines }
    }

    fn with_body(&self, body: &RichText) -> RichText {
        let mut all = RichText::default();
        for part in [&self.title, body, &self.fields] {
            if part.is_blank() {
                continue;
            }
            if !all.is_empty() {
                all.push("\n", &[]);
            }
            all.append(part);
        }
        all
    }
}

fn title(notification: &Notification, styles: &[Style]) -> RichText {
    RichText::styled(&one_line(&notification.title), styles)
}

fn write(lines: &Lines, overflow: Overflow, limit: usize) -> Vec<Message> {
    let all = lines.with_body(&lines.body);
    let pieces = match overflow {
        Overflow::Split => all.split_by(limit, markdown::length),
        Overflow::Truncate => vec![truncated(lines, all, limit)],
    };
    let written = pieces.iter().filter(|piece| !piece.is_blank()).map(markdown::write);
    written.map(|content| Message { content, embeds: Vec::new() }).collect()
}

/// The body gives way first: title and fields say what happened where.
fn truncated(lines: &Lines, all: RichText, limit: usize) -> RichText {
    if markdown::length(&all) <= limit {
        return all;
    }
    let around = markdown::length(&lines.with_body(&RichText::styled("x", &[]))) - 1;
    let body = lines.body.truncate_by(limit.saturating_sub(around), markdown::length);
    lines.with_body(&body).truncate_by(limit, markdown::length)
}
