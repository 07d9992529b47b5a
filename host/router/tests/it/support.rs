//! A router over scripts, a clock that follows the paused time, and the event of all tests.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use campanile_core::ledger::{DeliveryKey, Record};
use campanile_core::retry::OnUnknown;
use campanile_core::route::{Route, Routes};
use campanile_router::{Channels, DeliveryReport, Invocation, ReadyChannel, Report, Router, TickReport};
use campanile_store::{Ledger, Letter, MemoryLedger, PAGE_LIMIT};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::script::{Asked, Script, ScriptedRunner, Step};

pub(crate) const DEVICE: &str = "home-heating";
pub(crate) const EVENT: &str = "01a20694-3550-7cc3-98c4-000000000001";

/// Time of an invocation that has enough.
pub(crate) const PLENTY: Duration = Duration::from_secs(600);

/// Seconds since 1970 at the first look at the clock.
const START: i64 = 1_795_407_000;

/// The time: real to the router, paused to the test.
pub(crate) fn now() -> Timestamp {
    static FIRST: LazyLock<Instant> = LazyLock::new(Instant::now);
    // Each test has a paused clock of its own, which may be behind the one that looked first.
    let (first, current) = (*FIRST, Instant::now());
    let start = Timestamp::from_second(START).unwrap();
    start + current.saturating_duration_since(first) - first.saturating_duration_since(current)
}

/// `INACTIVE` of the heating, as a rule selects it.
pub(crate) fn event() -> Value {
    json!({
        "payload": { "event_id": EVENT, "device_id": DEVICE, "status": "INACTIVE", "previous": "ACTIVE" },
        "topic": "home/heating/status",
        "client_id": DEVICE,
    })
}

/// What a device reports right now.
pub(crate) fn transition(device: &str, number: u32, status: &str) -> Value {
    let (event_id, occurred_at) = (format!("01a20694-3550-7cc3-98c4-{number:012}"), now().to_string());
    json!({
        "payload": {
            "event_id": event_id, "device_id": device, "status": status, "occurred_at": occurred_at, "seq": number,
        },
        "topic": "home/heating/status",
        "client_id": device,
    })
}

/// A channel of a test: how it is configured, and what its attempts do.
pub(crate) struct Scripted {
    steps: Vec<Step>,
    attempts: u32,
    on_unknown: OnUnknown,
    fallback: Option<String>,
}

impl Scripted {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let steps = steps.into_iter().collect();
        Self { steps, attempts: 6, on_unknown: OnUnknown::Resend, fallback: None }
    }

    pub(crate) fn attempts(self, attempts: u32) -> Self {
        Self { attempts, ..self }
    }

    pub(crate) fn on_unknown(self, on_unknown: OnUnknown) -> Self {
        Self { on_unknown, ..self }
    }

    pub(crate) fn fallback(self, channel: &str) -> Self {
        Self { fallback: Some(channel.to_owned()), ..self }
    }
}

/// A router, and the scripts of its channels by their own names.
#[derive(Clone)]
pub(crate) struct Tower {
    router: Arc<Router<ScriptedRunner, MemoryLedger>>,
    scripts: BTreeMap<String, Arc<Script>>,
}

impl Tower {
    /// Every event goes to all of these channels; one with a `/` in its name is an item of a list.
    pub(crate) fn new<const N: usize>(channels: [(&str, Scripted); N]) -> Self {
        let mut names: Vec<String> = channels.iter().map(|(name, _)| in_routes(name)).collect();
        names.dedup();
        Self::with_routes(vec![Route::to_all(names)], channels)
    }

    /// A tower with one channel, `family`.
    pub(crate) fn of(family: Scripted) -> Self {
        Self::new([("family", family)])
    }

    pub(crate) fn with_routes<const N: usize>(routes: Vec<Route>, channels: [(&str, Scripted); N]) -> Self {
        let mut scripts = BTreeMap::new();
        let ready = channels.map(|(name, scripted)| {
            let script = Script::new(scripted.steps);
            scripts.insert(name.to_owned(), Arc::clone(&script));
            let channel = ReadyChannel {
                attempts: scripted.attempts,
                on_unknown: scripted.on_unknown,
                fallback: scripted.fallback,
                ..ready(script)
            };
            (in_routes(name), name.to_owned(), channel)
        });
        let (ledger, channels) = (MemoryLedger::default(), Channels::new(ready));
        let router = Router::new(ScriptedRunner, ledger, Routes::new(routes), channels, now);
        Self { router: Arc::new(router), scripts }
    }

