//! From an event to its report.

use std::sync::{Arc, PoisonError, RwLock};

use campanile_core::event::Event;
use campanile_core::ledger::Told;
use campanile_core::route::Routes;
use campanile_core::transition::device::{Arrived, Changed, Device, Fate, RouteNews, RouteVerdict};
use campanile_store::{Ledger, Letter, StateKey, States};
use jiff::Timestamp;

use crate::channels::Channels;
use crate::gate::Gate;
use crate::invocation::Invocation;
use crate::report::{self, EventResult, Report};
use crate::runner::Runner;
use crate::states::{Change, StateError, change};
use crate::teller::Teller;

/// Tells the time: the system's, or a test's.
pub type Clock = fn() -> Timestamp;

/// Bytes of a bad event that are kept: the largest message of MQTT on AWS.
const LETTER_BYTES: usize = 128 * 1024;

/// Routes events. Cheap to share; one for the process.
#[derive(Debug)]
pub struct Router<R: Runner, S> {
    runner: Arc<R>,
    store: Arc<S>,
    gate: Arc<Gate>,
    routes: Routes,
    channels: RwLock<Arc<Channels<R::Destination>>>,
    clock: Clock,
}

impl<R: Runner, S: Ledger + States> Router<R, S> {
    /// A router for these routes and channels.
    #[must_use]
    pub fn new(
        runner: R,
        store: S,
        routes: Routes,
        channels: Channels<R::Destination>,
        clock: Clock,
    ) -> Self {
        Self {
            runner: Arc::new(runner),
            store: Arc::new(store),
            gate: Arc::default(),
            routes,
            channels: RwLock::new(Arc::new(channels)),
            clock,
        }
    }

    /// Takes other channels from now on: plugins have appeared, changed or gone.
    pub fn replace_channels(&self, channels: Channels<R::Destination>) {
        *self.channels.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(channels);
        self.gate.reset();
    }

    /// Where deliveries and the states of devices are kept.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    pub(crate) fn channels(&self) -> Arc<Channels<R::Destination>> {
        Arc::clone(&self.channels.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn routes(&self) -> &Routes {
        &self.routes
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// What a task needs of its own.
    pub(crate) fn parts(&self) -> (Arc<R>, Arc<S>, Arc<Gate>, Clock) {
        (Arc::clone(&self.runner), Arc::clone(&self.store), Arc::clone(&self.gate), self.clock)
    }

    /// Routes one event as it came in.
    pub async fn handle(&self, payload: &serde_json::Value, invocation: &Invocation) -> Report {
        let report = match Event::from_value(payload, self.now()) {
            Ok(event) => self.route(&event, invocation).await,
            Err(error) => self.invalid(payload, error.to_string()).await,
        };
        invocation.recorder().event(&report);
        report
    }

    async fn route(&self, event: &Event, invocation: &Invocation) -> Report {
        let report = match self.arrive(event).await {
            Ok((verdicts, problems)) => self.tell(event, verdicts, problems, invocation).await,
            // Nothing was told, so whoever hands the event in again loses nothing.
            Err(error) => Report { reason: error.to_string(), ..about(event, EventResult::Retrying) },
        };
        for problem in &report.problems {
            tracing::warn!(event = %event.key, "{problem}");
        }
        report
    }

    /// Takes the event into the device's state: what is told of it is decided, and written, before anything is sent.
    async fn arrive(&self, event: &Event) -> Result<(Vec<RouteVerdict>, Vec<String>), StateError> {
        let now = self.now();
        let decide = |device: &Device| {
            let Arrived { device, verdicts, problems } = device.arrive(event, &self.routes, now);
            let due = device.due(&self.routes);
            Change { state: device, due, expires_at: None, always: false, answer: (verdicts, problems) }
        };
        change(self.store(), &StateKey::Device(event.device_id.clone()), decide).await
    }

    async fn tell(
        &self,
        event: &Event,
        verdicts: Vec<RouteVerdict>,
        mut problems: Vec<String>,
        invocation: &Invocation,
    ) -> Report {
        let mut teller = Teller::new(self, invocation);
        let mut silences = Vec::new();
        for RouteVerdict { route, verdict } in verdicts {
            match verdict {
                Ok(told) => teller.tell(told).await,
                Err(silence) => silences.push((route, silence).into()),
            }
        }
        let outcomes = teller.finish().await;
        silences.extend(outcomes.silences);
        problems.extend(outcomes.problems);
        let result = report::result(&outcomes.deliveries, &silences);
        let reason = report::reason(result, &silences);
        Report { reason, problems, silences, deliveries: outcomes.deliveries, ..about(event, result) }
    }

    /// Lets a device's state hear what became of its news; tells what follows.
    pub(crate) async fn report(
        &self,
        route: &str,
        told: &Told,
        fate: &Fate,
    ) -> Result<Vec<RouteNews>, StateError> {
        let Some(route) = self.routes.get(route) else { return Ok(Vec::new()) };
        let now = self.now();
        let decide = |device: &Device| {
            let Changed { device, news } = device.report(route, &told.news, fate, now);
            let due = device.due(&self.routes);
            Change { state: device, due, expires_at: None, always: false, answer: news }
        };
        change(self.store(), &StateKey::Device(told.device.clone()), decide).await
    }

    async fn invalid(&self, payload: &serde_json::Value, reason: String) -> Report {
        let mut text = payload.to_string();
        text.truncate(text.floor_char_boundary(LETTER_BYTES));
        tracing::error!(payload = %text, "dead letter: {reason}");
        let letter = Letter { at: self.now(), event: None, reason: reason.clone(), payload: text };
        let kept = self.store.bury(letter).await;
        Report {
            event: None,
            device: None,
            status: None,
            result: if kept.is_ok() { EventResult::Invalid } else { EventResult::Retrying },
            reason,
            problems: kept.err().map(|error| error.to_string()).into_iter().collect(),
            silences: Vec::new(),
            deliveries: Vec::new(),
        }
    }
}

fn about(event: &Event, result: EventResult) -> Report {
    Report {
        event: Some(event.key.clone()),
        device: Some(event.device_id.clone()),
        status: Some(event.status.clone()),
        result,
        reason: String::new(),
        problems: Vec::new(),
        silences: Vec::new(),
        deliveries: Vec::new(),
    }
}
