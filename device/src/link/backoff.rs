//! How long to wait before the next connection: full jitter, so that a thousand devices that lost one broker do not come back together
//! (AWS Architecture Blog, "Exponential Backoff And Jitter").

use std::time::Duration;

/// The longest wait after the first failure, and after many: what the AWS SDKs for devices use.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(120);

/// A connection that has lasted this long was a good one: what comes after it is a new story.
const STABLE: Duration = Duration::from_secs(30);

/// Waits between connections.
#[derive(Clone, Debug)]
pub struct Backoff {
    ceiling: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { ceiling: FIRST }
    }
}

impl Backoff {
    /// The wait after a connection that has lasted for `lasted`, zero if there was none. `random` is a number from 0 up to 1.
    pub fn after(&mut self, lasted: Duration, random: f64) -> Duration {
        if lasted >= STABLE {
            self.ceiling = FIRST;
        }
        let wait = self.ceiling.mul_f64(random.clamp(0.0, 1.0));
        self.ceiling = self.ceiling.saturating_mul(2).min(LONGEST);
        wait
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ceilings(backoff: &mut Backoff, count: usize) -> Vec<u64> {
        std::iter::repeat_with(|| backoff.after(Duration::ZERO, 1.0).as_secs()).take(count).collect()
    }

    #[test]
    fn it_doubles_up_to_two_minutes() {
        assert_eq!(ceilings(&mut Backoff::default(), 9), [1, 2, 4, 8, 16, 32, 64, 120, 120]);
    }

    #[test]
    fn a_connection_that_lasted_begins_again() {
        let mut backoff = Backoff::default();
        ceilings(&mut backoff, 9);
        assert_eq!(backoff.after(Duration::from_secs(29), 1.0).as_secs(), 120);
        assert_eq!(backoff.after(Duration::from_secs(30), 1.0).as_secs(), 1);
        assert_eq!(ceilings(&mut backoff, 2), [2, 4]);
    }

    proptest! {
        #[test]
        fn no_wait_is_longer(randoms in prop::collection::vec(0.0..1.0f64, 1..50)) {
            let mut backoff = Backoff::default();
            for random in randoms {
                prop_assert!(backoff.after(Duration::ZERO, random) <= LONGEST);
            }
        }
    }
}
