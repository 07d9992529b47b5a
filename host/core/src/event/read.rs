//! Reading an event out of JSON: envelope or bare payload, field by field.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{CLOCK_TOLERANCE, Event, EventError, PAYLOAD_BYTES, PAYLOAD_DEPTH};
use crate::text::{is_invisible, quoted};

/// Longest device id and client id, in bytes: the limit of AWS for client ids and thing names.
const NAME_BYTES: usize = 128;
/// Longest status and id, in bytes. A UUID has 36; a longer status is no word.
const WORD_BYTES: usize = 64;
/// Longest topic, in bytes: the limit of AWS.
const TOPIC_BYTES: usize = 256;

/// What the rule says of a message, apart from its payload.
#[derive(Default)]
struct Envelope {
    topic: Option<String>,
    client_id: Option<String>,
    trace_id: Option<String>,
    received_at: Option<Timestamp>,
}

pub(super) fn event(value: &Value, now: Timestamp) -> Result<Event, EventError> {
    let outer = object("event", value)?;
    // Without an envelope nobody vouches for topic and client, so nothing is read from the device's word.
    let (envelope, payload) = match outer.get("payload") {
        Some(payload) if !outer.contains_key("device_id") => (envelope(outer)?, object("payload", payload)?),
        _ => (Envelope::default(), outer),
    };
    let payload_json = compact(payload)?;
    let device_id = device_id(payload, envelope.client_id.as_deref())?;
    let id = event_id(payload)?;
    let (occurred_at, clock_ahead, received_at) = occurred_at(payload, envelope.received_at, now)?;
    Ok(Event {
        key: id.clone().or_else(|| envelope.trace_id.clone()).ok_or(EventError::NoKey)?,
        id,
        device_id,
        status: status(payload, "status")?.ok_or(EventError::Missing {
            field: "status",
            fix: "send the new state, for example `INACTIVE`",
        })?,
        previous: status(payload, "previous")?,
        occurred_at,
        clock_ahead,
        seq: seq(payload)?,
        reading: payload.get("reading").cloned().unwrap_or_default(),
        topic: envelope.topic,
        client_id: envelope.client_id,
        trace_id: envelope.trace_id,
        received_at,
        payload_json,
    })
}

fn envelope(outer: &Map<String, Value>) -> Result<Envelope, EventError> {
    // `n/a` is what `clientid()` gives for messages that no MQTT client published.
    let client_id = text(outer, "client_id", NAME_BYTES)?.filter(|client| !matches!(*client, "" | "n/a"));
    let trace_id = text(outer, "trace_id", WORD_BYTES)?.filter(|trace| !trace.is_empty());
    Ok(Envelope {
        topic: text(outer, "topic", TOPIC_BYTES)?.map(str::to_owned),
        client_id: client_id.map(str::to_owned),
        trace_id: trace_id.map(|trace| printable("trace_id", trace)).transpose()?,
        received_at: received_at(outer)?,
    })
}

fn object<'v>(what: &'static str, value: &'v Value) -> Result<&'v Map<String, Value>, EventError> {
    value.as_object().ok_or(EventError::NotAnObject { what, found: kind(value) })
}

fn compact(payload: &Map<String, Value>) -> Result<String, EventError> {
    if payload.values().any(|value| deeper_than(value, PAYLOAD_DEPTH - 1)) {
        return Err(EventError::TooDeep);
    }
    let json = serde_json::to_string(payload).map_err(|error| EventError::Json(error.to_string()))?;
    if json.len() > PAYLOAD_BYTES { Err(EventError::TooLarge { bytes: json.len() }) } else { Ok(json) }
}

/// Whether `value` has more than `levels` levels of arrays and objects.
fn deeper_than(value: &Value, levels: usize) -> bool {
    let inner = |value: &Value| levels == 0 || deeper_than(value, levels - 1);
    match value {
        Value::Array(items) => levels == 0 || items.iter().any(inner),
        Value::Object(entries) => levels == 0 || entries.values().any(inner),
        _ => false,
    }
}

/// A device speaks only for itself, if it is known who speaks.
fn device_id(payload: &Map<String, Value>, client_id: Option<&str>) -> Result<String, EventError> {
    let missing = EventError::Missing { field: "device_id", fix: "send the device's name" };
    let device_id = printable("device_id", text(payload, "device_id", NAME_BYTES)?.ok_or(missing)?)?;
    match client_id {
        Some(client_id) if client_id != device_id => {
            Err(EventError::ForeignDevice { device_id: quoted(&device_id), client_id: quoted(client_id) })
        }
        _ => Ok(device_id),
    }
}

