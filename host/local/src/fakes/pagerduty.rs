//! PagerDuty's Events API v2: accepts and refuses events as the service does, and shows the incidents that they make.
//!
//! Follows the pages "Events API v2 Overview" and "Send an Alert Event"
//! (<https://developer.pagerduty.com/docs/events-api-v2-overview>, <https://developer.pagerduty.com/docs/send-alert-event>) and the
//! API's description (`reference/events-v2/openapiv3.json` of PagerDuty/api-schema). Change events are not modelled. Rate limits are not
//! modelled here: a fault puts them in front of any fake.

mod event;
mod incident;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};

use self::event::{Action, Event, Refusal};
use self::incident::Incident;
use super::{Answer, CaughtRequest, Fake, Shown};
use crate::ids;

/// Incidents kept for later events; the oldest go first.
const KEPT: usize = 1000;

/// PagerDuty, as far as events of alerts go.
#[derive(Debug)]
pub struct PagerDutyFake {
    clock: fn() -> Timestamp,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    removed: HashSet<String>,
    /// From old to new.
    incidents: VecDeque<Incident>,
    /// How many incidents a routing key and a `dedup_key` have had.
    counts: HashMap<(String, String), u32>,
}

impl PagerDutyFake {
    /// A PagerDuty whose incidents are opened at the time that `clock` tells.
    #[must_use]
    pub fn new(clock: fn() -> Timestamp) -> Self {
        Self { clock, state: Mutex::default() }
    }

    /// Says that the integration with this key does not exist any more.
    pub fn remove(&self, routing_key: impl Into<String>) {
        self.with(|state| state.removed.insert(routing_key.into()));
    }

    fn with<T>(&self, use_state: impl FnOnce(&mut State) -> T) -> T {
        // A panic elsewhere leaves whole incidents behind: the state is usable.
        use_state(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Fake for PagerDutyFake {
    fn answer(&self, request: &CaughtRequest) -> Answer {
        // The service makes a key for an event that has none.
        let key = ids::uuid().replace('-', "");
        let accepted = self.with(|state| state.accept(request, key, (self.clock)()));
        accepted.unwrap_or_else(|refusal| Answer::json(refusal.status, &refusal.body, None))
    }

    /// Takes the event again, with the key that it was given. Times of then are not known: those that the events tell are.
    fn remember(&self, request: &CaughtRequest, answer: &Answer) {
        let answered: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let key = answered.get("dedup_key").and_then(Value::as_str);
        if let (202, Some(key)) = (answer.status, key) {
            let taken = self.with(|state| state.accept(request, key.to_owned(), (self.clock)()));
            drop(taken);
        }
    }
}

impl State {
    fn accept(&mut self, request: &CaughtRequest, key: String, now: Timestamp) -> Result<Answer, Refusal> {
        let event = Event::read(request)?;
        if self.removed.contains(&event.routing_key) {
            return Err(Refusal::invalid(&["Invalid routing key".to_owned()]));
        }
        let key = event.dedup_key.clone().unwrap_or(key);
        let body = json!({ "status": "success", "message": "Event processed", "dedup_key": key });
        let shown = self.apply(event, key, now);
        Ok(Answer::json(202, &body, shown))
    }

    /// What the event does. One that is about no open incident is accepted and dropped ("Alert De-Duplication").
    fn apply(&mut self, event: Event, key: String, now: Timestamp) -> Option<Shown> {
        let open = self.incidents.iter_mut().rev().find(|incident| incident.takes(&event.routing_key, &key));
        match (event.action, open) {
            (Action::Trigger(alert), Some(incident)) => Some(incident.trigger_again(*alert)),
            (Action::Trigger(alert), None) => {
                let count = self.counts.entry((event.routing_key.clone(), key.clone())).or_default();
                *count += 1;
                let incident = Incident::new(event.routing_key, key, *count, *alert, now);
                let shown = incident.shown();
                if self.incidents.len() >= KEPT {
                    self.incidents.pop_front();
                }
                self.incidents.push_back(incident);
                Some(shown)
            }
            (Action::Acknowledge, Some(incident)) => Some(incident.acknowledge()),
            (Action::Resolve, Some(incident)) => Some(incident.resolve()),
            (Action::Acknowledge | Action::Resolve, None) => None,
        }
    }
}
