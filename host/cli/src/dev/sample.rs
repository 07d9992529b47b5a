//! A sample of what a device sends, for whoever has none at hand: a transition of a heating, each time another one.

use campanile_local::surroundings::ThisMachine;
use campanile_rules::message::Surroundings as _;
use jiff::Timestamp;
use serde_json::Value;

/// The event that everything is tried with.
const EVENT: &str = include_str!("../../../../examples/events/heating-inactive.json");

/// Where the template's rules listen if it does not say otherwise.
const TOPIC: &str = "home/heating/status";

/// A message to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sample {
    pub(crate) topic: String,
    pub(crate) payload: Vec<u8>,
}

impl Sample {
    /// `device` has come to this status, now. It is published where `filter` listens.
    pub(crate) fn new(device: &str, status: &str, filter: Option<&str>) -> Self {
        let event: Value = serde_json::from_str(EVENT).unwrap_or_default();
        let mut payload = event.get("payload").cloned().unwrap_or_default();
        let now = Timestamp::now();
        let previous = if status == "INACTIVE" { "ACTIVE" } else { "INACTIVE" };
        if let Some(fields) = payload.as_object_mut() {
            for (name, value) in [
                ("event_id", event_id(now, &ThisMachine.uuid()).into()),
                ("device_id", device.into()),
                ("status", status.into()),
                ("previous", previous.into()),
                ("occurred_at", now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string().into()),
                ("seq", now.as_millisecond().into()),
            ] {
                fields.insert(name.to_owned(), value);
            }
        }
        let topic = filter.unwrap_or(TOPIC).replace(['+', '#'], device);
        Self { topic, payload: payload.to_string().into_bytes() }
    }
}

/// A version 7 UUID (RFC 9562): the time, and the rest of a random one.
fn event_id(now: Timestamp, random: &str) -> String {
    let milliseconds = now.as_millisecond();
    let rest = random.get(15..).unwrap_or_default();
    format!("{:08x}-{:04x}-7{rest}", milliseconds >> 16, milliseconds & 0xffff)
}

#[cfg(test)]
mod tests {
    use campanile_core::event::Event;

    use super::*;

    #[test]
    fn a_sample_is_a_valid_event_and_another_one_each_time() {
        let sample = || Sample::new("heater", "ACTIVE", Some("home/+/status"));
        let (first, second) = (sample(), sample());
        assert_eq!(first.topic, "home/heater/status");
        let read = |sample: &Sample| -> Value { serde_json::from_slice(&sample.payload).unwrap() };
        assert_ne!(read(&first)["event_id"], read(&second)["event_id"]);
        assert_eq!(read(&first)["previous"], "INACTIVE");
        let event = Event::parse(&first.payload, Timestamp::now()).unwrap();
        assert_eq!((event.device_id.as_str(), event.status.as_str()), ("heater", "ACTIVE"));
    }

    #[test]
    fn the_id_is_a_uuid_of_version_7() {
        let at = "2022-02-22T19:22:22Z".parse().unwrap();
        assert_eq!(
            event_id(at, "123a4567-b89c-42d3-a456-426614174000"),
            "017f22e2-79b0-72d3-a456-426614174000"
        );
    }
}
