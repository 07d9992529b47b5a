//! Many cold starts in a few numbers.

use std::time::Duration;

use serde::Serialize;

use super::course::Sample;

/// What was measured of one function.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Figures {
    /// Of which: `campanile`, `campanile-one-plugin`, `rust`, `python-urllib`, `python-apprise`.
    pub function: &'static str,
    /// For people.
    #[serde(skip)]
    pub title: &'static str,
    /// Until it asked for its first event.
    pub init: Spread,
    /// The same with a client for the ledger's table in DynamoDB, if it has a ledger.
    pub init_with_table: Option<Spread>,
    /// Until the first byte of a request was at a provider.
    pub first_byte: Spread,
    /// Until all requests were there.
    pub sent: Spread,
    /// Until its answer.
    pub answered: Spread,
    /// An event for the process that is there already, until its answer.
    pub warm: Spread,
    /// The most memory that a process has had, in KiB.
    pub peak_kib: u64,
    /// All files that are deployed, unpacked.
    pub deployed_bytes: u64,
}

/// How long something takes, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Spread {
    /// Half of them are no slower.
    pub p50_us: u128,
    /// Nine tenths of them are no slower.
    pub p90_us: u128,
    /// The slowest.
    pub max_us: u128,
}

impl Figures {
    /// Those of one or more samples.
    #[must_use]
    pub fn of(function: &'static str, title: &'static str, deployed_bytes: u64, samples: &[Sample]) -> Self {
        let spread = |of: fn(&Sample) -> Duration| Spread::of(samples.iter().map(of).collect());
        let with_table: Vec<Duration> = samples.iter().filter_map(|sample| sample.init_with_table).collect();
        Self {
            function,
            title,
            init: spread(|sample| sample.init),
            init_with_table: (!with_table.is_empty()).then(|| Spread::of(with_table)),
            first_byte: spread(|sample| sample.first_byte),
            sent: spread(|sample| sample.sent),
            answered: spread(|sample| sample.answered),
            warm: spread(|sample| sample.warm),
            peak_kib: samples.iter().map(|sample| sample.peak_kib).max().unwrap_or_default(),
            deployed_bytes,
        }
    }
}

impl Spread {
    /// By the nearest rank, so that each number is one that was measured. There has to be one.
    fn of(mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        let rank = |percent: usize| (all.len() * percent).div_ceil(100).saturating_sub(1);
        let at = |percent: usize| all.get(rank(percent)).unwrap().as_micros();
        Self { p50_us: at(50), p90_us: at(90), max_us: at(100) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(milliseconds: impl IntoIterator<Item = u64>) -> (u128, u128, u128) {
        let spread = Spread::of(milliseconds.into_iter().map(Duration::from_millis).collect());
        (spread.p50_us, spread.p90_us, spread.max_us)
    }

    #[test]
    fn each_number_is_one_that_was_measured() {
        assert_eq!(of((1..=20).rev()), (10_000, 18_000, 20_000));
        assert_eq!(of([3, 1, 2]), (2000, 3000, 3000));
        assert_eq!(of([7]), (7000, 7000, 7000));
    }
}
