//! The program that devices get, built for aarch64 by `tests/run`, under qemu: other C code, other atomics and another libc than those
//! of this machine.

use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use campanile_device::config::Config;
use campanile_device::spool::{Entry, Spool};
use rumqttc::Publish;
use rumqttc::mqttbytes::v4::Packet;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

use crate::broker::{Broker, in_time};
use crate::doctor::{Scene, assert_well};
use crate::publishing::payload;

const PROGRAM: &str = "CAMPANILE_DEVICE_AARCH64";
const QEMU: &str = "CAMPANILE_QEMU_AARCH64";

/// What may be sent over a slow line to a small disk.
const LARGEST: usize = 5 * 1024 * 1024;

/// The file that a variable names.
fn named(variable: &str) -> PathBuf {
    let path = std::env::var_os(variable).map(PathBuf::from);
    path.filter(|path| path.is_file())
        .unwrap_or_else(|| panic!("{variable} names no file; tests/run installs and builds it and sets that"))
}

/// Parts of an ELF file: <https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html>.
mod elf {
    pub(super) const BITS_64: u8 = 2;
    pub(super) const LITTLE_ENDIAN: u8 = 1;
    pub(super) const AARCH64: u16 = 183;
    /// What is loaded into memory.
    pub(super) const LOAD: u32 = 1;
    /// The program that loads shared libraries.
    pub(super) const INTERPRETER: u32 = 3;

    pub(super) fn half(bytes: &[u8], at: usize) -> u16 {
        u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap())
    }

    /// The types of all segments.
    pub(super) fn segments(bytes: &[u8]) -> Vec<u32> {
        let table = usize::try_from(u64::from_le_bytes(bytes[32..40].try_into().unwrap())).unwrap();
        let (size, count) = (usize::from(half(bytes, 54)), usize::from(half(bytes, 56)));
        let headers = bytes[table..].chunks(size).take(count);
        headers.map(|header| u32::from_le_bytes(header[..4].try_into().unwrap())).collect()
    }
}

/// A device with a folder of its own, which outlives its processes.
struct Device {
    folder: TempDir,
    broker: Broker,
}

impl Device {
    async fn new() -> Self {
        let (folder, broker) = (tempfile::tempdir().unwrap(), Broker::start().await);
        let config = format!(
            "[device]\nid = \"home-heating\"\ntopic = \"home/heating/status\"\n\
             [broker]\nhost = \"127.0.0.1\"\nport = {}\n\
             [spool]\npath = \"spool.db\"\n",
            broker.port()
        );
        let device = Self { folder, broker };
        std::fs::write(device.config(), config).unwrap();
        device
    }

    fn start(&self) -> Child {
        let mut command = emulated(&["run", "--config"]);
        command.arg(self.config()).stdin(Stdio::piped()).spawn().unwrap()
    }

    /// The status that it was told last, and what waits in its spool: read by the library of this machine.
    fn left(&self) -> (Option<String>, Vec<Entry>) {
        let config = Config::read(&self.config()).unwrap();
        let (spool, broken) = Spool::open(&config.spool.path, config.bounds()).unwrap();
        assert_eq!(broken, None);
        (spool.latest("home-heating").unwrap(), spool.after(0, 10).unwrap())
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("device.toml")
    }
}

/// The program with these arguments; qemu ends with it, and it with qemu.
fn emulated(arguments: &[&str]) -> Command {
    let mut command = Command::new(named(QEMU));
    command.arg(named(PROGRAM)).args(arguments).kill_on_drop(true);
    command
}

async fn signals(process: &mut Child, line: &str) {
    process.stdin.as_mut().unwrap().write_all(line.as_bytes()).await.unwrap();
}

/// Ends its input, and waits until it ends.
async fn ended(mut process: Child) -> ExitStatus {
    drop(process.stdin.take());
    in_time(process.wait()).await.unwrap()
}

fn event_id(publish: &Publish) -> String {
    payload(publish)["event_id"].as_str().unwrap().to_owned()
}

#[test]
fn is_a_small_file_that_needs_no_other() {
    let bytes = std::fs::read(named(PROGRAM)).unwrap();
    assert_eq!(bytes[..6], [0x7f, b'E', b'L', b'F', elf::BITS_64, elf::LITTLE_ENDIAN]);
    assert_eq!(elf::half(&bytes, 18), elf::AARCH64);
    let segments = elf::segments(&bytes);
    assert!(segments.contains(&elf::LOAD) && !segments.contains(&elf::INTERPRETER), "{segments:?}");
    assert!(bytes.len() <= LARGEST, "{} bytes", bytes.len());
}

#[tokio::test]
async fn tells_its_version() {
    let output = in_time(emulated(&["--version"]).output()).await.unwrap();
    let version = format!("campanile-device {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!((output.status.code(), String::from_utf8(output.stdout).unwrap()), (Some(0), version));
}

#[tokio::test]
async fn publishes_what_changes_until_its_input_ends() {
    let device = Device::new().await;
    let mut process = device.start();
    signals(&mut process, "INACTIVE\n").await;
    let mut peer = device.broker.accept().await;
    let publish = peer.publish().await;
    let event = payload(&publish);
    assert_eq!((publish.topic.as_str(), &event["status"]), ("home/heating/status", &"INACTIVE".into()));
    peer.acknowledge(publish.pkid).await;

    assert_eq!(ended(process).await.code(), Some(0));
    let goodbye = peer.next().await;
    assert!(matches!(goodbye, Some(Packet::Disconnect)), "{goodbye:?}");
    assert_eq!(device.left(), (Some("INACTIVE".to_owned()), Vec::new()));
}

#[tokio::test]
async fn killed_before_the_acknowledgement_it_publishes_the_same_event_again() {
    let device = Device::new().await;
    let mut process = device.start();
    signals(&mut process, "INACTIVE\n").await;
    let mut peer = device.broker.accept().await;
    let first = peer.publish().await;
    in_time(process.kill()).await.unwrap();
    let (_, waiting) = device.left();
    assert_eq!(waiting.iter().map(|entry| &entry.payload[..]).collect::<Vec<_>>(), [&first.payload[..]]);

    let process = device.start();
    let mut peer = device.broker.accept().await;
    let again = peer.publish().await;
    assert_eq!((event_id(&again), &again.payload), (event_id(&first), &first.payload));
    peer.acknowledge(again.pkid).await;
    assert_eq!(ended(process).await.code(), Some(0));
    assert_eq!(device.left(), (Some("INACTIVE".to_owned()), Vec::new()));
}

/// Certificates, TLS and a key of P-256, in the assembly of this processor.
#[test]
fn shows_its_certificate() {
    let mut command = std::process::Command::new(named(QEMU));
    command.arg(named(PROGRAM));
    let (lines, code) = Scene::new().asks_of(command, &["--publish"], Duration::ZERO);
    assert_well(&lines, code);
}
