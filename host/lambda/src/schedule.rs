//! The tick: what was stored with a due time is done. By the schedule, and by any invocation that has time left.

use std::time::Duration;

use aws_lambda_events::eventbridge::EventBridgeEvent;
use campanile_router::{Invocation, TickReport};
use serde_json::Value;

use crate::function::Function;

/// What a rule of EventBridge, and a schedule of its scheduler, call the event that only says that it is time
/// (EventBridge user guide, "Scheduled event").
const SCHEDULED: &str = "Scheduled Event";
const SOURCES: [&str; 2] = ["aws.events", "aws.scheduler"];

/// Between two looks of one process at what is due, apart from the schedule's: each costs a few reads of the store.
const PACE: Duration = Duration::from_secs(10);

/// Time that an invocation must have left to look at all.
const TIME_LEFT: Duration = Duration::from_secs(5);

/// Deliveries that are listed in an answer, which nobody waits for: the ledger has them all.
const LISTED: usize = 100;

/// Tells a tick from an event of a device.
pub(crate) fn is_tick(payload: &Value) -> bool {
    // `payload` and `device_id` are what a rule or a device would send.
    if payload.get("detail-type").is_none() || payload.get("payload").is_some() {
        return false;
    }
    serde_json::from_value::<EventBridgeEvent>(payload.clone())
        .is_ok_and(|event| event.detail_type == SCHEDULED && SOURCES.contains(&event.source.as_str()))
}

/// Answers with what was done.
pub(crate) async fn handle(function: &Function, invocation: &Invocation) -> Value {
    let mut report = function.tick(invocation).await;
    log(&report);
    report.deliveries.truncate(LISTED);
    for delivery in &mut report.deliveries {
        delivery.attempts.clear();
    }
    serde_json::to_value(&report).unwrap_or_default()
}

/// Does what is due if there is time left, so that nothing waits for the schedule while events come in.
pub(crate) async fn with_time_left(function: &Function, invocation: &Invocation) {
    if invocation.remaining() >= TIME_LEFT && function.is_time_for_tick(PACE) {
        log(&function.tick(invocation).await);
    }
}

fn log(report: &TickReport) {
    if report.states > 0 || !report.deliveries.is_empty() {
        let (states, deliveries) = (report.states, report.deliveries.len());
        tracing::info!(states, deliveries, more = report.more, "what was due was done");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_tick_is_told_from_an_event_and_from_a_batch() {
        let tick = json!({
            "version": "0", "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa", "detail-type": "Scheduled Event",
            "source": "aws.events", "account": "123456789012", "time": "2026-11-24T09:00:00Z", "region": "eu-central-1",
            "resources": ["arn:aws:events:eu-central-1:123456789012:rule/tick"], "detail": {},
        });
        assert!(is_tick(&tick));
        let mut other = tick.clone();
        other["source"] = json!("aws.ec2");
        assert!(!is_tick(&other));
        let mut enveloped = tick;
        enveloped["payload"] = json!({});
        assert!(!is_tick(&enveloped), "a device's word");
        assert!(!is_tick(&json!({ "device_id": "d", "status": "INACTIVE" })));
        assert!(!is_tick(&json!({ "Records": [] })));
    }
}
