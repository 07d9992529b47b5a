//! From news to what people read. Something readable always comes out, whatever the templates do.

mod cut;
mod summary;
mod words;

use jiff::Timestamp;
use minijinja::Value;

use crate::event::Event;
use crate::notification::{Field, Notification, TextFormat};
use crate::route::Route;
use crate::template::{self, Template, utc};
use crate::text::{one_line, shorten};
use crate::transition::News;
pub use cut::{BODY_BYTES, TITLE_BYTES};

/// Largest value of a field, in bytes: a few lines on a phone.
const FIELD_BYTES: usize = 512;

/// A notification, and what went wrong in making it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedNotification {
    /// What people read.
    pub notification: Notification,
    /// For the operator, one line each.
    pub problems: Vec<String>,
}

impl Route {
    /// Renders `news` of `event`, the device's latest, as this route wants it; `now` is when it is told.
    ///
    /// The route's templates are about what is bad; that it is over, or changes to and fro, is told in built-in words. A
    /// template that fails is a problem to report, never a lost alert: the built-in text takes its place.
    #[must_use]
    pub fn render(&self, event: &Event, news: &News, now: Timestamp) -> RenderedNotification {
        let mut problems = Vec::new();
        let (title, body) = match words::suffix(&news.kind) {
            Some(suffix) => {
                let (title, body) = self.run_templates(event, news, now, &mut problems);
                (title.map(|title| (title, suffix)), body)
            }
            None => (None, None),
        };
        let (title, suffix) = title.unwrap_or_else(|| words::title(news));
        let (body, body_format) = match body {
            Some(body) => (cut::body(&body, self.format), self.format),
            None => (cut::line(&words::body(event, news)), TextFormat::Text),
        };
        let notification = Notification {
            event_id: news.event.clone(),
            device_id: news.device_id.clone(),
            status: news.status.clone(),
            severity: news.severity,
            title: cut::title(&title, &suffix),
            body,
            body_format,
            occurred_at: news.occurred_at.to_string(),
            fields: fields(event),
            event_json: event.payload_json.clone(),
        };
        RenderedNotification { notification, problems }
    }

    /// What the templates for title and body give, as far as there are any.
    fn run_templates(
        &self,
        event: &Event,
        news: &News,
        now: Timestamp,
        problems: &mut Vec<String>,
    ) -> (Option<String>, Option<String>) {
        if self.title.is_none() && self.body.is_none() {
            return (None, None);
        }
        let context = template::news_context(event, news, now);
        let mut run = |template: &Template, what| self.run(template, what, &context, problems);
        let title = self.title.as_ref().and_then(|title| run(title, "title"));
        (title, self.body.as_ref().and_then(|body| run(body, "body")))
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

#[cfg(test)]
mod tests;
