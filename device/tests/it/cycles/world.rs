//! A device, a broker and the way between them, each of which breaks at random, again and again. What must hold in the end holds for
//! every seed.

mod device;
mod recorder;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use campanile_device::simulate::{Relay, Way};
use fastrand::Rng;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use self::device::Device;
use self::recorder::Recorder;

/// The longest that all of a world may take: a cycle takes a second at most, and what is left at the end some.
const PATIENCE: Duration = Duration::from_secs(900);

/// How long a cycle may wait for an acknowledgement before it breaks the next thing.
const PROGRESS: Duration = Duration::from_millis(1500);

/// A broker that can be killed.
pub(crate) trait Broker {
    /// Where it listens, always.
    fn port(&self) -> u16;
    /// It dies, and is there again.
    fn restart(&mut self) -> impl Future<Output = ()>;
}

/// What happened.
#[derive(Debug)]
pub(crate) struct Story {
    /// The events that were acknowledged, each once, by number.
    pub(crate) events: BTreeMap<u64, Value>,
    /// How many acknowledgements there were.
    pub(crate) copies: usize,
    /// How often what was broken.
    pub(crate) broken: BTreeMap<&'static str, u32>,
}

/// Breaks things so many times, then lets everything come to rest, and checks what must hold.
pub(crate) async fn run(seed: u64, cycles: u32, program: &Path, broker: &mut impl Broker) -> Story {
    timeout(PATIENCE, story(seed, cycles, program, broker))
        .await
        .unwrap_or_else(|_| panic!("seed {seed}: it has no end"))
}

async fn story(seed: u64, cycles: u32, program: &Path, broker: &mut impl Broker) -> Story {
    let (mut rng, folder) = (Rng::with_seed(seed), tempfile::tempdir().unwrap());
    let recorder = Recorder::before(broker.port()).await;
    let relay = Relay::to(&format!("127.0.0.1:{}", recorder.port())).await.unwrap();
    let mut device = Device::new(program, folder.path(), relay.port());
    let (mut arrived, mut status, mut broken) = (recorder.arrived(), 0, BTreeMap::new());
    device.start();
    for _ in 0..cycles {
        for _ in 0..rng.u32(0..5) {
            status += 1;
            device.signals(&format!("S{status}")).await;
        }
        if rng.bool() {
            progress(&mut arrived).await;
        }
        sleep(Duration::from_millis(rng.u64(0..30))).await;
        let what = break_one(&mut rng, &mut device, &relay, broker).await;
        *broken.entry(what).or_default() += 1;
    }
    // A new process has no long pause before its next connection.
    device.kill().await;
    device.start();
    device.signals("END").await;
    while arrived.borrow_and_update().last().is_none_or(|event| event["status"] != "END") {
        arrived.changed().await.unwrap();
    }
    let (kept, spool) = device.ends().await;
    let arrived = recorder.arrived().borrow().clone();
    let events = check(seed, &arrived, &kept);
    let figures = spool.figures().unwrap();
    assert_eq!((figures.spooled, figures.counters.refused), (0, 0), "seed {seed}");
    assert_eq!(figures.counters.appended, u64::try_from(events.len()).unwrap(), "seed {seed}");
    Story { copies: arrived.len(), events, broken }
}

/// Waits for the next acknowledgement, but not for long.
async fn progress(arrived: &mut watch::Receiver<Vec<Value>>) {
    arrived.mark_unchanged();
    timeout(PROGRESS, arrived.changed()).await.map(Result::unwrap).ok();
}

async fn break_one(
    rng: &mut Rng,
    device: &mut Device,
    relay: &Relay,
    broker: &mut impl Broker,
) -> &'static str {
    match rng.u32(..10) {
        0..4 => {
            device.kill().await;
            sleep(Duration::from_millis(rng.u64(0..20))).await;
            device.start();
            "publisher killed"
        }
        4..6 => {
            broker.restart().await;
            "broker killed"
        }
        6..8 => {
            relay.set(Way::Cut);
            sleep(Duration::from_millis(rng.u64(0..50))).await;
            relay.set(Way::Open);
            "cut"
        }
        _ => {
            relay.set(Way::Silent);
            sleep(Duration::from_millis(rng.u64(0..1300))).await;
            relay.set(Way::Open);
            "half-open"
        }
    }
}

/// Every transition that was kept has arrived; copies are the same; numbers tell the order.
fn check(seed: u64, arrived: &[Value], kept: &[(u64, String)]) -> BTreeMap<u64, Value> {
    let mut events = BTreeMap::new();
    for event in arrived {
        let seq = event["seq"].as_u64().unwrap();
        let latest = events.last_key_value().map(|(seq, _)| *seq);
        let first = events.entry(seq).or_insert_with(|| {
            assert!(
                latest.is_none_or(|latest| latest < seq),
                "seed {seed}: {seq} has arrived after {latest:?}"
            );
            event.clone()
        });
        assert_eq!(first, event, "seed {seed}: a copy is another one");
    }
    for (seq, status) in kept {
        let event =
            events.get(seq).unwrap_or_else(|| panic!("seed {seed}: {status}, number {seq}, has not arrived"));
        assert_eq!(event["status"], *status, "seed {seed}");
    }
    let statuses: Vec<u64> = events
        .values()
        .filter_map(|event| event["status"].as_str()?.strip_prefix('S')?.parse().ok())
        .collect();
    assert!(statuses.is_sorted_by(|one, next| one < next), "seed {seed}: {statuses:?}");
    let ids: std::collections::BTreeSet<_> =
        events.values().map(|event| event["event_id"].to_string()).collect();
    assert_eq!(ids.len(), events.len(), "seed {seed}: ids are one each");
    events
}
