//! What is still to be done, and how long to wait for it.

use std::time::Duration;

use campanile_store::{AnyLedger, Filter, NewState, PAGE_LIMIT, StateKey, States as _};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::evidence::listed;

/// Between two looks at devices that will be due soon.
const LOOK: Duration = Duration::from_millis(250);

/// What is due later than this is not waited for.
const SOON: SignedDuration = SignedDuration::from_secs(5);

/// Nothing waits longer.
const EVER: SignedDuration = SignedDuration::from_hours(24);

/// News that nobody reported on is told again then. The first time, that is after minutes.
const AGAIN: &str = "again-at";

/// How long until something can be done; `None` if nothing is left to do.
pub(crate) async fn due(ledger: &AnyLedger) -> Option<Duration> {
    let now = Timestamp::now();
    if let Some(due) = delivery_due(ledger).await {
        return Some(Duration::try_from(due.duration_since(now)).unwrap_or_default());
    }
    if !states_due(ledger, now + SOON).await.is_empty() {
        return Some(LOOK);
    }
    let waiting = states_due(ledger, now + EVER).await;
    for key in &waiting {
        hasten(ledger, key, now).await;
    }
    (!waiting.is_empty()).then_some(Duration::ZERO)
}

/// One look at all of them: between two, a delivery may go from one state to the other.
async fn delivery_due(ledger: &AnyLedger) -> Option<Timestamp> {
    let entries = listed(ledger, &Filter::default()).await;
    entries.iter().filter_map(|entry| entry.record.state.due()).min()
}

async fn states_due(ledger: &AnyLedger, by: Timestamp) -> Vec<StateKey> {
    ledger.due_states(by, PAGE_LIMIT).await.unwrap()
}

/// Lets the minutes pass that a device waits for, as the store has them: no test can.
async fn hasten(ledger: &AnyLedger, key: &StateKey, now: Timestamp) {
    let Some(kept) = ledger.load(key).await.unwrap() else { return };
    let mut state = serde_json::from_str(&kept.state).unwrap();
    bring_forward(&mut state, now);
    let new = NewState { state: &state.to_string(), due: Some(now), expires_at: None };
    // Whoever was quicker has done something about it.
    ledger.replace(key, Some(&kept.version), new).await.unwrap();
}

fn bring_forward(state: &mut Value, now: Timestamp) {
    match state {
        Value::Object(entries) => {
            for (name, value) in entries {
                if name == AGAIN {
                    *value = now.to_string().into();
                } else {
                    bring_forward(value, now);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| bring_forward(item, now)),
        _ => {}
    }
}
