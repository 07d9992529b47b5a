//! Events as the rules hand them over, and what the function answers to them.

use serde_json::{Value, json};

/// Event number `number` of a heating that went inactive, in the envelope that the rules select.
#[must_use]
pub fn inactive(number: u32) -> Value {
    reporting(number, &json!({ "temperature": 21.5 }))
}

/// The same with this reading.
#[must_use]
pub fn reporting(number: u32, reading: &Value) -> Value {
    json!({
        "payload": {
            "event_id": format!("01a20694-3550-7cc3-98c4-{number:012}"),
            "device_id": "home-heating",
            "status": "INACTIVE",
            "previous": "ACTIVE",
            "occurred_at": "2026-11-23T04:05:06Z",
            "seq": number,
            "reading": reading,
        },
        "topic": "home/heating/status",
        "client_id": "home-heating",
        "trace_id": format!("5f0c1b2e-8a47-4d19-9c3e-{number:012}"),
        "received_at": 1_795_406_708_000_i64,
    })
}

/// The delivery to `channel` in a report.
#[must_use]
pub fn delivery<'a>(report: &'a Value, channel: &str) -> &'a Value {
    let deliveries = report.get("deliveries").and_then(Value::as_array);
    let found = deliveries.into_iter().flatten().find(|delivery| delivery["channel"] == channel);
    found.unwrap_or_else(|| panic!("no delivery to {channel}: {report:#}"))
}

/// The outcomes of a delivery's attempts, in order.
#[must_use]
pub fn outcomes(delivery: &Value) -> Vec<&str> {
    let attempts = delivery.get("attempts").and_then(Value::as_array);
    attempts.into_iter().flatten().filter_map(|attempt| attempt["outcome"].as_str()).collect()
}
