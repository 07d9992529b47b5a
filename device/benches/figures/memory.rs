//! Memory and processor time of the program at Mosquitto, with mutual TLS: at rest, with ten thousand transitions that nobody takes, and
//! after they were taken.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use tempfile::TempDir;
use tokio::time::sleep;

use crate::certificates::{Authority, Good};
use crate::device::{Device, UNLIMITED, signal, signals, write};
use crate::mosquitto::Mosquitto;
use crate::process::{Resident, Threads};
use crate::tell;

/// Transitions that nobody takes.
const SPOOLED: usize = 10_000;

/// How long it is watched at rest: once it asks the broker whether it is there, and once it looks for what is too old.
const REST: Duration = Duration::from_secs(60);

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Memory {
    pub(crate) connected: Resident,
    pub(crate) transitions: usize,
    pub(crate) spooled: Resident,
    pub(crate) published: Resident,
}

/// What it does when nothing happens.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Idle {
    pub(crate) seconds: u64,
    pub(crate) cpu_us: u128,
    pub(crate) wakes: u64,
}

pub(crate) async fn measured(program: &Path, folder: &Path) -> (Memory, Idle) {
    let (files, mut broker) = mosquitto(folder);
    let (mut device, mut pipe) = Device::start(program, folder, &settings(files.path(), broker.port()));
    pipe = write(pipe, signal(1)).await.unwrap();
    device.spool(|figures| figures.counters.acknowledged == 1).await;

    tell("at rest, for a minute");
    let before = Threads::of(device.pid());
    device.alive(sleep(REST)).await;
    let used = Threads::of(device.pid()).since(&before);
    let connected = Resident::of(device.pid());

    tell("with ten thousand transitions in the spool");
    broker.kill();
    device.spool(|figures| figures.link.connected_since.is_none()).await;
    let writing = write(pipe, signals(SPOOLED));
    device.has_kept(SPOOLED + 1).await;
    pipe = writing.await.unwrap();
    device.spool(|figures| figures.spooled == u64::try_from(SPOOLED).unwrap()).await;
    let spooled = Resident::of(device.pid());

    broker.restart();
    device.spool(|figures| figures.spooled == 0).await;
    let published = Resident::of(device.pid());
    device.ends(pipe, SPOOLED + 1).await;

    let idle = Idle { seconds: REST.as_secs(), cpu_us: used.cpu.as_micros(), wakes: used.wakes };
    (Memory { connected, transitions: SPOOLED, spooled, published }, idle)
}

/// Mosquitto, with its certificates and the device's.
fn mosquitto(folder: &Path) -> (TempDir, Mosquitto) {
    let files = tempfile::tempdir_in(folder).unwrap();
    let authority = Authority::new(files.path(), "ours");
    authority.server(Good::Now);
    authority.device("home-heating", 1, Good::Now);
    let at = files.path().display();
    let settings = format!(
        "cafile {at}/ours.ca.pem\ncertfile {at}/server.pem\nkeyfile {at}/server.key\n\
         require_certificate true\nuse_identity_as_username true\n"
    );
    let broker = Mosquitto::start(files.path(), &settings);
    (files, broker)
}

fn settings(files: &Path, port: u16) -> String {
    let at = files.display();
    format!(
        "host = \"localhost\"\nport = {port}\n{UNLIMITED}\
         [broker.tls]\nca = \"{at}/ours.ca.pem\"\ncertificate = \"{at}/home-heating.pem\"\nkey = \"{at}/home-heating.key\"\n"
    )
}
