//! A message as the rules engine sees it.

use crate::value::{JsonError, Value, read_json};

/// A published message and what the broker knows of it. The payload is read once, for all rules.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    topic: &'a str,
    raw: &'a [u8],
    value: Value<'a>,
    problem: Option<JsonError>,
    /// The MQTT client that published it; none if it did not come over MQTT.
    pub client_id: Option<&'a str>,
    /// The certificate or identity it was published with.
    pub principal: Option<&'a str>,
    /// The broker's id of the message, a UUID; none if it did not come over MQTT.
    pub trace_id: Option<&'a str>,
    /// The address it came from.
    pub source_ip: Option<&'a str>,
    /// The AWS account, 12 digits.
    pub account_id: &'a str,
    /// What MQTT 5 adds; none if it came another way.
    pub properties: Option<Properties<'a>>,
}

/// Properties of a PUBLISH of MQTT 5.
#[derive(Clone, Debug, Default)]
pub struct Properties<'a> {
    /// Whether the payload is declared to be UTF-8.
    pub utf8: bool,
    /// The content type.
    pub content_type: Option<&'a str>,
    /// The topic for an answer.
    pub response_topic: Option<&'a str>,
    /// What an answer shall carry.
    pub correlation_data: Option<&'a [u8]>,
    /// The sender's own pairs, in order; keys may repeat.
    pub user: Vec<(&'a str, &'a str)>,
}

impl<'a> Message<'a> {
    /// A message of which nothing else is known. A payload that is no JSON is taken as bytes.
    #[must_use]
    pub fn new(topic: &'a str, payload: &'a [u8]) -> Self {
        let (value, problem) = match read_json(payload) {
            Ok(value) => (value, None),
            Err(problem) => (Value::Bytes(payload), Some(problem)),
        };
        Self {
            topic,
            raw: payload,
            value,
            problem,
            client_id: None,
            principal: None,
            trace_id: None,
            source_ip: None,
            account_id: "123456789012",
            properties: None,
        }
    }

    /// The topic it was published to.
    #[must_use]
    pub const fn topic(&self) -> &'a str {
        self.topic
    }

    /// What was published.
    #[must_use]
    pub const fn payload(&self) -> &'a [u8] {
        self.raw
    }

    /// Why the payload is no JSON; none if it is.
    #[must_use]
    pub const fn problem(&self) -> Option<&JsonError> {
        self.problem.as_ref()
    }

    pub(crate) const fn value(&self) -> &Value<'a> {
        &self.value
    }
}

/// What an evaluation asks of the world: a clock and dice. Given by the caller, so that evaluating is repeatable.
pub trait Surroundings {
    /// Milliseconds since 1970, of `timestamp()`.
    fn now(&self) -> i64;

    /// A number from 0 up to 1, of `rand()`.
    fn random(&self) -> f64;

    /// A new UUID, of `newuuid()`.
    fn uuid(&self) -> String;
}

/// Surroundings that stand still: every evaluation comes out the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fixed {
    /// Of `timestamp()`, in milliseconds since 1970.
    pub now: i64,
    /// Of `rand()`.
    pub random: f64,
    /// Of `newuuid()`.
    pub uuid: &'static str,
}

impl Default for Fixed {
    /// 2026-11-24T07:00:00Z.
    fn default() -> Self {
        Self { now: 1_795_503_600_000, random: 0.25, uuid: "123a4567-b89c-42d3-a456-426614174000" }
    }
}

impl Surroundings for Fixed {
    fn now(&self) -> i64 {
        self.now
    }

    fn random(&self) -> f64 {
        self.random
    }

    fn uuid(&self) -> String {
        self.uuid.to_owned()
    }
}
