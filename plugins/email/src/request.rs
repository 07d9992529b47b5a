//! The request: where it goes and what it carries.
//!
//! Format: <https://resend.com/docs/api-reference/emails/send-email>.

use campanile_channel::{Failure, Host, Notification, Request, Severity};
use serde::Serialize;

use crate::render::Email;
use crate::settings::Settings;

/// Requests without one are refused (error 1010, <https://resend.com/docs/api-reference/introduction>).
const USER_AGENT: &str = concat!("Campanile/", env!("CARGO_PKG_VERSION"));
/// Most characters of a tag's value.
const TAG: usize = 256;

/// An e-mail, as the API takes it.
#[derive(Serialize)]
struct Payload<'a> {
    from: &'a str,
    to: [&'a str; 1],
    subject: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<&'a str>,
    text: &'a str,
    headers: Headers,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<Tag>,
}

/// Headers of the e-mail itself.
#[derive(Serialize)]
struct Headers {
    /// RFC 3834: nobody's absence is told to a machine.
    #[serde(rename = "Auto-Submitted")]
    auto_submitted: &'static str,
    /// RFC 2156: what mail programs show with an exclamation mark.
    #[serde(rename = "Importance", skip_serializing_if = "Option::is_none")]
    importance: Option<&'static str>,
}

/// What Resend's page of e-mails can be searched by.
#[derive(Serialize)]
struct Tag {
    name: &'static str,
    value: String,
}

/// Sends an e-mail once for each key.
pub(crate) fn send(
    email: &Email,
    key: &str,
    notification: &Notification,
    settings: &Settings,
    host: &mut dyn Host,
) -> Result<Request, Failure> {
    let payload = Payload {
        from: &settings.from,
        to: [&settings.to],
        subject: &email.subject,
        reply_to: settings.reply_to.as_deref(),
        html: email.html.as_deref(),
        text: &email.text,
        headers: Headers { auto_submitted: "auto-generated", importance: importance(notification.severity) },
        tags: if email.is_rich { tags(notification) } else { Vec::new() },
    };
    let header = |name: &str, value: String| (name.to_owned(), value);
    let headers = vec![
        header("content-type", "application/json".to_owned()),
        header("user-agent", USER_AGENT.to_owned()),
        header("authorization", format!("Bearer {}", host.reference("api-key")?)),
        header("idempotency-key", key.to_owned()),
    ];
    let body = serde_json::to_vec(&payload).map_err(|error| Failure::rejected(error.to_string()))?;
    let url = format!("{}/emails", settings.api_url.trim_end_matches('/'));
    Ok(Request { method: "POST".to_owned(), url, headers, body, timeout_ms: 0 })
}

fn importance(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical | Severity::Error => Some("high"),
        Severity::Warning | Severity::Info => None,
        Severity::Debug => Some("low"),
    }
}

/// Severity and device, with no characters but those that a tag may have.
fn tags(notification: &Notification) -> Vec<Tag> {
    let severity = match notification.severity {
        Severity::Debug => "debug",
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
        Severity::Critical => "critical",
    };
    let allowed = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
    let device = notification.device_id.chars().take(TAG);
    let device: String = device.map(|character| if allowed(character) { character } else { '_' }).collect();
    let tags = [Tag { name: "severity", value: severity.to_owned() }, Tag { name: "device", value: device }];
    tags.into_iter().filter(|tag| !tag.value.is_empty()).collect()
}
