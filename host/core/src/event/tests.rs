use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const NOW: &str = "2026-11-23T04:05:10Z";
const ID: &str = "019aaf3c-7d00-7cc3-98c4-dc0c0c07398f";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn payload() -> Value {
    json!({
        "event_id": ID,
        "device_id": "home-heating",
        "status": "INACTIVE",
        "previous": "ACTIVE",
        "occurred_at": "2026-11-23T05:05:06+01:00",
        "seq": 7,
        "reading": { "flow": 21.5 },
    })
}

fn envelope() -> Value {
    json!({
        "payload": payload(),
        "topic": "home/heating/status",
        "client_id": "home-heating",
        "trace_id": "trace-1",
        "received_at": 1_795_406_708_000_i64,
    })
}

/// The message about an envelope after `change`.
fn refused(change: impl FnOnce(&mut Value)) -> String {
    let mut event = envelope();
    change(&mut event);
    Event::from_value(&event, now()).unwrap_err().to_string()
}

#[test]
fn an_envelope_gives_everything() {
    let event = Event::from_value(&envelope(), now()).unwrap();
    assert_eq!(event.key, ID);
    assert_eq!(event.id.as_deref(), Some(ID));
    assert_eq!((event.device_id.as_str(), event.status.as_str()), ("home-heating", "INACTIVE"));
    assert_eq!(event.previous.as_deref(), Some("ACTIVE"));
    assert_eq!(event.occurred_at, "2026-11-23T04:05:06Z".parse().unwrap());
    assert_eq!(event.received_at, Some("2026-11-23T04:05:08Z".parse().unwrap()));
    assert_eq!((event.seq, event.clock_ahead), (Some(7), false));
    assert_eq!(event.topic.as_deref(), Some("home/heating/status"));
    assert_eq!(event.client_id.as_deref(), Some("home-heating"));
    assert_eq!(serde_json::from_str::<Value>(&event.payload_json).unwrap(), payload());
    assert_eq!(event.age(now()), Duration::from_secs(2));
}

#[test]
fn a_bare_payload_gives_what_the_device_knows() {
    let event = Event::parse(payload().to_string().as_bytes(), now()).unwrap();
    assert_eq!((event.key.as_str(), &event.topic, &event.client_id), (ID, &None, &None));
    assert_eq!(event.age(now()), Duration::from_secs(4));
}

#[test]
fn a_device_cannot_fake_the_envelope() {
    let mut faked = payload();
    faked["client_id"] = "somebody-else".into();
    faked["payload"] = json!({ "device_id": "victim", "status": "INACTIVE" });
    let event = Event::from_value(&json!({ "payload": faked, "client_id": "home-heating" }), now()).unwrap();
    assert_eq!(
        (event.device_id.as_str(), event.client_id.as_deref()),
        ("home-heating", Some("home-heating"))
    );
}

#[test]
fn optional_fields_may_be_missing_or_null() {
    let event = json!({
        "payload": { "device_id": "d", "status": "OFF", "previous": null, "seq": null },
        "client_id": "n/a",
        "trace_id": "t",
    });
    let event = Event::from_value(&event, now()).unwrap();
    assert_eq!((event.key.as_str(), event.client_id, event.previous), ("t", None, None));
    assert_eq!((event.occurred_at, event.clock_ahead), (now(), false), "no clock: the time of receipt");
    assert_eq!(event.received_at, Some(now()), "which is kept");
}

#[test]
fn a_clock_that_is_ahead_is_not_believed() {
    let at = |time: &str| {
        let mut event = envelope();
        event["payload"]["occurred_at"] = time.into();
        let event = Event::from_value(&event, now()).unwrap();
        (event.occurred_at.to_string(), event.clock_ahead)
    };
    assert_eq!(at("2026-11-23T04:10:08Z"), ("2026-11-23T04:10:08Z".into(), false), "exactly 5 minutes");
    assert_eq!(at("2026-11-23T04:10:09Z"), ("2026-11-23T04:05:08Z".into(), true));
    assert_eq!(at("1970-01-01T00:00:00Z"), ("1970-01-01T00:00:00Z".into(), false));
}

#[test]
fn an_event_id_is_the_same_in_either_case() {
    let mut event = payload();
    event["event_id"] = ID.to_uppercase().into();
    assert_eq!(Event::from_value(&event, now()).unwrap().key, ID);
}

