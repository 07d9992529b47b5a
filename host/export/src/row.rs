//! An event as a row. Devices are free in what they send, and a template in what its rule selects; so a column is empty where there
//! is nothing of its type, and `payload` and `raw` have what there was.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Map, Value};

/// The columns, in their order in every format.
pub const COLUMNS: [&str; 13] = [
    "received_at",
    "occurred_at",
    "device",
    "device_id",
    "event_id",
    "trace_id",
    "topic",
    "status",
    "previous",
    "seq",
    "reading",
    "payload",
    "raw",
];

/// An event, one field for each of [`COLUMNS`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row<'e> {
    /// When the rule saw it, to the millisecond.
    pub received_at: Option<Timestamp>,
    /// When it happened, as the device said.
    pub occurred_at: Option<Timestamp>,
    /// The MQTT client that published it: the device, if it keeps to its policy.
    pub device: Option<&'e str>,
    /// The device, as it said itself.
    pub device_id: Option<&'e str>,
    /// The device's id of the transition, the same however often it was sent.
    pub event_id: Option<&'e str>,
    /// The broker's id of the message.
    pub trace_id: Option<&'e str>,
    /// Where it was published.
    pub topic: Option<&'e str>,
    /// The status that it changed to, as the device said.
    pub status: Option<&'e str>,
    /// The status that it changed from, as the device said.
    pub previous: Option<&'e str>,
    /// The device's count of transitions.
    pub seq: Option<i64>,
    /// What the device measured.
    pub reading: Option<&'e Value>,
    /// All that the device sent; none if it was not JSON.
    pub payload: Option<&'e Value>,
    /// The bytes that were published.
    pub raw: Option<Vec<u8>>,
}

impl<'e> Row<'e> {
    /// The row of what the cold rule selected.
    #[must_use]
    pub fn of(selected: &'e Map<String, Value>) -> Self {
        let column = |name| selected.get(name).and_then(Value::as_str);
        let payload = selected.get("payload");
        let said = |name| payload.and_then(|payload| payload.get(name));
        let text = |name| said(name).and_then(Value::as_str);
        let received_at = selected.get("received_at").and_then(Value::as_i64);
        Self {
            received_at: received_at.and_then(|at| Timestamp::from_millisecond(at).ok()),
            occurred_at: text("occurred_at").and_then(|at| at.parse().ok()),
            device: column("client_id"),
            device_id: text("device_id"),
            event_id: text("event_id"),
            trace_id: column("trace_id"),
            topic: column("topic"),
            status: text("status"),
            previous: text("previous"),
            seq: said("seq").and_then(Value::as_i64),
            reading: said("reading"),
            payload,
            raw: column("raw").and_then(|raw| STANDARD.decode(raw).ok()),
        }
    }

    /// The bytes that were published, in base64.
    pub(crate) fn raw_text(&self) -> Option<String> {
        self.raw.as_ref().map(|raw| STANDARD.encode(raw))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_is_what_rule_and_device_say() {
        let selected = json!({
            "received_at": 1_795_406_708_123_i64, "client_id": "c", "trace_id": "t", "topic": "home/c", "raw": "/w==",
            "payload": { "device_id": "d", "event_id": "e", "status": "INACTIVE", "previous": "ACTIVE", "seq": 41,
                "occurred_at": "2026-11-23T05:05:06.5+01:00", "reading": { "flow": 0.5 } },
        });
        let row = Row::of(selected.as_object().unwrap());
        let at = |text: &str| text.parse().ok();
        assert_eq!(row.received_at, at("2026-11-23T04:05:08.123Z"));
        assert_eq!(row.occurred_at, at("2026-11-23T04:05:06.5Z"));
        assert_eq!((row.device, row.device_id), (Some("c"), Some("d")));
        assert_eq!((row.event_id, row.trace_id, row.topic), (Some("e"), Some("t"), Some("home/c")));
        assert_eq!((row.status, row.previous, row.seq), (Some("INACTIVE"), Some("ACTIVE"), Some(41)));
        assert_eq!(row.reading, Some(&json!({ "flow": 0.5 })));
        assert_eq!((row.payload, row.raw), (selected.get("payload"), Some(vec![0xff])));
    }

    #[test]
    fn what_has_another_type_is_in_the_payload_alone() {
        let payload =
            json!({ "status": 5, "seq": 1.5, "occurred_at": "today", "previous": null, "reading": null });
        let selected =
            json!({ "client_id": "c", "received_at": "now", "raw": "no base64", "payload": payload });
        let row = Row::of(selected.as_object().unwrap());
        let expected =
            Row { device: Some("c"), payload: Some(&payload), reading: Some(&Value::Null), ..Row::default() };
        assert_eq!(row, expected);
        let text = json!({ "payload": "INACTIVE" });
        assert_eq!(Row::of(text.as_object().unwrap()).status, None);
    }
}
