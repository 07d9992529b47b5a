//! The body: `type`, `timestamp` and `data`, the shape that Standard Webhooks recommends
//! (spec/standard-webhooks.md, "Payload structure").

use campanile_channel::{Failure, Notification, Severity, TextFormat};
use serde::Serialize;
use serde_json::value::RawValue;

#[derive(Serialize)]
struct Payload<'a> {
    r#type: &'static str,
    timestamp: &'a str,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    event_id: &'a str,
    device_id: &'a str,
    status: &'a str,
    severity: &'static str,
    title: &'a str,
    body: &'a str,
    body_format: &'static str,
    occurred_at: &'a str,
    fields: Vec<Field<'a>>,
    event: &'a RawValue,
}

#[derive(Serialize)]
struct Field<'a> {
    name: &'a str,
    value: &'a str,
}

/// The notification as JSON, with the event as the device sent it.
pub(crate) fn write(notification: &Notification) -> Result<Vec<u8>, Failure> {
    let invalid = |error: serde_json::Error| Failure::rejected(format!("event is not JSON: {error}"));
    let data = Data {
        event_id: &notification.event_id,
        device_id: &notification.device_id,
        status: &notification.status,
        severity: severity(notification.severity),
        title: &notification.title,
        body: &notification.body,
        body_format: match notification.body_format {
            TextFormat::Text => "text",
            TextFormat::Html => "html",
        },
        occurred_at: &notification.occurred_at,
        fields: notification
            .fields
            .iter()
            .map(|field| Field { name: &field.name, value: &field.value })
            .collect(),
        event: serde_json::from_str(&notification.event_json).map_err(invalid)?,
    };
    let payload = Payload { r#type: "device.status", timestamp: &notification.occurred_at, data };
    serde_json::to_vec(&payload).map_err(invalid)
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Debug => "debug",
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
        Severity::Critical => "critical",
    }
}
