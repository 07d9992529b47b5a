//! The event: one state transition of one device, checked.
//!
//! Everything a device can send ends here or is refused with a reason. What the rule adds (topic, client, trace) comes
//! in an envelope around the device's object, so that a device can not fake it; a bare device object is read as well.

mod error;
mod read;

use std::time::Duration;

pub use error::EventError;
use jiff::Timestamp;
pub(crate) use read::is_status;

/// Largest device payload, in bytes: what AWS takes of one MQTT message.
pub const PAYLOAD_BYTES: usize = 128 * 1024;

/// Deepest nesting of a device payload: what `DynamoDB`, where every event is kept, can nest.
pub const PAYLOAD_DEPTH: usize = 32;

/// How far a device's clock may be ahead of ours before we don't believe it.
pub const CLOCK_TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// A state transition of a device.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What makes it one event, however often it arrives: `id`, or the platform's trace id if the device gives none.
    pub key: String,
    /// The device's own id of the transition: a UUID in lower case.
    pub id: Option<String>,
    /// The device, for example `home-heating`.
    pub device_id: String,
    /// The state it changed to, for example `INACTIVE`.
    pub status: String,
    /// The state it changed from.
    pub previous: Option<String>,
    /// When the transition happened. The time of receipt if the device has no clock, or one that is ahead.
    pub occurred_at: Timestamp,
    /// Whether the device's clock was ahead, so that its time was not used.
    pub clock_ahead: bool,
    /// The device's count of transitions.
    pub seq: Option<u64>,
    /// What the device measured: any JSON, `null` if there is none.
    pub reading: serde_json::Value,
    /// The MQTT topic.
    pub topic: Option<String>,
    /// The MQTT client that published; `None` if it was no client.
    pub client_id: Option<String>,
    /// The platform's id of the message.
    pub trace_id: Option<String>,
    /// When it was received: if the rule says so, or if it stands in for the device's time.
    pub received_at: Option<Timestamp>,
    /// The device's object as compact JSON.
    pub payload_json: String,
}

impl Event {
    /// Reads the JSON text of an event; `now` is the time of receipt if the text does not give one.
    ///
    /// # Errors
    /// [`EventError`] with the first thing that is wrong. Trying again can not help.
    pub fn parse(json: &[u8], now: Timestamp) -> Result<Self, EventError> {
        let value = serde_json::from_slice(json).map_err(|error| EventError::Json(error.to_string()))?;
        Self::from_value(&value, now)
    }

    /// Reads an event, as [`Event::parse`] does.
    ///
    /// # Errors
    /// [`EventError`] with the first thing that is wrong. Trying again can not help.
    pub fn from_value(value: &serde_json::Value, now: Timestamp) -> Result<Self, EventError> {
        read::event(value, now)
    }

    /// The envelope from which [`Event::from_value`] makes this event again, at any later time.
    #[must_use]
    pub fn envelope(&self) -> serde_json::Value {
        // It was JSON when the event was read.
        let payload: serde_json::Value = serde_json::from_str(&self.payload_json).unwrap_or_default();
        serde_json::json!({
            "payload": payload,
            "topic": self.topic,
            "client_id": self.client_id,
            "trace_id": self.trace_id,
            "received_at": self.received_at.map(Timestamp::as_millisecond),
        })
    }

    /// How long ago it happened when the platform received it, or at `now` if that is not known.
    ///
    /// The platform's time counts, as an event that was late because *we* tried again is news all the same.
    #[must_use]
    pub fn age(&self, now: Timestamp) -> Duration {
        let age = self.received_at.unwrap_or(now).duration_since(self.occurred_at);
        Duration::try_from(age).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
