//! Turns a notification into an e-mail. Nothing here knows about requests.

mod page;

use campanile_channel::richtext::RichText;
use campanile_channel::text::{clean, is_blank, one_line, truncate};
use campanile_channel::{Notification, Presentation, TextFormat};

use crate::html;
use crate::settings::{Format, Settings};

/// Most code points of a subject: nobody sees more, and a header of this length passes everywhere.
const SUBJECT: usize = 250;
/// Most bytes of each part. Gmail hides what comes after 102 KB.
const PART: usize = 100_000;
/// Of which the body has at most so many, however it is written.
const BODY: usize = 60_000;
/// Most fields that are told.
const FIELDS: usize = 30;
/// Most bytes of a field's name or value as HTML, so that all of them and the body fit into a part.
const FIELD: usize = 500;

/// What people read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Email {
    pub(crate) subject: String,
    pub(crate) text: String,
    /// The same with markup.
    pub(crate) html: Option<String>,
    /// Whether it may have whatever else the provider offers.
    pub(crate) is_rich: bool,
}

/// The e-mail; `None` if there is nothing to read.
pub(crate) fn email(
    notification: &Notification,
    settings: &Settings,
    presentation: Presentation,
) -> Option<Email> {
    let title = one_line(&notification.title);
    let content = match presentation {
        Presentation::Minimal => Content::default(),
        Presentation::Rich | Presentation::Plain => Content::of(notification),
    };
    if is_blank(&title) && content.is_blank() {
        return None;
    }
    let is_rich = presentation == Presentation::Rich;
    let with_html = is_rich && settings.format == Format::Html;
    Some(Email {
        subject: subject(&title, notification, settings),
        text: if content.is_blank() { fit(&title) } else { content.to_text(&title) },
        html: with_html.then(|| page::write(&title, &content, notification)),
        is_rich,
    })
}

/// A subject is never empty: the provider refuses that.
fn subject(title: &str, notification: &Notification, settings: &Settings) -> String {
    let fallback = format!("{}: {}", notification.device_id, notification.status);
    let words = if is_blank(title) { one_line(&fallback) } else { title.to_owned() };
    truncate(one_line(&format!("{} {words}", settings.subject_prefix)).trim(), SUBJECT)
}

/// A line as text of its own.
fn fit(line: &str) -> String {
    RichText::styled(line, &[]).truncate_by(PART, |text| text.to_plain().len()).to_plain()
}

/// What stands below the title.
#[derive(Debug, Default)]
struct Content {
    body: RichText,
    /// Names and values that have something to see.
    fields: Vec<(String, String)>,
}

impl Content {
    fn of(notification: &Notification) -> Self {
        let body = match notification.body_format {
            TextFormat::Text => RichText::from_text(notification.body.trim()),
            TextFormat::Html => RichText::from_html(&notification.body),
        };
        let short = |text: &str| {
            let measure = |text: &RichText| html::write(text).len();
            RichText::styled(text.trim(), &[]).truncate_by(FIELD, measure).to_plain()
        };
        let fields = notification.fields.iter();
        let fields = fields.map(|field| (short(&one_line(&field.name)), short(&clean(&field.value))));
        Self {
            body: body.truncate_by(BODY, |text| html::write(text).len()),
            fields: fields.filter(|(name, value)| !is_blank(name) && !is_blank(value)).take(FIELDS).collect(),
        }
    }

    fn is_blank(&self) -> bool {
        self.body.is_blank() && self.fields.is_empty()
    }

    /// Title, body and fields as plain text, apart from each other by an empty line.
    fn to_text(&self, title: &str) -> String {
        let fields: Vec<String> =
            self.fields.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let title = truncate(title, SUBJECT);
        let parts = [title, self.body.to_plain(), fields.join("\n")];
        parts.into_iter().filter(|part| !is_blank(part)).collect::<Vec<_>>().join("\n\n")
    }
}

#[cfg(test)]
mod tests;
