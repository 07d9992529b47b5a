//! What keeps an e-mail from being sent twice: <https://resend.com/docs/dashboard/emails/idempotency-keys>.

use std::fmt::Write as _;

use campanile_channel::{Attempt, Presentation};
use sha2::{Digest as _, Sha256};

/// The key of an attempt: the same if the delivery is tried again, another one if it says something else.
///
/// The provider refuses a key that comes again with another content, so that each presentation has its own. The ids of events
/// come from devices: as a digest they fit into a header, and none can be made to be another's.
pub(crate) fn key(attempt: &Attempt) -> String {
    let presentation = match attempt.presentation {
        Presentation::Rich => "rich",
        Presentation::Plain => "plain",
        Presentation::Minimal => "minimal",
    };
    let digest =
        Sha256::new().chain_update(presentation).chain_update("/").chain_update(&attempt.delivery_id);
    digest.finalize().iter().fold("campanile-".to_owned(), |mut key, byte| {
        // Writing to a string can't fail.
        let _ = write!(key, "{byte:02x}");
        key
    })
}

#[cfg(test)]
mod tests {
    use campanile_channel::testing;

    use super::*;

    #[test]
    fn a_key_belongs_to_one_delivery_in_one_presentation() {
        let first = key(&testing::attempt());
        assert_eq!(key(&Attempt { number: 7, resume: "x".into(), ..testing::attempt() }), first);
        assert_ne!(key(&Attempt { presentation: Presentation::Plain, ..testing::attempt() }), first);
        assert_ne!(key(&Attempt { delivery_id: "other".into(), ..testing::attempt() }), first);
    }

    /// 1 to 256 characters, and those that a header may have.
    #[test]
    fn a_key_is_one_that_the_provider_takes_whatever_the_delivery_is_called() {
        for delivery_id in ["", "x:Käse\r\nx-evil: 1", &"x".repeat(5000)] {
            let key = key(&Attempt { delivery_id: delivery_id.into(), ..testing::attempt() });
            assert!((1..=256).contains(&key.len()), "{key}");
            assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{key}");
        }
    }
}
