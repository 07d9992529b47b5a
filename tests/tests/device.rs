//! `campanile-device` with `campanile dev`: a certificate for a key that stays, its transitions on their way to people, a fleet, and
//! `kill -9` of both again and again.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can not go on has failed"
)]

/// Shared with the tests of the device itself, where the broker is Mosquitto.
#[path = "../../device/tests/it/cycles/world.rs"]
mod world;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use campanile_store::{EventFilter, History as _, PAGE_LIMIT, SqliteHistory};
use campanile_tests::built;
use campanile_tests::dev::{Dev, with_template};
use campanile_tests::project::Project;
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::timeout;

use crate::world::Broker;

/// No command takes longer, on however slow a machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// One channel, which is told of everything at once.
const CONFIG: &str = "[channels.family]\nplugin = \"telegram\"\nallow = [\"https://api.telegram.org\"]\nsettings.chat-id = \"1\"\n\
    secrets.bot-token = { env = \"TOKEN\" }\n[[routes]]\nchannels = [\"family\"]\nflapping = false\nstorm = false\n";

/// No channel: what arrives is kept, and nobody is told.
const SILENT: &str = "";

fn project(config: &str) -> Project {
    let project = Project::new(config, if config.is_empty() { &[] } else { &["telegram"] });
    with_template(&project);
    project
}

async fn device(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(built::binary("campanile-device"));
    let running =
        command.args(arguments).current_dir(folder).stdin(Stdio::null()).kill_on_drop(true).output();
    timeout(PATIENCE, running).await.unwrap().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8([output.stdout.clone(), output.stderr.clone()].concat()).unwrap()
}

/// The payloads of all events in the history of a folder.
async fn history(folder: &Path) -> Vec<Value> {
    let history = SqliteHistory::open(&folder.join("campanile.db")).await.unwrap();
    let (mut events, mut after) = (Vec::new(), None);
    loop {
        let page = history.list(&EventFilter::default(), after, PAGE_LIMIT).await.unwrap();
        events.extend(page.entries.iter().filter_map(|event| event.payload().cloned()));
        after = page.next;
        if after.is_none() {
            return events;
        }
    }
}

fn ids<'e>(events: impl IntoIterator<Item = &'e Value>) -> BTreeSet<&'e str> {
    events.into_iter().filter_map(|event| event["event_id"].as_str()).collect()
}

#[tokio::test]
async fn it_gets_a_certificate_and_people_hear_of_it() {
    let project = project(CONFIG);
    let mut dev = Dev::start_with(&project, &["--ui", "127.0.0.1:0"], &[("TOKEN", "1:a")]).await;
    let page = dev.ready["page"].as_str().unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let provisioned = device(folder.path(), &["provision", "--id", "home-heating", "--dev", &page]).await;
    assert!(provisioned.status.success(), "{}", said(&provisioned));

    let doctor = device(folder.path(), &["doctor", "--publish", "--time-server", "127.0.0.1:1"]).await;
    let lines = said(&doctor);
    assert!(doctor.status.success(), "{lines}");
    let is_ok = |name: &str| lines.lines().any(|line| line.starts_with(name) && line.contains(" ok "));
    for name in ["certificate", "name", "key", "dns", "tcp", "tls", "connect", "publish"] {
        assert!(is_ok(name), "{name}: {lines}");
    }

    let mut run = Command::new(built::binary("campanile-device"));
    let mut run =
        run.arg("run").current_dir(folder.path()).stdin(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    run.stdin.as_mut().unwrap().write_all(b"INACTIVE\n").await.unwrap();
    let attempt = dev.attempt("family").await;
    assert_eq!(
        (&attempt["device"], &attempt["attempt"]["outcome"]),
        (&"home-heating".into(), &"delivered".into())
    );
    drop(run.stdin.take());
    assert!(timeout(PATIENCE, run.wait()).await.unwrap().unwrap().success());
    let (_, code) = dev.stop().await;
    assert_eq!(code, 0);
}

#[tokio::test]
async fn what_dev_refuses_is_told() {
    let project = project(SILENT);
    let dev = Dev::start(&project, &["--ui", "127.0.0.1:0", "--broker", "mqtt://127.0.0.1:1"]).await;
    let page = dev.ready["page"].as_str().unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let refused = device(folder.path(), &["provision", "--id", "home-heating", "--dev", &page]).await;
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).contains("there is no authority here"), "{}", said(&refused));
}

