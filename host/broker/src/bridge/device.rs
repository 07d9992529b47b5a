//! Which device a message is from, as far as it says. Pure.

use serde::Deserialize;

use crate::topic::Filter;

/// What is looked for in a payload; other fields don't matter.
#[derive(Deserialize)]
struct Named {
    device_id: String,
}

/// The device's name, empty if nothing says it. `filters` are given if the topic may say it.
pub(super) fn name(filters: &[Filter], topic: &str, payload: &[u8]) -> String {
    let in_topic = filters.iter().filter(|filter| filter.matches(topic)).find_map(|filter| {
        let index = filter.as_str().split('/').position(|level| level == "+")?;
        topic.split('/').nth(index).map(str::to_owned)
    });
    in_topic
        .or_else(|| serde_json::from_slice::<Named>(payload).ok().map(|named| named.device_id))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topic_says_it_or_the_payload_or_nothing() {
        let filters = ["home/status", "home/+/+/status"].map(|filter| Filter::parse(filter).unwrap());
        let payload = br#"{"device_id":"pump","x":[1]}"#;
        for (filters, topic, payload, expected) in [
            (&filters[..], "home/heating/a/status", &payload[..], "heating"),
            (&filters[..], "home/status", &payload[..], "pump"),
            (&[], "home/heating/a/status", &payload[..], "pump"),
            (&[], "home/heating/a/status", br#"{"device_id":7}"#, ""),
            (&[], "home/heating/a/status", b"\xff", ""),
        ] {
            assert_eq!(name(filters, topic, payload), expected, "{topic}");
        }
    }
}
