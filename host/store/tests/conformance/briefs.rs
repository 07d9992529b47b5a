//! What the deliveries of tests and benchmarks tell.

use campanile_core::ledger::{Brief, Told};
use campanile_core::notification::{Field, Notification, Severity, TextFormat};

/// A brief of a usual size that tells its title.
pub(crate) fn brief(title: &str) -> Brief {
    let (device, event) = ("home-heating", "0192f3a4-7b1c-7def-8123-456789abcdef");
    let field = |name: &str, value: &str| Field { name: name.into(), value: value.into() };
    let notification = Notification {
        event_id: event.into(),
        device_id: device.into(),
        status: "INACTIVE".into(),
        severity: Severity::Error,
        title: title.into(),
        body: "The heating \u{1F525} has gone off.\nIt was on for <b>2 h</b>.".into(),
        body_format: TextFormat::Html,
        occurred_at: "2026-11-24T04:05:09Z".into(),
        fields: vec![field("Previous", "ACTIVE"), field("Seen", "12 s ago")],
        event_json: format!(
            r#"{{"event_id":"{event}","device_id":"{device}","status":"INACTIVE","previous":"ACTIVE","seq":4711}}"#
        ),
    };
    let told = Told { device: device.into(), news: event.into() };
    Brief {
        notification,
        route: "heating".into(),
        tells: vec![told],
        earlier: None,
        after: None,
        received_at: None,
    }
}
