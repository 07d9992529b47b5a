//! Which notification on people's screens a message is: <https://docs.ntfy.sh/publish/#updating-deleting-notifications>.
//!
//! Apps show the newest message of a sequence in place of the others. So a recovery replaces its alert, and an attempt
//! that is made again because nobody knows whether the last one arrived is not shown twice.

use std::fmt::Write as _;

use campanile_channel::Attempt;
use sha2::{Digest as _, Sha256};

/// Most characters of an id (`sequenceIDRegex` in `server/server.go` of binwiederhier/ntfy).
const LENGTH: usize = 64;

/// The sequence of the message that this attempt is about: that of the alert, or one of its own.
pub(crate) fn of(attempt: &Attempt) -> String {
    let earlier = attempt.earlier.as_ref().map(|receipt| receipt.message_id.as_str());
    earlier.filter(|id| is_id(id)).map_or_else(|| new(&attempt.delivery_id), str::to_owned)
}

fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    (1..=LENGTH).contains(&text.len()) && text.bytes().all(allowed)
}

/// The ids of events come from devices: no two deliveries may share a sequence because somebody wants them to.
fn new(delivery_id: &str) -> String {
    let digest = Sha256::digest(delivery_id);
    digest.iter().take(LENGTH / 4).fold(String::new(), |mut id, byte| {
        // Writing to a string can't fail.
        let _ = write!(id, "{byte:02x}");
        id
    })
}

#[cfg(test)]
mod tests {
    use campanile_channel::{Receipt, testing};

    use super::*;

    fn after(message_id: &str) -> String {
        let earlier = Receipt { message_id: message_id.into(), target: String::new(), warnings: vec![] };
        of(&Attempt { earlier: Some(earlier), ..testing::attempt() })
    }

    #[test]
    fn a_delivery_keeps_its_sequence_and_shares_it_with_no_other() {
        let delivery = |id: &str| of(&Attempt { delivery_id: id.into(), ..testing::attempt() });
        assert_eq!(delivery("0193:family"), "d21d69fb95c68615384d84bc7c247465");
        assert_eq!(of(&Attempt { number: 2, ..testing::attempt() }), of(&testing::attempt()));
        assert_ne!(delivery("0193:family"), delivery("0193:ops"));
        assert!(is_id(&delivery("x:Käse/ \r\n")));
    }

    #[test]
    fn a_message_that_follows_another_takes_its_place() {
        assert_eq!(after("hwQ2YpKdmg"), "hwQ2YpKdmg");
        let own = of(&testing::attempt());
        for foreign in ["", "a/b", "a b", "ä", &"x".repeat(65)] {
            assert_eq!(after(foreign), own, "{foreign}");
        }
    }
}
