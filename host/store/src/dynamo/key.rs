//! Names items. A device chooses its name and the events', so no part may look like another's, however long or strange it is.

use std::fmt::Write;

use campanile_core::ledger::DeliveryKey;
use sha2::{Digest, Sha256};
use url::form_urlencoded::byte_serialize;

/// What the partition key of a delivery starts with.
pub(super) const DELIVERY: &str = "evt#";

/// The partition key of all letters.
pub(super) const LETTER: &str = "letter";

/// Bytes of a part that are kept as they are. A partition key has up to 2048 and a sort key up to 1024 bytes (AWS, "Quotas in
/// Amazon DynamoDB").
const PART: usize = 900;

/// How much of a longer part is kept, for whoever looks at the table.
const SHOWN: usize = 200;

pub(super) fn partition(key: &DeliveryKey) -> String {
    format!("{DELIVERY}{}#{}", part(&key.device), part(&key.event))
}

pub(super) fn sort(key: &DeliveryKey) -> String {
    part(&key.channel)
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
        assert_eq!(partition(&key), "evt#home-heating#0192f3a4-7b1c-7def-8123-456789abcdef");
        assert_eq!(sort(&key), "family");
    }

    #[test]
    fn no_device_can_make_the_key_of_another() {
        let long = "x".repeat(5000);
        let digest = partition(&key(&long, "e"))[4..].trim_end_matches("#e").to_owned();
        let parts = ["", "a", "a#b", "#", "~", "b", "a%23b", &long, &format!("{long}x"), &digest];
        let keys: BTreeSet<_> =
            parts.iter().flat_map(|device| parts.map(|event| partition(&key(device, event)))).collect();
        assert_eq!(keys.len(), parts.len() * parts.len());
    }

    #[test]
    fn a_key_is_never_too_long_or_empty() {
        for text in ["", "ü", &"ü".repeat(5000), &"\u{0}".repeat(300), &"a".repeat(900)] {
            let key = DeliveryKey { device: text.into(), event: text.into(), channel: text.into() };
            assert!((6..=2048).contains(&partition(&key).len()));
            assert!((1..=1024).contains(&sort(&key).len()));
        }
    }
}
