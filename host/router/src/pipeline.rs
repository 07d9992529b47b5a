//! From an event to its report.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use campanile_core::event::Event;
use campanile_core::ledger::DeliveryKey;
use campanile_core::notification::Notification;
use campanile_core::route::Routes;
use campanile_store::{Ledger, Letter};
use jiff::Timestamp;
use tokio::task::JoinSet;

use crate::channels::{Channels, ReadyChannel};
use crate::delivery::Delivery;
use crate::gate::Gate;
use crate::invocation::Invocation;
use crate::report::{self, DeliveryReport, DeliveryStatus, EventResult, Report};
use crate::runner::Runner;

/// Tells the time: the system's, or a test's.
pub type Clock = fn() -> Timestamp;

/// Bytes of a bad event that are kept: the largest message of MQTT on AWS.
const LETTER_BYTES: usize = 128 * 1024;

/// Routes events. Cheap to share; one for the process.
#[derive(Debug)]
pub struct Router<R: Runner, L> {
    runner: Arc<R>,
    ledger: Arc<L>,
    gate: Arc<Gate>,
    routes: Routes,
    channels: RwLock<Arc<Channels<R::Destination>>>,
    clock: Clock,
}

/// A delivery that is to be made.
struct Planned<D> {
    name: String,
    channel: Arc<ReadyChannel<D>>,
    notification: Arc<Notification>,
}

impl<R: Runner, L: Ledger> Router<R, L> {
    /// A router for these routes and channels.
    #[must_use]
    pub fn new(
        runner: R,
        ledger: L,
        routes: Routes,
        channels: Channels<R::Destination>,
        clock: Clock,
    ) -> Self {
        Self {
            runner: Arc::new(runner),
            ledger: Arc::new(ledger),
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

    /// The ledger that deliveries are kept in.
    #[must_use]
    pub fn ledger(&self) -> &L {
        &self.ledger
    }

    /// Routes one event as it came in.
    pub async fn handle(&self, payload: &serde_json::Value, invocation: &Invocation) -> Report {
        match Event::from_value(payload, (self.clock)()) {
            Ok(event) => self.route(&event, invocation).await,
            Err(error) => self.invalid(payload, error.to_string()).await,
        }
    }

    async fn route(&self, event: &Event, invocation: &Invocation) -> Report {
        let (planned, problems) = self.plan(event);
        let mut deliveries = self.deliver_all(event, planned, invocation).await;
        deliveries.sort_by(|one, other| one.channel.cmp(&other.channel));
        let result = report::result(&deliveries);
        let reason = if result == EventResult::Unmatched { "no route wants it" } else { "" };
        for problem in &problems {
            tracing::warn!(event = %event.key, "{problem}");
        }
        Report {
            event: Some(event.key.clone()),
            device: Some(event.device_id.clone()),
            status: Some(event.status.clone()),
            result,
            reason: reason.to_owned(),
            problems,
            deliveries,
        }
    }

    /// The deliveries that an event needs, and what went wrong in finding out.
    fn plan(&self, event: &Event) -> (Vec<Planned<R::Destination>>, Vec<String>) {
        let now = (self.clock)();
        let channels = Arc::clone(&self.channels.read().unwrap_or_else(PoisonError::into_inner));
        let (mut planned, mut problems) = (Vec::new(), Vec::new());
        for matched in self.routes.matching(event, now) {
            problems.extend(matched.problem);
            let rendered = matched.route.render(event, now);
            problems.extend(rendered.problems);
            let notification = Arc::new(rendered.notification);
            for (name, channel) in matched.channels.iter().flat_map(|name| channels.named(name)) {
                planned.push(Planned {
                    name: name.clone(),
                    channel: Arc::clone(channel),
                    notification: Arc::clone(&notification),
                });
            }
        }
        (planned, problems)
    }

    /// All deliveries at once, each in its own task, so that not even a panic in one reaches another.
    async fn deliver_all(
        &self,
        event: &Event,
        planned: Vec<Planned<R::Destination>>,
        invocation: &Invocation,
    ) -> Vec<DeliveryReport> {
        let mut tasks = JoinSet::new();
        let mut running = HashMap::new();
        for planned in planned {
            let (name, plugin) = (planned.name.clone(), planned.channel.plugin.clone());
            let task = tasks.spawn(self.deliver(event, planned, invocation));
            running.insert(task.id(), (name, plugin));
        }
        let mut reports = Vec::new();
        while let Some(ended) = tasks.join_next_with_id().await {
            match ended {
                Ok((_, report)) => reports.push(report),
                Err(error) => {
                    reports.extend(running.remove(&error.id()).map(|(name, plugin)| broken(name, plugin)));
                }
            }
        }
        reports
    }

    /// One delivery, with everything it needs of its own.
    fn deliver(
        &self,
        event: &Event,
        planned: Planned<R::Destination>,
        invocation: &Invocation,
    ) -> impl Future<Output = DeliveryReport> + Send + use<R, L> {
        let Planned { name, channel, notification } = planned;
        let (runner, ledger) = (Arc::clone(&self.runner), Arc::clone(&self.ledger));
        let gate = Arc::clone(&self.gate);
        let (clock, invocation) = (self.clock, invocation.clone());
        let key = DeliveryKey { device: event.device_id.clone(), event: event.key.clone(), channel: name };
        async move {
            let (runner, ledger, gate, channel) = (&*runner, &*ledger, &*gate, &*channel);
            let (notification, invocation) = (&*notification, &invocation);
            Delivery { runner, ledger, gate, clock, channel, notification, invocation, key }.run().await
        }
    }

    async fn invalid(&self, payload: &serde_json::Value, reason: String) -> Report {
        let mut text = payload.to_string();
        if text.len() > LETTER_BYTES {
            let end = (0..=LETTER_BYTES).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
            text.truncate(end);
        }
        tracing::error!(payload = %text, "dead letter: {reason}");
        let letter = Letter { at: (self.clock)(), event: None, reason: reason.clone(), payload: text };
        let kept = self.ledger.bury(letter).await;
        Report {
            event: None,
            device: None,
            status: None,
            result: if kept.is_ok() { EventResult::Invalid } else { EventResult::Retrying },
            reason,
            problems: kept.err().map(|error| error.to_string()).into_iter().collect(),
            deliveries: Vec::new(),
        }
    }
}

/// The report of a delivery whose task panicked: its claim ends with its lease.
fn broken(channel: String, plugin: String) -> DeliveryReport {
    tracing::error!(channel, plugin, "the delivery broke off inside the host; it will be tried again");
    DeliveryReport {
        channel,
        plugin,
        status: DeliveryStatus::Retrying,
        detail: "it broke off inside the host".into(),
        receipt: None,
        presentation: campanile_core::notification::Presentation::default(),
        due: None,
        attempts: Vec::new(),
    }
}
