//! The beats of a function: what an EventBridge rule with `rate(…)` does.
//!
//! The service hands over every beat. Here one that comes while the event of the beat before is under way, with its
//! retries, is left out: a function that is slow or broken is not buried in beats.

use std::pin::pin;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::config::{ACCOUNT, REGION};
use crate::ids;

/// Calls `beat` every `period`, first after one period, until it is dropped.
pub(super) async fn run<F: Future<Output = ()>>(period: Duration, mut beat: impl FnMut() -> F) {
    let mut beats = interval_at(Instant::now() + period, period);
    beats.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        beats.tick().await;
        let mut under_way = pin!(beat());
        loop {
            tokio::select! {
                biased;
                () = &mut under_way => break,
                _ = beats.tick() => {}
            }
        }
    }
}

/// What the rule `rule` hands over at `now` (EventBridge user guide, "Creating a rule that runs on a schedule").
pub(super) fn event(rule: &str, now: Timestamp) -> Value {
    json!({
        "version": "0",
        "id": ids::uuid(),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "region": REGION,
        "resources": [format!("arn:aws:events:{REGION}:{ACCOUNT}:rule/{rule}")],
        "detail": {},
    })
}

#[cfg(test)]
mod tests;
