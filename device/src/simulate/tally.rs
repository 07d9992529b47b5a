//! What became of a fleet's transitions.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::publisher::Progress;

/// Counts, and how long acknowledgements took.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    waiting: HashMap<(usize, u64), Instant>,
    found: u64,
    /// Sorted when it is asked for.
    took: Vec<Duration>,
}

/// What there is to say of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Sum {
    /// Transitions that were kept.
    pub found: u64,
    /// Those that the broker has acknowledged.
    pub acknowledged: u64,
    /// Those that wait.
    pub waiting: u64,
    /// Devices without a network now.
    pub out: usize,
    /// How long it took until half of the acknowledged ones were, in milliseconds.
    pub p50_ms: f64,
    /// Until 99 of 100 were.
    pub p99_ms: f64,
}

impl Tally {
    /// Takes in how a transition of a device gets on.
    pub fn take(&mut self, device: usize, progress: Progress, now: Instant) {
        match progress {
            Progress::Kept { seq } => {
                self.found += 1;
                self.waiting.insert((device, seq), now);
            }
            Progress::Acknowledged { seq } => {
                if let Some(since) = self.waiting.remove(&(device, seq)) {
                    self.took.push(now.saturating_duration_since(since));
                }
            }
        }
    }

    /// All of it, with so many devices out.
    pub fn sum(&mut self, out: usize) -> Sum {
        self.took.sort_unstable();
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        Sum {
            found: self.found,
            acknowledged: number(self.took.len()),
            waiting: number(self.waiting.len()),
            out,
            p50_ms: self.percentile(50),
            p99_ms: self.percentile(99),
        }
    }

    fn percentile(&self, percent: usize) -> f64 {
        let at = (self.took.len() * percent / 100).min(self.took.len().saturating_sub(1));
        let took = self.took.get(at).copied().unwrap_or_default();
        (took.as_secs_f64() * 1e4).round() / 10.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_counted_once() {
        let (mut tally, now) = (Tally::default(), Instant::now());
        for seq in 0..100 {
            tally.take(1, Progress::Kept { seq }, now);
        }
        for seq in 0..99 {
            let later = now + Duration::from_millis(seq);
            tally.take(1, Progress::Acknowledged { seq }, later);
            tally.take(1, Progress::Acknowledged { seq }, later);
        }
        let sum = tally.sum(3);
        assert_eq!((sum.found, sum.acknowledged, sum.waiting, sum.out), (100, 99, 1, 3));
        assert_eq!((sum.p50_ms, sum.p99_ms), (49.0, 98.0));
    }
}
