//! How much is kept, and what gives way. Pure.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

/// How much is kept, and how well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Of all payloads together, in bytes.
    pub bytes: u64,
    /// Transitions that are older are not worth sending any more; none keeps them for ever.
    pub age: Option<Duration>,
    /// What happens to a transition that has no room.
    pub when_full: WhenFull,
    /// Whether a transition is on the disk before it is published. Without it a power cut may take the latest ones; the death of the process
    /// takes none either way.
    pub sync: bool,
}

/// What happens to a transition that has no room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhenFull {
    /// The oldest ones go, as many as it takes: people want to know how it is now.
    #[default]
    DropOldest,
    /// It is refused, and what is there stays: the beginning of a story matters more.
    DropNewest,
}

/// 16 MiB and a week: fifty thousand transitions.
impl Default for Bounds {
    fn default() -> Self {
        Self {
            bytes: 16 * 1024 * 1024,
            age: Some(Duration::from_secs(7 * 24 * 60 * 60)),
            when_full: WhenFull::default(),
            sync: true,
        }
    }
}

impl Bounds {
    /// What was found before this is too old at `now`.
    pub(super) fn oldest(&self, now: Timestamp) -> Option<Timestamp> {
        let age = SignedDuration::try_from(self.age?).ok()?;
        now.checked_sub(age).ok()
    }

    /// How many bytes have to go for one of `size` to be appended to `kept`; none if it may not be appended at all.
    pub(super) fn excess(&self, kept: u64, size: u64) -> Option<u64> {
        let excess = kept.saturating_add(size).saturating_sub(self.bytes);
        let may_be_appended = size <= self.bytes && (excess == 0 || self.when_full == WhenFull::DropOldest);
        may_be_appended.then_some(excess)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Bounds = Bounds { bytes: 100, age: None, when_full: WhenFull::DropOldest, sync: true };

    #[test]
    fn the_oldest_or_the_newest_gives_way() {
        assert_eq!(SMALL.excess(60, 40), Some(0));
        assert_eq!(SMALL.excess(60, 41), Some(1));
        assert_eq!(SMALL.excess(0, 101), None, "it would never have room");
        let newest = Bounds { when_full: WhenFull::DropNewest, ..SMALL };
        assert_eq!(newest.excess(60, 40), Some(0));
        assert_eq!(newest.excess(60, 41), None);
    }

    #[test]
    fn age_may_be_left_unbounded() {
        let now: Timestamp = "2026-11-28T02:00:00Z".parse().unwrap();
        assert_eq!(SMALL.oldest(now), None);
        let hour = Bounds { age: Some(Duration::from_secs(3600)), ..SMALL };
        assert_eq!(hour.oldest(now), Some("2026-11-28T01:00:00Z".parse().unwrap()));
        let eternity = Bounds { age: Some(Duration::MAX), ..SMALL };
        assert_eq!(eternity.oldest(now), None);
    }
}
