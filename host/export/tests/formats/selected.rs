//! What a cold rule may have selected.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Text of anybody's.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[=+@'\t\r\n,;\"-]{1,3}[ -~]{0,8}",
        Just(String::new()),
        Just("INACTIVE".to_owned()),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("JSON has only finite numbers", |number| number.is_finite())
            .prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::hash_map(text(), inner, 0..3)
                .prop_map(|map| Value::Object(Map::from_iter(map))),
        ]
    })
}

/// A moment that every column can keep.
fn moment() -> impl Strategy<Value = i64> {
    -60_000_000_000_000_i64..250_000_000_000_000
}

fn payload() -> impl Strategy<Value = Value> {
    let said = (text(), text(), text(), any::<i64>(), moment(), value());
    let whole = said.prop_map(|(device_id, status, previous, seq, at, reading)| {
        let occurred_at = jiff::Timestamp::from_microsecond(at * 1000 + seq.rem_euclid(1000)).unwrap().to_string();
        json!({
            "device_id": device_id, "event_id": format!("{seq:x}"), "status": status, "previous": previous, "seq": seq,
            "occurred_at": occurred_at, "reading": reading,
        })
    });
    prop_oneof![3 => whole, 1 => value()]
}

/// An item as a rule's action writes it, whole or with only its key.
pub(crate) fn item() -> impl Strategy<Value = Map<String, Value>> {
    let envelope = (text(), text(), moment(), payload(), "[A-Za-z0-9+/]{4}");
    let whole = envelope.prop_map(|(client, topic, at, payload, raw)| {
        json!({
            "client_id": client, "trace_id": "t", "topic": topic, "received_at": at, "payload": payload, "raw": raw,
        })
    });
    let bare = text().prop_map(|client| json!({ "client_id": client, "trace_id": "t" }));
    prop_oneof![4 => whole, 1 => bare].prop_map(|item| item.as_object().unwrap().clone())
}
