//! How long one event takes that comes alone: from the signal until the broker has written its PUBACK, over loopback and without TLS.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tokio::io::AsyncWriteExt as _;
use tokio::time::{Instant, sleep};

use crate::acknowledging::Acknowledging;
use crate::device::{Device, signal};
use crate::{others, tell};

/// Before the first one that counts: caches are cold, and there is no connection yet.
const WARM_UP: usize = 10;

/// That count.
const EVENTS: usize = 500;

/// Between two events: they come alone.
pub(crate) const PAUSE: Duration = Duration::from_millis(20);

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Latencies {
    /// The program, each event on the disk first.
    pub(crate) synced: Latency,
    /// The program with `spool.sync = false`.
    pub(crate) unsynced: Latency,
    /// rumqttc without us, in this process; nothing is kept.
    pub(crate) rumqttc: Latency,
    /// `mosquitto_pub` started for each event, from its start on; nothing is kept.
    pub(crate) mosquitto_pub: Latency,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Latency {
    pub(crate) events: usize,
    pub(crate) p50_us: u128,
    pub(crate) p99_us: u128,
}

impl Latency {
    pub(crate) fn of(mut all: Vec<Duration>) -> Self {
        all.sort_unstable();
        let at = |percent: usize| all[(all.len() * percent / 100).min(all.len() - 1)].as_micros();
        Self { events: all.len(), p50_us: at(50), p99_us: at(99) }
    }
}

/// And the payloads, for others to publish.
pub(crate) async fn measured(program: &Path, folder: &Path) -> (Latencies, Vec<Bytes>) {
    tell("events that come alone");
    let (synced, payloads) = device(program, folder, true).await;
    let (unsynced, _) = device(program, folder, false).await;
    let rumqttc = others::rumqttc_one_by_one(&payloads).await;
    let mosquitto_pub = others::mosquitto_pub_for_each(&payloads).await;
    (Latencies { synced, unsynced, rumqttc, mosquitto_pub }, payloads)
}

async fn device(program: &Path, folder: &Path, sync: bool) -> (Latency, Vec<Bytes>) {
    let mut broker = Acknowledging::start().await;
    let settings = format!("host = \"127.0.0.1\"\nport = {}\n[spool]\nsync = {sync}\n", broker.port());
    let (mut device, mut pipe) = Device::start(program, folder, &settings);
    let (mut took, mut payloads) = (Vec::new(), Vec::new());
    for number in 0..WARM_UP + EVENTS {
        sleep(PAUSE).await;
        let began = Instant::now();
        pipe.write_all(signal(number).as_bytes()).await.unwrap();
        let event = device.alive(broker.next()).await;
        if number >= WARM_UP {
            took.push(event.at - began);
            payloads.push(event.payload);
        }
    }
    device.ends(pipe, WARM_UP + EVENTS).await;
    (Latency::of(took), payloads)
}