    pub(crate) fn router(&self) -> &Router<ScriptedRunner, MemoryLedger> {
        &self.router
    }

    /// Hands in the event, with this request id and time.
    pub(crate) async fn handle(&self, id: &str, time: Duration) -> Report {
        self.router.handle(&event(), &Invocation::new(id, time)).await
    }

    /// Hands in another event of the device, which happens now.
    pub(crate) async fn says(&self, number: u32, status: &str) -> Report {
        self.hears(&transition(DEVICE, number, status), PLENTY).await
    }

    /// Hands in an event in an invocation of its own.
    pub(crate) async fn hears(&self, event: &Value, time: Duration) -> Report {
        let id = format!("request for {}", event["payload"]["event_id"]);
        self.router.handle(event, &Invocation::new(id, time)).await
    }

    /// What the schedule does.
    pub(crate) async fn ticks(&self) -> TickReport {
        self.router.tick(&Invocation::new("tick", seconds(50))).await
    }

    /// Titles of the messages that were tried on a channel, oldest first.
    pub(crate) fn titles(&self, channel: &str) -> Vec<String> {
        self.asked(channel).into_iter().map(|asked| asked.title).collect()
    }

    /// Hands in the event with enough time, and looks at `family` alone.
    pub(crate) async fn family(&self) -> DeliveryReport {
        let report = self.handle("request-1", PLENTY).await;
        delivery(&report, "family").clone()
    }

    /// The same channels again, as after a plugin has changed.
    pub(crate) fn reload(&self) {
        let ready = self
            .scripts
            .iter()
            .map(|(name, script)| (in_routes(name), name.clone(), ready(Arc::clone(script))));
        self.router.replace_channels(Channels::new(ready));
    }

    /// Only these channels are there from now on.
    pub(crate) fn narrow(&self, names: &[&str]) {
        let scripts = self.scripts.iter().filter(|(name, _)| names.contains(&name.as_str()));
        let ready = scripts.map(|(name, script)| (in_routes(name), name.clone(), ready(Arc::clone(script))));
        self.router.replace_channels(Channels::new(ready));
    }

    /// From now on, whoever looks once finds other secrets.
    pub(crate) fn renew(&self, channel: &str) {
        self.scripts[channel].renew();
    }

    /// The attempts that were made on a channel.
    pub(crate) fn asked(&self, channel: &str) -> Vec<Asked> {
        self.scripts[channel].asked()
    }

    /// What the ledger has of a channel's delivery.
    pub(crate) async fn record(&self, channel: &str) -> Option<Record> {
        let (device, event) = (DEVICE.to_owned(), EVENT.to_owned());
        let key = DeliveryKey { device, event, channel: channel.to_owned() };
        self.router.store().find(&key, now()).await.unwrap()
    }

    /// The events that went no further.
    pub(crate) async fn letters(&self) -> Vec<Letter> {
        self.router.store().letters(None, PAGE_LIMIT).await.unwrap().entries
    }
}

fn ready(script: Arc<Script>) -> ReadyChannel<Arc<Script>> {
    ReadyChannel {
        plugin: "scripted".to_owned(),
        version: "1.0.0".to_owned(),
        provider: "scripted".to_owned(),
        destination: Ok(script),
        attempts: 6,
        on_unknown: OnUnknown::Resend,
        fallback: None,
    }
}

fn in_routes(own_name: &str) -> String {
    own_name.split('/').next().unwrap_or(own_name).to_owned()
}

pub(crate) fn delivery<'r>(report: &'r Report, channel: &str) -> &'r DeliveryReport {
    report.deliveries.iter().find(|delivery| delivery.channel == channel).unwrap()
}

pub(crate) const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The time between two moments.
pub(crate) fn between(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap()
}
