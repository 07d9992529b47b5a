//! What a connection may send: AWS IoT leaves unacknowledged what is more ("AWS IoT Core message broker and protocol limits and
//! quotas": publish requests per second per connection, throughput per second per connection).

use std::time::Duration;

/// What a second may hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Messages.
    pub messages: f64,
    /// Bytes of payload and topic.
    pub bytes: f64,
}

impl Default for Limits {
    /// Those of AWS.
    fn default() -> Self {
        Self { messages: 100.0, bytes: 512.0 * 1024.0 }
    }
}

/// What may come at once, as a share of a second's worth. The rest of it comes in the course of the second, so that no second has more
/// than it may, wherever it begins.
const BURST: f64 = 0.25;

/// Two buckets. Time is given, from a clock that never goes back.
#[derive(Clone, Debug)]
pub struct Pace {
    burst: Limits,
    rate: Limits,
    messages: f64,
    bytes: f64,
    at: Duration,
}

impl Pace {
    /// Full buckets.
    #[must_use]
    pub fn new(limits: Limits, now: Duration) -> Self {
        let share = |share| Limits { messages: limits.messages * share, bytes: limits.bytes * share };
        // One message at least fits in.
        let burst = Limits { messages: share(BURST).messages.max(1.0), ..share(BURST) };
        Self { burst, rate: share(1.0 - BURST), messages: burst.messages, bytes: burst.bytes, at: now }
    }

    /// Takes a message out.
    ///
    /// # Errors
    ///
    /// How long to wait if it has to wait; then nothing was taken.
    pub fn take(&mut self, bytes: usize, now: Duration) -> Result<(), Duration> {
        self.fill(now);
        // A message that is larger than the bucket goes when that is full.
        #[expect(clippy::cast_precision_loss, reason = "a message has at most 128 KiB")]
        let bytes = (bytes as f64).min(self.burst.bytes);
        let missing = [(1.0 - self.messages) / self.rate.messages, (bytes - self.bytes) / self.rate.bytes];
        let wait = missing.into_iter().fold(0.0, f64::max);
        if wait > 0.0 {
            // Rounded up: a wait that ends a moment too soon would be repeated.
            return Err(Duration::from_secs_f64(wait).saturating_add(Duration::from_micros(1)));
        }
        self.messages -= 1.0;
        self.bytes -= bytes;
        Ok(())
    }

    fn fill(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.at).as_secs_f64();
        self.messages = (self.messages + passed * self.rate.messages).min(self.burst.messages);
        self.bytes = (self.bytes + passed * self.rate.bytes).min(self.burst.bytes);
        self.at = self.at.max(now);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_burst_goes_at_once_and_the_rest_in_time() {
        let mut pace = Pace::new(Limits::default(), Duration::ZERO);
        let burst = (0..200).take_while(|_| pace.take(300, Duration::ZERO).is_ok()).count();
        assert_eq!(burst, 25);
        let wait = pace.take(300, Duration::ZERO).unwrap_err();
        assert!((13_333..=13_335).contains(&wait.as_micros()), "{wait:?}");
        pace.take(300, wait).unwrap();
    }

    #[test]
    fn large_messages_wait_for_bytes() {
        let mut pace = Pace::new(Limits::default(), Duration::ZERO);
        pace.take(128 * 1024, Duration::ZERO).unwrap();
        let wait = pace.take(128 * 1024, Duration::ZERO).unwrap_err();
        assert_eq!(wait.as_millis(), 333);
    }

    #[test]
    fn what_is_larger_than_a_second_holds_goes_in_the_end() {
        let mut pace = Pace::new(Limits { messages: 1.0, bytes: 10.0 }, Duration::ZERO);
        pace.take(1000, Duration::ZERO).unwrap();
        pace.take(1000, SECOND.mul_f64(1.4)).unwrap();
    }

    proptest! {
        /// Wherever it begins.
        #[test]
        fn no_second_holds_more(sizes in prop::collection::vec(1..130_000usize, 1..400)) {
            let (mut pace, mut now, mut sent) = (Pace::new(Limits::default(), Duration::ZERO), Duration::ZERO, Vec::new());
            for size in sizes {
                if let Err(wait) = pace.take(size, now) {
                    now += wait;
                    prop_assert!(pace.take(size, now).is_ok());
                }
                sent.push((now, size));
            }
            for (from, _) in &sent {
                let second = sent.iter().filter(|(at, _)| from <= at && *at < *from + SECOND);
                let (count, bytes) = second.fold((0, 0), |(count, bytes), (_, size)| (count + 1, bytes + size));
                prop_assert!(count <= 100 && bytes <= 512 * 1024, "{count} {bytes}");
            }
        }
    }
}
