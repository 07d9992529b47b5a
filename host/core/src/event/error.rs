//! Why something is not an event. Each message names the field, shows the value and says what to write instead.

use super::{PAYLOAD_BYTES, PAYLOAD_DEPTH};

/// Why something is not an event.
///
/// Values are shortened and their control characters escaped: the message goes to logs and terminals.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant's message says it")]
pub enum EventError {
    #[error("the event is not JSON ({0}); publish a JSON object")]
    Json(String),
    #[error("the {what} is {found}; publish a JSON object such as {{\"device_id\": …, \"status\": …}}")]
    NotAnObject { what: &'static str, found: &'static str },
    #[error("the payload has {bytes} bytes of JSON; send at most {PAYLOAD_BYTES}, the limit of AWS IoT")]
    TooLarge { bytes: usize },
    #[error(
        "the payload is nested more than {PAYLOAD_DEPTH} levels deep, the limit of DynamoDB; make it flatter"
    )]
    TooDeep,
    #[error("`{field}` is missing; {fix}")]
    Missing { field: &'static str, fix: &'static str },
    #[error("`{field}` is {found} (`{value}`); send {expected}")]
    WrongType { field: &'static str, found: &'static str, value: String, expected: &'static str },
    #[error("`{field}` is empty; leave it out or give it a value")]
    Empty { field: &'static str },
    #[error("`{field}` has {bytes} bytes (`{value}`); send at most {limit}")]
    TooLong { field: &'static str, bytes: usize, limit: usize, value: String },
    #[error(
        "`{field}` (`{value}`) has characters that can't be seen or white space at an end; send visible characters"
    )]
    Unprintable { field: &'static str, value: String },
    #[error(
        "`{field}` is `{value}`; send a word of A–Z, 0–9, `_` and `-` that begins with a letter, for example `INACTIVE`"
    )]
    Status { field: &'static str, value: String },
    #[error(
        "`event_id` is `{value}`; send a UUID, version 7 by preference, made when the transition is detected"
    )]
    EventId { value: String },
    #[error("`occurred_at` is `{value}`; send RFC 3339 with an offset, for example `2026-11-23T04:05:06Z`")]
    Time { value: String },
    #[error(
        "`received_at` is {value}; select `timestamp() AS received_at` in the rule: milliseconds since 1970"
    )]
    ReceivedAt { value: i64 },
    #[error(
        "`device_id` is `{device_id}`, but client `{client_id}` published it; a device may speak only for itself"
    )]
    ForeignDevice { device_id: String, client_id: String },
    #[error(
        "neither `event_id` nor `trace_id` says which event this is; send a UUID in `event_id`, or select `traceid() AS trace_id` in the rule"
    )]
    NoKey,
}
