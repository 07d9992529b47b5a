//! The HTML part: a coloured bar, the title, the body, a table of fields, and what it is about in small letters.

use campanile_channel::text::{one_line, truncate};
use campanile_channel::{Notification, Severity};

use super::{Content, SUBJECT};
use crate::html::{self, escape};

/// Most code points of the device's name.
const DEVICE: usize = 100;

/// The part. Styles stand at the tags, because mail programs drop style sheets.
pub(super) fn write(title: &str, content: &Content, notification: &Notification) -> String {
    let rows: String = content.fields.iter().map(|(name, value)| row(name, value)).collect();
    let body = if content.body.is_blank() {
        String::new()
    } else {
        format!("<div style=\"margin:0 0 12px\">{}</div>", html::write(&content.body))
    };
    let table = if rows.is_empty() {
        String::new()
    } else {
        format!("<table style=\"border-collapse:collapse;margin:0 0 12px\">{rows}</table>")
    };
    let device = truncate(&one_line(&notification.device_id), DEVICE);
    format!(
        "<div style=\"border-left:4px solid {color};padding:4px 0 4px 12px;font-family:sans-serif\">\
         <h1 style=\"font-size:18px;margin:0 0 12px\">{title}</h1>{body}{table}\
         <div style=\"color:#666;font-size:12px\">{device} &middot; {time}</div></div>",
        color = color(notification.severity),
        title = escape(&truncate(title, SUBJECT)),
        device = escape(&device),
        time = escape(&notification.occurred_at),
    )
}

fn row(name: &str, value: &str) -> String {
    let value = escape(value).replace('\n', "<br>");
    format!(
        "<tr><td style=\"color:#666;padding:2px 12px 2px 0;vertical-align:top\">{}</td><td>{value}</td></tr>",
        escape(name)
    )
}

/// Readable on white, and told apart by those who don't see red and green as others do.
fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Debug => "#95a5a6",
        Severity::Info => "#2e8b57",
        Severity::Warning => "#e6a700",
        Severity::Error => "#c0392b",
        Severity::Critical => "#7b0f1c",
    }
}