#[tokio::test]
async fn a_fleet_is_heard_whole() {
    let (project, data) = (project(SILENT), tempfile::tempdir().unwrap());
    let dev = Dev::start(&project, &["--data-dir", data.path().to_str().unwrap()]).await;
    let broker = dev.mqtt().trim_start_matches("mqtt://").to_owned();
    let fleet = [
        "simulate",
        "--devices",
        "20",
        "--rate",
        "60",
        "--for",
        "6s",
        "--seed",
        "9",
        "--json",
        "--broker",
        &broker,
    ];
    let simulated = device(data.path(), &fleet).await;
    assert!(simulated.status.success(), "{}", said(&simulated));
    let sum: Value = serde_json::from_slice(&simulated.stdout).unwrap();
    let (_, code) = dev.stop().await;
    assert_eq!(code, 0);
    let events = history(data.path()).await;
    assert_eq!(sum["found"], sum["acknowledged"], "{sum}");
    assert_eq!(sum["found"].as_u64(), u64::try_from(ids(&events).len()).ok(), "{sum}");
    let devices: BTreeSet<_> = events.iter().filter_map(|event| event["device_id"].as_str()).collect();
    assert!(
        devices.len() > 15 && events.iter().any(|event| event["clock_synchronized"] == false),
        "{devices:?}"
    );
}

/// `campanile dev`, which is killed and comes back to its port and its data.
struct Peer<'p> {
    project: &'p Project,
    address: String,
    data: &'p Path,
    dev: Dev,
}

impl<'p> Peer<'p> {
    async fn start(project: &'p Project, data: &'p Path) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let address = port.to_string();
        let dev = Self::dev(project, &address, data).await;
        Self { project, address, data, dev }
    }

    async fn dev(project: &Project, address: &str, data: &Path) -> Dev {
        Dev::start(project, &["--mqtt", address, "--data-dir", data.to_str().unwrap()]).await
    }
}

impl Broker for Peer<'_> {
    fn port(&self) -> u16 {
        self.address.rsplit_once(':').unwrap().1.parse().unwrap()
    }

    async fn restart(&mut self) {
        self.dev.kill().await;
        self.dev = Self::dev(self.project, &self.address, self.data).await;
    }
}

/// `CAMPANILE_DEVICE_CYCLES` and `CAMPANILE_DEVICE_SEED` as for Mosquitto (device/tests/it/cycles.rs).
#[tokio::test]
async fn whatever_breaks_each_transition_arrives_in_dev() {
    let setting =
        |variable: &str, usual: u64| std::env::var(variable).map_or(usual, |number| number.parse().unwrap());
    let cycles = u32::try_from(setting("CAMPANILE_DEVICE_CYCLES", 100)).unwrap();
    let seed = setting("CAMPANILE_DEVICE_SEED", fastrand::u64(..1_000_000));
    println!("seed {seed}: {cycles} cycles");
    let (project, data) = (project(SILENT), tempfile::tempdir().unwrap());
    let mut peer = Peer::start(&project, data.path()).await;
    let story = world::run(seed, cycles, &built::binary("campanile-device"), &mut peer).await;
    println!(
        "seed {seed}: {} transitions, {} acknowledgements, {:?}",
        story.events.len(),
        story.copies,
        story.broken
    );
    let (_, code) = peer.dev.stop().await;
    assert_eq!(code, 0);
    let kept = history(data.path()).await;
    let (kept, acknowledged) = (ids(&kept), ids(story.events.values()));
    let missing: Vec<_> = acknowledged.difference(&kept).collect();
    assert!(missing.is_empty(), "seed {seed}: acknowledged and not kept: {missing:?}");
}
