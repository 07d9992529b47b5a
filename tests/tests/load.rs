//! Load: 10 000 messages of 50 devices with QoS 1, every fifth an alert, through broker, journal, rules, function and fakes. Nothing
//! is lost, also if the function's processes and then everything are killed in the middle. And alerts that come alone. `tests/load` shows
//! the figures.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can not go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use campanile_core::ledger::DeliveryState;
use campanile_core::outcome::OutcomeKind;
use campanile_store::{
    Entry, EventFilter, Filter, History as _, Ledger as _, PAGE_LIMIT, SqliteHistory, SqliteLedger,
};
use campanile_tests::dev::{Dev, signal};
use campanile_tests::process::peak_kib;
use campanile_tests::project::Project;
use jiff::Timestamp;
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, QoS};
use rusqlite::Connection;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

const DEVICES: u32 = 50;
/// Of each device; `CAMPANILE_LOAD=N` makes it N.
static MESSAGES: LazyLock<u32> =
    LazyLock::new(|| std::env::var("CAMPANILE_LOAD").map_or(200, |number| number.parse().unwrap()));
/// One in so many is an alert.
const ALERTS: u32 = 5;
const TOPIC: &str = "home/heating/status";

/// The most memory that the process and one of its function may take, in MiB, however many messages there are.
const MEMORY: (u64, u64) = (192, 64);

/// The longest that all of it may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Every alert is told on its own, to one channel.
const CONFIG: &str = "[channels.family]\nplugin = \"telegram\"\nsettings.chat-id = \"1\"\n\
    secrets.bot-token = { env = \"TOKEN\" }\n[[routes]]\nchannels = [\"family\"]\nflapping = false\nstorm = false\n\
    recoveries = \"silent\"\n[template.parameters]\nNotifyRecovery = \"true\"\n";

/// An event's id, and when it was published.
type Published = BTreeMap<String, Timestamp>;

fn event_id(device: u32, number: u32) -> String {
    format!("01a20694-3550-7cc3-{device:04}-{number:012}")
}

/// An alert, its end, and messages that are no news.
fn payload(device: u32, number: u32) -> Value {
    let status = |number: u32| if number.is_multiple_of(ALERTS) { "INACTIVE" } else { "ACTIVE" };
    json!({
        "event_id": event_id(device, number),
        "device_id": name(device),
        "status": status(number),
        "previous": status(number + ALERTS - 1),
        "occurred_at": Timestamp::now().to_string(),
        "seq": number,
        "reading": { "temperature": 21.5, "flow": 0.0 },
    })
}

fn name(device: u32) -> String {
    format!("heater-{device}")
}

