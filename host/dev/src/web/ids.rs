//! Ids in addresses, and addresses made of ids.

use campanile_core::ledger::DeliveryKey;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stays as it is in a segment of a path and in a query.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The delivery that an id names.
pub(super) fn delivery_key(id: &str) -> Option<DeliveryKey> {
    let mut parts = id.split(':').map(|part| {
        let part = part.replace('+', " ");
        percent_decode_str(&part).decode_utf8().ok().map(String::from)
    });
    let key = DeliveryKey { device: parts.next()??, event: parts.next()??, channel: parts.next()?? };
    // Only as we write it: an id that means the same would be another address for the same thing.
    (parts.next().is_none() && key.to_string() == id).then_some(key)
}

/// `text` as a segment of a path, or a value in a query.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// The page of a thing.
pub(super) fn page(of: &str, id: &str) -> String {
    format!("/{of}/{}", encoded(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_its_delivery_whatever_is_in_it() {
        let key = DeliveryKey { device: "a b:ü".into(), event: "%2B+/?".into(), channel: "ops.1".into() };
        assert_eq!(delivery_key(&key.to_string()), Some(key));
        for wrong in ["", "a", "a:b", "a:b:c:d", "a:b:%zz", "a:b:%FF", "%61:b:c"] {
            assert_eq!(delivery_key(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_id_is_one_segment() {
        assert_eq!(page("deliveries", "a%3A:b/..?#"), "/deliveries/a%253A%3Ab%2F..%3F%23");
    }
}
