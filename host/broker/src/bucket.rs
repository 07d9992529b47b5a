//! A token bucket that may go into debt, so that a message larger than a second's worth passes too. It reads no clock.

use std::time::Duration;

use tokio::time::Instant;

/// How much of something has been spent lately.
#[derive(Debug)]
pub(crate) struct Bucket {
    per_second: f64,
    tokens: f64,
    at: Instant,
}

impl Bucket {
    /// Holds what a second allows, and is full.
    pub(crate) fn new(per_second: u32, now: Instant) -> Self {
        let per_second = f64::from(per_second.max(1));
        Self { per_second, tokens: per_second, at: now }
    }

    /// Spends `amount`, which is there or not; tells how long nothing more should be spent.
    pub(crate) fn spend(&mut self, amount: u32, now: Instant) -> Duration {
        let earned = now.saturating_duration_since(self.at).as_secs_f64() * self.per_second;
        self.tokens = (self.tokens + earned).min(self.per_second) - f64::from(amount);
        self.at = now;
        Duration::from_secs_f64((-self.tokens / self.per_second).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_is_there_at_once_and_more_takes_its_time() {
        let start = Instant::now();
        let mut bucket = Bucket::new(10, start);
        assert_eq!(bucket.spend(10, start), Duration::ZERO);
        assert_eq!(bucket.spend(5, start), Duration::from_millis(500));
        assert_eq!(bucket.spend(0, start + Duration::from_millis(500)), Duration::ZERO);
        assert_eq!(bucket.spend(10, start + Duration::from_secs(60)), Duration::ZERO);
    }
}