/// A state is one upper-case word. Rules compare text exactly: `Inactive` would never reach the rule for `INACTIVE`, and
/// the alert would be lost without a trace if it were accepted elsewhere.
fn status(payload: &Map<String, Value>, field: &'static str) -> Result<Option<String>, EventError> {
    let Some(text) = text(payload, field, WORD_BYTES)? else { return Ok(None) };
    if is_status(text) {
        Ok(Some(text.to_owned()))
    } else {
        Err(EventError::Status { field, value: quoted(text) })
    }
}

/// Whether an event can have this status.
pub(crate) fn is_status(text: &str) -> bool {
    let allowed =
        |next: char| next.is_ascii_uppercase() || next.is_ascii_digit() || matches!(next, '_' | '-');
    text.len() <= WORD_BYTES
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.chars().all(allowed)
}

/// Any UUID but the nil and the max one: those mean that the device has not made an id, and all its events would be one.
fn event_id(payload: &Map<String, Value>) -> Result<Option<String>, EventError> {
    let Some(text) = text(payload, "event_id", WORD_BYTES)? else { return Ok(None) };
    let is_hyphen_place = |index: usize| matches!(index, 8 | 13 | 18 | 23);
    let formed = |(index, byte): (usize, u8)| {
        if is_hyphen_place(index) { byte == b'-' } else { byte.is_ascii_hexdigit() }
    };
    let id = text.to_ascii_lowercase();
    let same = |digit: u8| id.bytes().all(|byte| byte == digit || byte == b'-');
    if id.len() == 36 && id.bytes().enumerate().all(formed) && !same(b'0') && !same(b'f') {
        Ok(Some(id))
    } else {
        Err(EventError::EventId { value: quoted(text) })
    }
}

/// The device's time, unless its clock is ahead, or it has none and leaves it out: the time of receipt then. With it
/// whether the clock is ahead, and the time of receipt if that is known or was used.
fn occurred_at(
    payload: &Map<String, Value>,
    received_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(Timestamp, bool, Option<Timestamp>), EventError> {
    // As exact as an envelope has it, where it may be written to.
    let receipt =
        received_at.or_else(|| Timestamp::from_millisecond(now.as_millisecond()).ok()).unwrap_or(now);
    let Some(text) = text(payload, "occurred_at", WORD_BYTES)? else {
        return Ok((receipt, false, Some(receipt)));
    };
    let time: Timestamp = text.parse().map_err(|_| EventError::Time { value: quoted(text) })?;
    let ahead = Duration::try_from(time.duration_since(receipt)).is_ok_and(|ahead| ahead > CLOCK_TOLERANCE);
    Ok(if ahead { (receipt, true, Some(receipt)) } else { (time, false, received_at) })
}

fn received_at(outer: &Map<String, Value>) -> Result<Option<Timestamp>, EventError> {
    let Some(value) = outer.get("received_at").filter(|value| !value.is_null()) else { return Ok(None) };
    let millis = value.as_i64().ok_or_else(|| wrong_type("received_at", value, "milliseconds since 1970"))?;
    let time = Timestamp::from_millisecond(millis).map_err(|_| EventError::ReceivedAt { value: millis })?;
    Ok(Some(time))
}

fn seq(payload: &Map<String, Value>) -> Result<Option<u64>, EventError> {
    let Some(value) = payload.get("seq").filter(|value| !value.is_null()) else { return Ok(None) };
    value.as_u64().map(Some).ok_or_else(|| wrong_type("seq", value, "a whole number from 0 on"))
}

/// A text of at most `limit` bytes; `null` counts as left out.
fn text<'v>(
    object: &'v Map<String, Value>,
    field: &'static str,
    limit: usize,
) -> Result<Option<&'v str>, EventError> {
    let Some(value) = object.get(field).filter(|value| !value.is_null()) else { return Ok(None) };
    let text = value.as_str().ok_or_else(|| wrong_type(field, value, "text"))?;
    if text.len() > limit {
        return Err(EventError::TooLong { field, bytes: text.len(), limit, value: quoted(text) });
    }
    Ok(Some(text))
}

fn printable(field: &'static str, text: &str) -> Result<String, EventError> {
    if text.is_empty() {
        return Err(EventError::Empty { field });
    }
    if text.trim() != text || text.chars().any(is_invisible) {
        return Err(EventError::Unprintable { field, value: quoted(text) });
    }
    Ok(text.to_owned())
}

fn wrong_type(field: &'static str, value: &Value, expected: &'static str) -> EventError {
    EventError::WrongType { field, found: kind(value), value: quoted(&value.to_string()), expected }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
