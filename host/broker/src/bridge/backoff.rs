//! When to connect again: after a random part of a time that doubles, so that clients of a broker that was gone don't come all
//! at once ("full jitter" of AWS's Builders' Library).

use std::time::Duration;

use uuid::Uuid;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(30);
/// The least wait, so that nothing spins.
const LEAST: Duration = Duration::from_millis(100);
/// A connection that lasted this long was a good one.
const STABLE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Backoff {
    next: Duration,
}

impl Backoff {
    pub(super) fn new() -> Self {
        Self { next: FIRST }
    }

    /// How long to wait after a connection that lasted so long.
    pub(super) fn wait(&mut self, lasted: Duration) -> Duration {
        if lasted >= STABLE {
            self.next = FIRST;
        }
        let whole = self.next;
        self.next = (whole * 2).min(LONGEST);
        whole.mul_f64(fraction()).max(LEAST)
    }
}

/// From 0 up to 1. A version 4 UUID ends in 62 random bits.
fn fraction() -> f64 {
    let random = u32::try_from(Uuid::new_v4().as_u128() & u128::from(u32::MAX)).unwrap_or_default();
    f64::from(random) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_thirty_seconds_and_begin_anew_after_a_good_connection() {
        let mut backoff = Backoff::new();
        for whole in [1, 2, 4, 8, 16, 30, 30] {
            assert_eq!(backoff.next, Duration::from_secs(whole));
            assert!((LEAST..=Duration::from_secs(whole)).contains(&backoff.wait(Duration::ZERO)));
        }
        assert!(backoff.wait(STABLE) <= FIRST);
    }
}
