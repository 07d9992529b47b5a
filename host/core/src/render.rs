//! From an event to what people read. Something readable always comes out, whatever the templates do.

use std::cell::LazyCell;

use jiff::Timestamp;
use minijinja::Value;

use crate::duration;
use crate::event::Event;
use crate::notification::{Field, Notification, Severity, TextFormat};
use crate::route::Route;
use crate::template::{self, Template, utc};
use crate::text::{one_line, shorten};

/// Largest title, in bytes.
pub const TITLE_BYTES: usize = 8 * 1024;

/// Largest body, in bytes.
pub const BODY_BYTES: usize = 64 * 1024;

/// Largest value of a field, in bytes: a few lines on a phone.
const FIELD_BYTES: usize = 512;

/// The status that the hot path is about.
const ALERT: &str = "INACTIVE";

/// A notification, and what went wrong in making it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedNotification {
    /// What people read.
    pub notification: Notification,
    /// For the operator, one line each.
    pub problems: Vec<String>,
}

impl Route {
    /// Renders `event` as this route wants it; `now` is the time of receipt unless the event has one.
    ///
    /// A template that fails is a problem to report, never a lost alert: the built-in text takes its place.
    #[must_use]
    pub fn render(&self, event: &Event, now: Timestamp) -> RenderedNotification {
        let context = LazyCell::new(|| template::context(event, now));
        let mut problems = Vec::new();
        let mut run = |template: &Template, what| self.run(template, what, &context, &mut problems);
        let title = self.title.as_ref().and_then(|title| run(title, "title"));
        let body = self.body.as_ref().and_then(|body| run(body, "body"));
        let age = event.age(now);
        let is_stale = age > self.max_age;
        let suffix = if is_stale { format!(" ({} ago)", duration::rough(age)) } else { String::new() };
        let severity = self.severity.unwrap_or_else(|| default_severity(event));
        let (body, body_format) = match body {
            Some(body) => (capped_body(&body, self.format), self.format),
            None => (default_body(event), TextFormat::Text),
        };
        let notification = Notification {
            event_id: event.key.clone(),
            device_id: event.device_id.clone(),
            status: event.status.clone(),
            severity: if is_stale { severity.min(Severity::Warning) } else { severity },
            title: capped_title(&title.unwrap_or_else(|| default_title(event)), &suffix),
            body,
            body_format,
            occurred_at: event.occurred_at.to_string(),
            fields: fields(event),
            event_json: event.payload_json.clone(),
        };
        RenderedNotification { notification, problems }
    }

    /// What `template` gives; `None` if that is nothing to read.
    fn run(
        &self,
        template: &Template,
        what: &str,
        context: &Value,
        problems: &mut Vec<String>,
    ) -> Option<String> {
        let mut report = |problem: &str| problems.push(format!("route `{}`: {what}: {problem}", self.name));
        let rendered = template
            .render(context)
            .map_err(|error| report(&format!("{error}; the built-in text takes its place")))
            .ok()?;
        if let Some(note) = rendered.note {
            report(&note);
        }
        if rendered.text.trim().is_empty() {
            report("nothing was rendered; the built-in text takes its place");
            return None;
        }
        Some(rendered.text)
    }
}

fn default_severity(event: &Event) -> Severity {
    if event.status == ALERT { Severity::Error } else { Severity::Info }
}

fn default_title(event: &Event) -> String {
    format!("{}: {}", event.device_id, event.status)
}

/// What somebody wants to know who has just been woken: what changed, and when.
fn default_body(event: &Event) -> String {
    let time = utc(event.occurred_at);
    let clock =
        if event.clock_ahead { " This is when it was received: the device's clock is ahead." } else { "" };
    match &event.previous {
        Some(previous) => {
            format!("{} changed from {previous} to {} at {time}.{clock}", event.device_id, event.status)
        }
        None => format!("{} reported {} at {time}.{clock}", event.device_id, event.status),
    }
}

fn fields(event: &Event) -> Vec<Field> {
    let reading = match &event.reading {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        reading => Some(reading.to_string()),
    };
    let time = Some(utc(event.occurred_at));
    [("Previous", event.previous.clone()), ("Reading", reading), ("Time", time)]
        .into_iter()
        .filter_map(|(name, value)| Some((name, shorten(&one_line(&value?), FIELD_BYTES))))
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| Field { name: name.to_owned(), value })
        .collect()
}

fn capped_title(title: &str, suffix: &str) -> String {
    let room = TITLE_BYTES.saturating_sub(suffix.len());
    format!("{}{suffix}", shorten(&one_line(title), room))
}

fn capped_body(body: &str, format: TextFormat) -> String {
    let capped = shorten(body, BODY_BYTES);
    match format {
        TextFormat::Html if capped.len() < body.len() => without_cut_markup(&capped),
        _ => capped,
    }
}

/// HTML that was cut, without the piece of a tag or character reference at its end; `…` stays last.
fn without_cut_markup(html: &str) -> String {
    // The longest reference in HTML's list, `&CounterClockwiseContourIntegral;`, has 33 characters.
    const LONGEST_REFERENCE: usize = 33;
    let text = html.trim_end_matches('…');
    let last = |mark: char| text.rfind(mark);
    let tag = last('<').filter(|start| last('>').is_none_or(|end| end < *start));
    let reference = last('&')
        .filter(|start| last(';').is_none_or(|end| end < *start) && text.len() - start < LONGEST_REFERENCE);
    let end = tag.into_iter().chain(reference).min().unwrap_or(text.len());
    format!("{}…", text.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests;
