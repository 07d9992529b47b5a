//! Turns a notification into what people read, within ntfy's limits. Nothing here knows about requests.
//!
//! Limits: <https://docs.ntfy.sh/publish/#limitations>.

use campanile_channel::richtext::{RichText, Style};
use campanile_channel::text::{clean, is_blank, one_line};
use campanile_channel::{Notification, Presentation, TextFormat};

use crate::markdown;
use crate::settings::Settings;

/// Most bytes of a text. A longer one becomes an attachment that people have to open, or is refused.
const TEXT: usize = 4096;
/// Most bytes of a title, which the documentation gives as "1 KB".
const TITLE: usize = 1000;

/// What people see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Message {
    /// Empty if the text says it all.
    pub(crate) title: String,
    /// Never empty: the server would write `triggered`.
    pub(crate) text: String,
    /// Whether the text is Markdown.
    pub(crate) is_markdown: bool,
    /// Whether it may have whatever else the provider offers.
    pub(crate) is_rich: bool,
    /// Whether it has to do without anything but its text.
    pub(crate) is_minimal: bool,
}

/// The message; `None` if there is nothing to read.
pub(crate) fn message(
    notification: &Notification,
    settings: &Settings,
    presentation: Presentation,
) -> Option<Message> {
    let is_rich = presentation == Presentation::Rich;
    let is_minimal = presentation == Presentation::Minimal;
    let write = if is_rich && settings.markdown { markdown::write } else { RichText::to_plain };
    let title = fit(&RichText::styled(&one_line(&notification.title), &[]), TITLE, RichText::to_plain);
    let text = if is_minimal { RichText::default() } else { text(notification, write) };
    let message =
        Message { is_markdown: is_rich && settings.markdown, is_rich, is_minimal, ..Message::default() };
    match (is_blank(&title), text.is_blank()) {
        (true, true) => None,
        (_, false) => Some(Message { title, text: write(&text), ..message }),
        (false, true) => Some(Message { text: write(&RichText::styled(&title, &[])), ..message }),
    }
}

/// How text is written.
type Write = fn(&RichText) -> String;

/// Body and fields. The body gives way first: fields say what happened where.
fn text(notification: &Notification, write: Write) -> RichText {
    let body = match notification.body_format {
        TextFormat::Text => RichText::from_text(notification.body.trim()),
        TextFormat::Html => RichText::from_html(&notification.body),
    };
    let fields = shorten(&fields(notification), TEXT, write);
    if fields.is_blank() {
        return shorten(&body, TEXT, write);
    }
    if body.is_blank() {
        return fields;
    }
    let join = |body: &RichText| {
        let mut all = body.clone();
        all.push("\n\n", &[]);
        all.append(&fields);
        all
    };
    let around = write(&join(&RichText::styled("x", &[]))).len() - 1;
    shorten(&join(&shorten(&body, TEXT.saturating_sub(around), write)), TEXT, write)
}

/// A line for each field that has both name and value.
fn fields(notification: &Notification) -> RichText {
    let mut lines = RichText::default();
    for field in &notification.fields {
        let (name, value) = (one_line(&field.name), clean(&field.value));
        if is_blank(&name) || is_blank(&value) {
            continue;
        }
        lines.push(if lines.is_empty() { "" } else { "\n" }, &[]);
        lines.push(&format!("{name}:"), &[Style::Bold]);
        lines.push(&format!(" {}", value.trim()), &[]);
    }
    lines
}

/// The beginning of a text that takes at most `limit` bytes.
fn shorten(text: &RichText, limit: usize, write: Write) -> RichText {
    text.truncate_by(limit, |text| write(text).len())
}

fn fit(text: &RichText, limit: usize, write: Write) -> String {
    write(&shorten(text, limit, write))
}

#[cfg(test)]
mod tests;
