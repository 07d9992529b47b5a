//! The event, and what the two services get of it: the documents that Campanile's plugins make.

use serde::Deserialize;
use serde_json::{Value, json};

/// Discord's colour of what is critical.
const COLOR: u32 = 10_038_562;

/// What the rule selects.
#[derive(Deserialize)]
pub(crate) struct Envelope {
    pub(crate) payload: Transition,
}

/// What the device sends.
#[derive(Deserialize)]
pub(crate) struct Transition {
    device_id: String,
    status: String,
    previous: String,
    occurred_at: String,
    reading: Value,
}

impl Transition {
    fn title(&self) -> String {
        format!("{}: {}", self.device_id, self.status)
    }

    fn text(&self) -> String {
        let Self { device_id, status, previous, occurred_at, .. } = self;
        format!("{device_id} changed from {previous} to {status} at {occurred_at}.")
    }

    pub(crate) fn telegram(&self, chat_id: &str) -> Value {
        let text = format!(
            "🚨 <b>{}</b>\n{}\n\n<b>Previous:</b> {}\n<b>Reading:</b> {}\n<b>Time:</b> {}",
            escaped(&self.title()),
            escaped(&self.text()),
            escaped(&self.previous),
            escaped(&self.reading.to_string()),
            escaped(&self.occurred_at),
        );
        json!({
            "chat_id": chat_id,
            "text": text,
            "parse_mode": "HTML",
            "link_preview_options": { "is_disabled": true },
        })
    }

    pub(crate) fn discord(&self) -> Value {
        let field = |name, value: &str, inline| json!({ "name": name, "value": value, "inline": inline });
        json!({
            "allowed_mentions": { "parse": [] },
            "embeds": [{
                "color": COLOR,
                "title": self.title(),
                "description": self.text(),
                "fields": [
                    field("Previous", &self.previous, true),
                    field("Reading", &self.reading.to_string(), true),
                    field("Time", &self.occurred_at, true),
                ],
                "footer": { "text": self.device_id },
                "timestamp": self.occurred_at,
            }],
        })
    }
}

/// For Telegram, which refuses what is no HTML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
