//! The request: where it goes and what it carries.

use campanile_channel::{Failure, Host, ReferenceError, Request, Severity};
use serde::Serialize;

use crate::render::Message;
use crate::settings::Settings;

/// Who asks, for the log of the server.
const USER_AGENT: &str = concat!("Campanile/", env!("CARGO_PKG_VERSION"));

/// A message, as the server takes it.
#[derive(Serialize)]
struct Payload<'a> {
    topic: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
    message: &'a str,
    priority: u8,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    click: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    markdown: bool,
    sequence_id: &'a str,
}

/// Publishes a message to the topic.
pub(crate) fn publish(
    message: &Message,
    sequence: &str,
    severity: Severity,
    settings: &Settings,
    host: &mut dyn Host,
) -> Result<Request, Failure> {
    let mut headers = vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("user-agent".to_owned(), USER_AGENT.to_owned()),
    ];
    match host.reference("token") {
        Ok(token) => headers.push(("authorization".to_owned(), format!("Bearer {token}"))),
        Err(ReferenceError::Unset) => {}
        Err(error @ ReferenceError::Undeclared) => return Err(error.into()),
    }
    let payload = Payload {
        topic: host.reference("topic")?,
        title: &message.title,
        message: &message.text,
        priority: settings.priority.unwrap_or_else(|| priority(severity)),
        tags: tags(message, severity, settings),
        click: settings.click.as_deref().filter(|_| message.is_rich),
        icon: settings.icon.as_deref().filter(|_| message.is_rich),
        markdown: message.is_markdown,
        sequence_id: sequence,
    };
    let body = serde_json::to_vec(&payload).map_err(|error| Failure::rejected(error.to_string()))?;
    let url = format!("{}/", settings.server.trim_end_matches('/'));
    Ok(Request { method: "POST".to_owned(), url, headers, body, timeout_ms: 0 })
}

/// The tag of the severity, shown as an emoji before the title, and those of the settings.
fn tags<'a>(message: &Message, severity: Severity, settings: &'a Settings) -> Vec<&'a str> {
    if message.is_minimal {
        return Vec::new();
    }
    std::iter::once(symbol(severity)).chain(settings.tags.iter().map(String::as_str)).collect()
}

/// <https://docs.ntfy.sh/publish/#message-priority>: 4 and 5 pop over, 3 makes a sound, 2 and 1 are silent.
fn priority(severity: Severity) -> u8 {
    match severity {
        Severity::Debug => 1,
        Severity::Info => 2,
        Severity::Warning => 3,
        Severity::Error => 4,
        Severity::Critical => 5,
    }
}

/// Names of <https://docs.ntfy.sh/emojis>.
fn symbol(severity: Severity) -> &'static str {
    match severity {
        Severity::Debug => "white_circle",
        Severity::Info => "green_circle",
        Severity::Warning => "yellow_circle",
        Severity::Error => "red_circle",
        Severity::Critical => "rotating_light",
    }
}