/// A device that sends each message until it is acknowledged, over as many connections as it takes.
async fn device(device: u32, broker: SocketAddr, acknowledged: watch::Sender<u32>) -> Published {
    let mut published = Published::new();
    let mut connection = None;
    for number in 0..*MESSAGES {
        let payload = payload(device, number).to_string();
        loop {
            let (client, events) = connection.get_or_insert_with(|| connect(device, broker));
            let at = Timestamp::now();
            client.publish(TOPIC, QoS::AtLeastOnce, false, payload.clone()).await.unwrap();
            if is_acknowledged(events).await {
                published.insert(event_id(device, number), at);
                acknowledged.send_modify(|count| *count += 1);
                break;
            }
            connection = None;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    published
}

fn connect(device: u32, broker: SocketAddr) -> (AsyncClient, EventLoop) {
    let mut options = MqttOptions::new(name(device), broker.ip().to_string(), broker.port());
    options.set_keep_alive(Duration::from_secs(60));
    AsyncClient::new(options, 1)
}

async fn is_acknowledged(events: &mut EventLoop) -> bool {
    loop {
        match events.poll().await {
            Ok(Event::Incoming(Packet::PubAck(_))) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// All devices at once.
fn devices(broker: SocketAddr) -> (JoinSet<Published>, watch::Receiver<u32>) {
    let (acknowledged, count) = watch::channel(0);
    let mut devices = JoinSet::new();
    for number in 0..DEVICES {
        devices.spawn(device(number, broker, acknowledged.clone()));
    }
    (devices, count)
}

/// A port that is free, for a broker that has to come back to it.
fn free() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

async fn all(mut devices: JoinSet<Published>) -> Published {
    let mut published = Published::new();
    while let Some(of_device) = tokio::time::timeout(PATIENCE, devices.join_next()).await.unwrap() {
        published.extend(of_device.unwrap());
    }
    published
}

/// What the store has in the end.
struct Kept {
    /// The ids of events in the history, one for each message.
    events: Vec<String>,
    deliveries: Vec<Entry>,
    /// How many requests the providers got; of those before a kill, it may not know the last ones.
    requests: usize,
}

impl Kept {
    async fn read(folder: &Path) -> Self {
        let file = folder.join("campanile.db");
        let history = SqliteHistory::open(&file).await.unwrap();
        let ledger = SqliteLedger::open(&file).await.unwrap();
        let (mut events, mut after) = (Vec::new(), None);
        loop {
            let page = history.list(&EventFilter::default(), after, PAGE_LIMIT).await.unwrap();
            let ids = page.entries.iter().filter_map(|event| event.payload()?.get("event_id")?.as_str());
            events.extend(ids.map(str::to_owned));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let (mut deliveries, mut after) = (Vec::new(), None);
        loop {
            let page = ledger.list(&Filter::default(), Timestamp::now(), after, PAGE_LIMIT).await.unwrap();
            deliveries.extend(page.entries);
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let inbox = Connection::open(folder.join("inbox.db")).unwrap();
        let requests: i64 =
            inbox.query_row("SELECT ifnull(max(id), 0) FROM caught", [], |row| row.get(0)).unwrap();
        Self { events, deliveries, requests: usize::try_from(requests).unwrap() }
    }

    /// Nothing that was acknowledged is missing; the ledger has what was told, and nothing that was never judged; and each delivery
    /// has ended, and reached people once.
    fn check(&self, published: &Published, judged: &Judged) {
        let events: BTreeSet<&String> = self.events.iter().collect();
        let missing: Vec<&String> = published.keys().filter(|id| !events.contains(id)).collect();
        assert_eq!(missing, Vec::<&String>::new());
        let delivered: BTreeSet<&String> =
            self.deliveries.iter().map(|delivery| &delivery.key.event).collect();
        let untold: Vec<&String> = judged.told.iter().filter(|event| !delivered.contains(event)).collect();
        assert_eq!(untold, Vec::<&String>::new());
        let unjudged: Vec<&&String> = delivered.iter().filter(|event| !judged.has(event)).collect();
        assert_eq!(unjudged, Vec::<&&String>::new());
        for Entry { key, record } in &self.deliveries {
            let outcomes: Vec<OutcomeKind> = record.attempts.iter().map(|attempt| attempt.outcome).collect();
            let reached = outcomes.iter().filter(|outcome| **outcome == OutcomeKind::Delivered).count();
            let is_right = match record.state {
                DeliveryState::Delivered { .. } => reached == 1,
                // Something newer of its device was quicker.
                DeliveryState::Rejected { .. } => reached == 0,
                _ => false,
            };
            assert!(is_right, "{key} is {} after {outcomes:?}", record.state.kind().name());
        }
    }

    fn attempts(&self) -> usize {
        self.deliveries.iter().map(|delivery| delivery.record.attempts.len()).sum()
    }

    fn without_answer(&self) -> usize {
        let attempts = self.deliveries.iter().flat_map(|delivery| &delivery.record.attempts);
        attempts.filter(|attempt| attempt.outcome == OutcomeKind::Unknown).count()
    }
}

/// The ids of alerts that the function has judged.
#[derive(Debug, Default)]
struct Judged {
    /// People were told of them.
    told: BTreeSet<String>,
    /// They were no news, because a newer message of the device was quicker.
    silent: BTreeSet<String>,
}

impl Judged {
    fn of(seen: &[Value]) -> Self {
        let mut judged = Self::default();
        seen.iter().for_each(|seen| judged.hear(seen));
        judged
    }

    fn hear(&mut self, seen: &Value) {
        if seen["type"] != "action" || seen["rule"] != "HotRule" || seen["kind"] != "lambda" {
            return;
        }
        assert_eq!(seen["state"], "done", "{seen:#}");
        let report = &seen["report"];
        let event = report["event"].as_str().unwrap().to_owned();
        if report["deliveries"].as_array().is_some_and(|deliveries| !deliveries.is_empty()) {
            self.told.insert(event);
        } else {
            self.silent.insert(event);
        }
    }

    fn has(&self, event: &str) -> bool {
        self.told.contains(event) || self.silent.contains(event)
    }

    fn len(&self) -> usize {
        self.told.union(&self.silent).count()
    }
}

/// From publishing to the end of the attempt that was caught, in milliseconds, sorted.
fn latencies(seen: &[Value], published: &Published) -> Vec<i64> {
    let attempts = seen.iter().filter(|seen| seen["type"] == "attempt");
    let latency = |attempt: &Value| {
        let began: Timestamp = attempt["attempt"]["started-at"].as_str()?.parse().ok()?;
        let end = began.as_millisecond() + attempt["attempt"]["duration-ms"].as_i64()?;
        Some(end - published.get(attempt["event"].as_str()?)?.as_millisecond())
    };
    let mut latencies: Vec<i64> = attempts.filter_map(latency).collect();
    latencies.sort_unstable();
    latencies
}

/// The most memory that a process has had, in MiB.
fn peak(pid: u32) -> u64 {
    peak_kib(pid) / 1024
}

fn percentile(sorted: &[i64], percent: usize) -> i64 {
    sorted
        .get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

/// Reads on until this many alerts were judged.
async fn until_judged(dev: &mut Dev, count: usize) {
    let mut judged = 0;
    while judged < count {
        dev.next_where("action", |action| action["rule"] == "HotRule").await;
        judged += 1;
    }
}

/// Reads on until so many messages were acknowledged: nobody may stop reading, or it stops writing.
async fn until_acknowledged(dev: &mut Dev, acknowledged: &mut watch::Receiver<u32>, count: u32) {
    let reading = async {
        loop {
            dev.next_where("action", |_| true).await;
        }
    };
    tokio::select! {
        _ = acknowledged.wait_for(|acknowledged| *acknowledged >= count) => {}
        () = reading => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_messages() {
    let project = Project::new(CONFIG, &["telegram"]);
    let broker = free();
    let mut dev = Dev::start(&project, &["--data-dir", "data", "--mqtt", &broker.to_string()]).await;
    let began = Instant::now();
    let (devices, _) = devices(broker);
    let reading = async {
        until_judged(&mut dev, usize::try_from(DEVICES * *MESSAGES / ALERTS).unwrap()).await;
        began.elapsed()
    };
    let publishing = async {
        let published = all(devices).await;
        (published, began.elapsed())
    };
    let ((published, acknowledged), judged_in) = tokio::join!(publishing, reading);
    let memory = (peak(dev.pid()), dev.functions().into_iter().map(peak).max().unwrap_or_default());
    dev.rewind();
    let judged = Judged::of(&dev.seen);
    let latencies = latencies(&dev.seen, &published);
    assert!(memory.0 <= MEMORY.0 && memory.1 <= MEMORY.1, "{memory:?} MiB");
    let (stopped, _) = dev.stop().await;
    assert_eq!(stopped["messages"], 0, "{stopped:#}");
    let kept = Kept::read(&project.path("data")).await;
    kept.check(&published, &judged);
    assert_eq!(kept.events.len(), published.len(), "one item for each message");
    assert_eq!(judged.len(), usize::try_from(DEVICES * *MESSAGES / ALERTS).unwrap());
    assert_eq!(kept.attempts(), kept.requests, "the ledger has what the providers got");
    let rate = |count: usize, time: Duration| count as f64 / time.as_secs_f64();
    eprintln!(
        "{} messages acknowledged in {:.1} s: {:.0} a second\n{} alerts judged in {:.1} s: {:.0} a second; {} told, {} overtaken\n\
         published to caught: p50 {} ms, p99 {} ms\npeak memory: dev {} MiB, bootstrap {} MiB",
        published.len(),
        acknowledged.as_secs_f64(),
        rate(published.len(), acknowledged),
        judged.len(),
        judged_in.as_secs_f64(),
        rate(judged.len(), judged_in),
        judged.told.len(),
        judged.silent.len(),
        percentile(&latencies, 50),
        percentile(&latencies, 99),
        memory.0,
        memory.1,
    );
}

/// As it is on most days.
#[tokio::test(flavor = "multi_thread")]
async fn one_alert_after_the_other() {
    let project = Project::new(CONFIG, &["telegram"]);
    let broker = free();
    let mut dev = Dev::start(&project, &["--data-dir", "data", "--mqtt", &broker.to_string()]).await;
    let mut published = Published::new();
    for device in 0..2 * DEVICES {
        let (client, mut events) = connect(device, broker);
        let at = Timestamp::now();
        client.publish(TOPIC, QoS::AtLeastOnce, false, payload(device, 0).to_string()).await.unwrap();
        assert!(is_acknowledged(&mut events).await);
        published.insert(event_id(device, 0), at);
        dev.attempt("family").await;
    }
    let latencies = latencies(&dev.seen, &published);
    assert_eq!(latencies.len(), published.len());
    eprintln!(
        "one alert after the other, published to caught: p50 {} ms, p99 {} ms",
        percentile(&latencies, 50),
        percentile(&latencies, 99)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_messages_and_everything_is_killed_in_the_middle() {
    let project = Project::new(CONFIG, &["telegram"]);
    let broker = free();
    let arguments = ["--data-dir", "data", "--mqtt", &broker.to_string()];
    let mut dev = Dev::start(&project, &arguments).await;
    let (devices, mut acknowledged) = devices(broker);
    until_acknowledged(&mut dev, &mut acknowledged, DEVICES * *MESSAGES / 4).await;
    for pid in dev.functions() {
        signal(pid, "KILL").await;
    }
    until_acknowledged(&mut dev, &mut acknowledged, DEVICES * *MESSAGES / 2).await;
    dev.kill().await;
    let before = *acknowledged.borrow();
    let mut judged = Judged::of(&dev.seen);
    drop(dev);
    let mut dev = Dev::start(&project, &arguments).await;
    let reading = async {
        while judged.len() < usize::try_from(DEVICES * *MESSAGES / ALERTS).unwrap() {
            judged.hear(&dev.next_where("action", |action| action["rule"] == "HotRule").await);
        }
    };
    let (published, ()) = tokio::join!(all(devices), reading);
    dev.stop().await;
    let kept = Kept::read(&project.path("data")).await;
    kept.check(&published, &judged);
    eprintln!(
        "killed after {before} acknowledged messages; {} in the history for {} published; {} deliveries with {} attempts, {} of them \
         without answer",
        kept.events.len(),
        published.len(),
        kept.deliveries.len(),
        kept.attempts(),
        kept.without_answer(),
    );
}
