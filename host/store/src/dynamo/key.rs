//! Names items. A device chooses its name and the events', so no part may look like another's, however long or strange it is.

use std::fmt::Write;

use campanile_core::ledger::DeliveryKey;
use sha2::{Digest, Sha256};
use url::form_urlencoded::byte_serialize;

use crate::states::StateKey;

/// What the partition key of a delivery starts with.
pub(super) const DELIVERY: &str = "evt#";

/// What the partition key of a device's state starts with.
pub(super) const DEVICE: &str = "dev#";

/// What the partition key of a group's state starts with.
const GROUP: &str = "grp#";

/// The sort key of all states.
const STATE: &str = "state";

/// The partition key of all letters.
pub(super) const LETTER: &str = "letter";

/// Bytes of a part that are kept as they are. A partition key has up to 2048 and a sort key up to 1024 bytes (AWS, "Quotas in
/// Amazon DynamoDB").
const PART: usize = 900;

/// How much of a longer part is kept, for whoever looks at the table.
const SHOWN: usize = 200;

/// The name of an item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ItemKey {
    pub(super) pk: String,
    pub(super) sk: String,
}

impl ItemKey {
    pub(super) fn of_delivery(key: &DeliveryKey) -> Self {
        let pk = format!("{DELIVERY}{}#{}", part(&key.device), part(&key.event));
        Self { pk, sk: part(&key.channel) }
    }

    pub(super) fn of_state(key: &StateKey) -> Self {
        let pk = match key {
            StateKey::Device(device) => format!("{DEVICE}{}", part(device)),
            StateKey::Group { route, group } => format!("{GROUP}{}#{}", part(route), part(group)),
        };
        Self { pk, sk: STATE.to_owned() }
    }
}

/// Percent-encoded, so it has neither `#` nor `~`. A longer part is cut and told apart by its digest. Key attributes must not be
/// empty.
fn part(text: &str) -> String {
    let encoded: String = byte_serialize(text.as_bytes()).collect();
    if encoded.is_empty() {
        return "~".to_owned();
    }
    if encoded.len() <= PART {
        return encoded;
    }
    let shown = encoded.chars().take(SHOWN).chain(['~']).collect();
    Sha256::digest(text).iter().fold(shown, |mut shown: String, byte| {
        // Writing to a string can't fail.
        let _ = write!(shown, "{byte:02x}");
        shown
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn key(device: &str, event: &str) -> DeliveryKey {
        DeliveryKey { device: device.into(), event: event.into(), channel: "family".into() }
    }

    #[test]
    fn a_usual_key_can_be_read() {
        let key = key("home-heating", "0192f3a4-7b1c-7def-8123-456789abcdef");
        let key = ItemKey::of_delivery(&key);
        assert_eq!(key.pk, "evt#home-heating#0192f3a4-7b1c-7def-8123-456789abcdef");
        assert_eq!(key.sk, "family");
        assert_eq!(ItemKey::of_state(&StateKey::Device("home-heating".into())).pk, "dev#home-heating");
        let group = StateKey::Group { route: "heating".into(), group: "2nd floor".into() };
        assert_eq!(ItemKey::of_state(&group).pk, "grp#heating#2nd+floor");
    }

    fn partition(key: &DeliveryKey) -> String {
        ItemKey::of_delivery(key).pk
    }

    #[test]
    fn no_device_can_make_the_key_of_another() {
        let long = "x".repeat(5000);
        let digest = partition(&key(&long, "e"))[4..].trim_end_matches("#e").to_owned();
        let parts = ["", "a", "a#b", "#", "~", "b", "a%23b", &long, &format!("{long}x"), &digest];
        let devices = parts.iter().map(|device| StateKey::Device((*device).to_owned()));
        let groups = parts.iter().flat_map(|route| {
            parts.map(|group| StateKey::Group { route: (*route).to_owned(), group: group.to_owned() })
        });
        let states = devices.chain(groups).map(|key| ItemKey::of_state(&key).pk);
        let deliveries = parts.iter().flat_map(|device| parts.map(|event| partition(&key(device, event))));
        let keys: BTreeSet<_> = deliveries.chain(states).collect();
        assert_eq!(keys.len(), parts.len() * (2 * parts.len() + 1));
    }

    #[test]
    fn a_key_is_never_too_long_or_empty() {
        for text in ["", "ü", &"ü".repeat(5000), &"\u{0}".repeat(300), &"a".repeat(900)] {
            let key = DeliveryKey { device: text.into(), event: text.into(), channel: text.into() };
            let key = ItemKey::of_delivery(&key);
            assert!((6..=2048).contains(&key.pk.len()));
            assert!((1..=1024).contains(&key.sk.len()));
            let group = StateKey::Group { route: text.into(), group: text.into() };
            assert!((6..=2048).contains(&ItemKey::of_state(&group).pk.len()));
        }
    }
}