#[test]
fn each_defect_has_its_message() {
    type Change = fn(&mut Value);
    let table: &[(Change, &str)] = &[
        (|it| *it = json!([1]), "the event is a list; publish a JSON object"),
        (|it| it["payload"] = "text".into(), "the payload is text; publish a JSON object"),
        (|it| it["payload"]["device_id"] = Value::Null, "`device_id` is missing; send the device's name"),
        (|it| it["payload"]["device_id"] = 5.into(), "`device_id` is a number (`5`); send text"),
        (|it| it["payload"]["device_id"] = "".into(), "`device_id` is empty"),
        (
            |it| it["payload"]["device_id"] = " a".into(),
            "(` a`) has characters that can't be seen or white space",
        ),
        (
            |it| it["payload"]["device_id"] = "a\u{1b}[31m".into(),
            "(`a\\u{1b}[31m`) has characters that can't",
        ),
        (|it| it["payload"]["device_id"] = "a\u{202e}b".into(), "(`a\\u{202e}b`) has characters that can't"),
        (|it| it["payload"]["device_id"] = "я".repeat(65).into(), "`device_id` has 130 bytes ("),
        (
            |it| it["payload"]["device_id"] = "other".into(),
            "is `other`, but client `home-heating` published it",
        ),
        (|it| it["payload"]["status"] = Value::Null, "`status` is missing"),
        (|it| it["payload"]["status"] = "Inactive".into(), "`status` is `Inactive`; send a word of A–Z"),
        (|it| it["payload"]["status"] = "".into(), "`status` is ``; send a word"),
        (|it| it["payload"]["status"] = "1ST".into(), "`status` is `1ST`; send a word"),
        (|it| it["payload"]["previous"] = "a b".into(), "`previous` is `a b`; send a word"),
        (|it| it["payload"]["event_id"] = "7".into(), "`event_id` is `7`; send a UUID"),
        (|it| it["payload"]["event_id"] = "00000000-0000-0000-0000-000000000000".into(), "send a UUID"),
        (|it| it["payload"]["event_id"] = ID.replace('-', "").into(), "send a UUID"),
        (
            |it| it["payload"]["occurred_at"] = "yesterday".into(),
            "`occurred_at` is `yesterday`; send RFC 3339",
        ),
        (|it| it["payload"]["occurred_at"] = "2026-11-23T04:05:06".into(), "send RFC 3339 with an offset"),
        (|it| it["payload"]["occurred_at"] = 5.into(), "`occurred_at` is a number (`5`); send text"),
        (|it| it["payload"]["seq"] = json!(-1), "`seq` is a number (`-1`); send a whole number"),
        (|it| it["payload"]["seq"] = json!("1"), "`seq` is text (`\"1\"`); send a whole number"),
        (|it| it["received_at"] = "now".into(), "`received_at` is text (`\"now\"`); send milliseconds"),
        (
            |it| it["received_at"] = i64::MAX.into(),
            "`received_at` is 9223372036854775807; select `timestamp()",
        ),
        (|it| it["topic"] = "t".repeat(257).into(), "`topic` has 257 bytes"),
        (|it| it["trace_id"] = "a\nb".into(), "`trace_id` (`a\\nb`) has characters"),
    ];
    for (row, (change, message)) in table.iter().enumerate() {
        let refused = refused(change);
        assert!(refused.contains(message), "row {row}: {refused}");
    }
    let nameless = json!({ "device_id": "d", "status": "OFF" });
    assert_eq!(Event::from_value(&nameless, now()), Err(EventError::NoKey));
    assert!(matches!(Event::parse(b"{", now()), Err(EventError::Json(_))));
}

#[test]
fn a_payload_is_as_large_and_as_deep_as_the_platform_takes_it() {
    let with_reading = |reading: Value| {
        let mut event = payload();
        event["reading"] = reading;
        Event::from_value(&event, now())
    };
    let around = payload().to_string().len() - json!({ "flow": 21.5 }).to_string().len() + "\"\"".len();
    assert_eq!(
        with_reading("x".repeat(PAYLOAD_BYTES - around).into()).unwrap().payload_json.len(),
        PAYLOAD_BYTES
    );
    assert_eq!(
        with_reading("x".repeat(PAYLOAD_BYTES - around + 1).into()),
        Err(EventError::TooLarge { bytes: PAYLOAD_BYTES + 1 })
    );
    let nested = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    assert!(with_reading(nested(PAYLOAD_DEPTH - 1)).is_ok());
    assert_eq!(with_reading(nested(PAYLOAD_DEPTH)), Err(EventError::TooDeep));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let key = prop_oneof![
        proptest::sample::select(&[
            "payload",
            "device_id",
            "status",
            "event_id",
            "occurred_at",
            "seq",
            "trace_id"
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    leaf.prop_recursive(4, 32, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Payloads that are mostly events, in an envelope or not.
fn any_event() -> impl Strategy<Value = Value> {
    const TIMES: &[&str] =
        &["2026-11-23T04:05:06.123456789+01:00", "2027-01-01T00:00:00Z", "1970-01-01T00:00:00Z"];
    let time = prop::option::of(proptest::sample::select(TIMES));
    let id = prop::option::of(Just(ID));
    let rest = (prop::option::of(any::<u64>()), any_json(), any::<f64>());
    let received = prop::option::of(0..2_000_000_000_000_i64);
    let outer = prop::option::of((prop::option::of(".{0,40}"), received, any::<bool>()));
    (id, time, rest, outer).prop_map(|(id, time, (seq, reading, number), outer)| {
        let payload = json!({
            "event_id": id, "device_id": "d", "status": "OFF", "occurred_at": time, "seq": seq,
            "reading": reading, "number": number, "payload": { "status": "ON" },
        });
        let Some((topic, received_at, is_client)) = outer else { return payload };
        let client_id = if is_client { "d" } else { "n/a" };
        json!({
            "payload": payload, "topic": topic, "client_id": client_id, "trace_id": "t",
            "received_at": received_at,
        })
    })
}

proptest! {
    #[test]
    fn an_event_that_was_kept_is_the_same_later(value in any_event(), later in 0..1_000_000_000_i64) {
        let read = now() + Duration::from_nanos(123_456_789);
        if let Ok(event) = Event::from_value(&value, read) {
            let kept = event.envelope().to_string();
            let again = Event::parse(kept.as_bytes(), read + Duration::from_secs(later.unsigned_abs()));
            prop_assert_eq!(again, Ok(event));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        if let Ok(event) = Event::parse(&bytes, now()) {
            prop_assert!(!event.key.is_empty() && event.payload_json.len() <= PAYLOAD_BYTES);
        }
    }

    #[test]
    fn any_json_is_read_or_refused_with_a_short_message(value in any_json()) {
        if let Err(error) = Event::from_value(&value, now()) {
            let message = error.to_string();
            prop_assert!(message.len() < 1000, "{message}");
            prop_assert!(!message.chars().any(char::is_control), "{message}");
        }
    }
}
