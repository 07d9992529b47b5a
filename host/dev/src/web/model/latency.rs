//! How long attempts and deliveries take, channel by channel.

use campanile_core::ledger::StateKind;
use jiff::SignedDuration;
use serde::Serialize;
use utoipa::ToSchema;

use super::delivery::{Attempt, Delivery};

/// How long a channel takes, of the latest deliveries. Times are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Latency {
    /// The channel.
    pub(in crate::web) channel: String,
    /// The first attempt of each delivery.
    pub(in crate::web) first_attempts: Quantiles,
    /// The attempts after it.
    pub(in crate::web) retries: Quantiles,
    /// From opening a delivery to its delivery, waits included.
    pub(in crate::web) until_delivered: Quantiles,
}

/// What most are within. Exact: every value is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Quantiles {
    /// How many there are.
    pub(in crate::web) count: usize,
    /// Half of them took at most this.
    pub(in crate::web) p50: u64,
    /// 95 of 100.
    pub(in crate::web) p95: u64,
    /// 99 of 100.
    pub(in crate::web) p99: u64,
    /// The longest.
    pub(in crate::web) max: u64,
}

/// By channel, of these deliveries.
pub(in crate::web) fn latencies(deliveries: &[Delivery]) -> Vec<Latency> {
    let mut channels: Vec<&str> = deliveries.iter().map(|delivery| delivery.channel.as_str()).collect();
    channels.sort_unstable();
    channels.dedup();
    let of = |channel: &str| {
        let own = || deliveries.iter().filter(move |delivery| delivery.channel == channel);
        let first = own().filter_map(|delivery| delivery.attempts.first());
        let retries = own().flat_map(|delivery| delivery.attempts.iter().skip(1));
        Latency {
            channel: channel.to_owned(),
            first_attempts: Quantiles::of(first.map(|attempt| attempt.duration_ms).collect()),
            retries: Quantiles::of(retries.map(|attempt| attempt.duration_ms).collect()),
            until_delivered: Quantiles::of(own().filter_map(until_delivered).collect()),
        }
    };
    channels.into_iter().map(of).collect()
}

fn until_delivered(delivery: &Delivery) -> Option<u64> {
    let last = delivery.attempts.last().filter(|_| delivery.status == StateKind::Delivered)?;
    u64::try_from(ended(last).duration_since(delivery.opened_at).as_millis()).ok()
}

/// When an attempt was over.
pub(in crate::web) fn ended(attempt: &Attempt) -> jiff::Timestamp {
    let length = SignedDuration::from_millis(i64::try_from(attempt.duration_ms).unwrap_or(i64::MAX));
    attempt.started_at.saturating_add(length).unwrap_or(attempt.started_at)
}

impl Quantiles {
    /// By the nearest rank.
    fn of(mut values: Vec<u64>) -> Self {
        values.sort_unstable();
        let at = |percent: usize| {
            let rank = (values.len() * percent).div_ceil(100).max(1);
            values.get(rank - 1).copied().unwrap_or_default()
        };
        Self { count: values.len(), p50: at(50), p95: at(95), p99: at(99), max: at(100) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_occurred() {
        let of = |values: &[u64]| {
            let Quantiles { count, p50, p95, p99, max } = Quantiles::of(values.to_vec());
            (count, p50, p95, p99, max)
        };
        assert_eq!(of(&[]), (0, 0, 0, 0, 0));
        assert_eq!(of(&[7]), (1, 7, 7, 7, 7));
        assert_eq!(of(&[4, 1, 3, 2]), (4, 2, 4, 4, 4));
        assert_eq!(of(&(1..=200).collect::<Vec<_>>()), (200, 100, 190, 198, 200));
    }
}
