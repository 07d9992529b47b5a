//! How many events a second, for as long as signals come: from the first signal until the broker has written the last PUBACK.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tokio::time::Instant;

use crate::acknowledging::Acknowledging;
use crate::device::{Device, UNLIMITED, signals, write};
use crate::{others, tell};

/// Events, if nothing waits for the disk.
const EVENTS: usize = 20_000;

/// If each waits for it.
const SYNCED: usize = 5_000;

/// At the pace that AWS takes: five seconds, and what comes at once before.
const PACED: usize = 400;

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Rates {
    /// The program, each event on the disk first.
    pub(crate) synced: Rate,
    /// The program with `spool.sync = false`.
    pub(crate) unsynced: Rate,
    /// The program with the limits that it has if nothing is said: those of AWS.
    pub(crate) paced: Rate,
    /// rumqttc without us, in this process; nothing is kept.
    pub(crate) rumqttc: Rate,
    /// `mosquitto_pub -l`; nothing is kept.
    pub(crate) mosquitto_pub: Rate,
    /// The most memory that `mosquitto_pub` has had.
    pub(crate) mosquitto_pub_kib: u64,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Rate {
    pub(crate) events: usize,
    pub(crate) per_second: f64,
}

impl Rate {
    pub(crate) fn of(events: usize, took: Duration) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "there are thousands")]
        let per_second = events as f64 / took.as_secs_f64();
        Self { events, per_second }
    }
}

/// `payloads` are those of the program's events.
pub(crate) async fn measured(program: &Path, folder: &Path, payloads: &[Bytes]) -> Rates {
    tell("events that come as fast as they are taken");
    let synced = device(program, folder, SYNCED, &format!("{UNLIMITED}[spool]\nsync = true\n")).await;
    let unlimited = format!("{UNLIMITED}[spool]\nsync = false\nmax-bytes = 67108864\n");
    let unsynced = device(program, folder, EVENTS, &unlimited).await;
    let paced = device(program, folder, PACED, "").await;
    let rumqttc = others::rumqttc(payloads, EVENTS).await;
    let (mosquitto_pub, mosquitto_pub_kib) = others::mosquitto_pub_of_lines(payloads, EVENTS).await;
    Rates { synced, unsynced, paced, rumqttc, mosquitto_pub, mosquitto_pub_kib }
}

async fn device(program: &Path, folder: &Path, events: usize, settings: &str) -> Rate {
    let mut broker = Acknowledging::start().await;
    let settings = format!("host = \"127.0.0.1\"\nport = {}\n{settings}", broker.port());
    let (mut device, pipe) = Device::start(program, folder, &settings);
    device.is_connected().await;
    let began = Instant::now();
    let writing = write(pipe, signals(events));
    let last = device.alive(broker.last_of(events)).await;
    device.ends(writing.await.unwrap(), events).await;
    Rate::of(events, last.at - began)
}
