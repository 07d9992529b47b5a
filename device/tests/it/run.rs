//! `run` and `status` as people use them: the program, its inputs, and how it ends.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::{Child, Command};

use crate::broker::{Broker, Peer, in_time};
use crate::publishing::payload;

/// A device with a folder and a broker.
struct Device {
    folder: TempDir,
    broker: Broker,
}

impl Device {
    /// One with more settings.
    async fn new(settings: &str) -> Self {
        let (folder, broker) = (tempfile::tempdir().unwrap(), Broker::start().await);
        let config = format!(
            "[device]\nid = \"home-heating\"\ntopic = \"home/heating/status\"\n\
             [broker]\nhost = \"127.0.0.1\"\nport = {}\n{settings}",
            broker.port()
        );
        fs::write(folder.path().join("device.toml"), config).unwrap();
        Self { folder, broker }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, verb: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_campanile-device"));
        command.args([verb, "--config"]).arg(self.path("device.toml")).kill_on_drop(true);
        command
    }

    fn run(&self) -> Child {
        self.command("run").stdin(Stdio::piped()).spawn().unwrap()
    }

    async fn status(&self) -> Value {
        let output = in_time(self.command("status").arg("--json").output()).await.unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    async fn fails(&self, verb: &str) -> (Option<i32>, String) {
        let output = in_time(self.command(verb).stdin(Stdio::null()).output()).await.unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    }
}

/// The next event, acknowledged.
async fn event(peer: &mut Peer) -> Value {
    let publish = peer.publish().await;
    peer.acknowledge(publish.pkid).await;
    payload(&publish)
}

async fn write(process: &mut Child, text: &[u8]) {
    process.stdin.as_mut().unwrap().write_all(text).await.unwrap();
}

fn terminate(process: &Child) {
    let id = process.id().unwrap().to_string();
    assert!(std::process::Command::new("kill").arg(id).status().unwrap().success());
}

#[tokio::test]
async fn lines_become_transitions_and_what_is_no_line_stops_nothing() {
    let device = Device::new("[status]\nfield = \"flow\"\nbad-below = 0.5\n").await;
    let mut process = device.run();
    let mut peer = device.broker.accept().await;
    write(&mut process, b"{\"flow\": 0.8}\n\n\xff\xfe\nmuch\n").await;
    write(
        &mut process,
        &[b"x".repeat(70_000), b"\n{\"flow\": 0.1, \"room\": \"cellar\"}\n".to_vec()].concat(),
    )
    .await;
    let (first, second) = (event(&mut peer).await, event(&mut peer).await);
    assert_eq!((&first["status"], first.get("previous")), (&"ACTIVE".into(), None));
    assert_eq!((&second["status"], &second["previous"]), (&"INACTIVE".into(), &"ACTIVE".into()));
    assert_eq!(second["reading"], serde_json::json!({ "flow": 0.1, "room": "cellar" }));
    assert_eq!(second["seq"].as_u64(), first["seq"].as_u64().map(|seq| seq + 1));
    drop(process.stdin.take());
    assert!(in_time(process.wait()).await.unwrap().success());
}

#[tokio::test]
async fn a_command_is_asked_and_its_trouble_is_no_status() {
    let device = Device::new("[input]\nkind = \"command\"\ncommand = [\"./flow\"]\nevery = \"50ms\"\n").await;
    let flow = device.path("flow");
    let says = |script: &str| {
        let next = device.path("next");
        fs::write(&next, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&next, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(next, &flow).unwrap();
    };
    says("echo INACTIVE");
    let mut process =
        device.command("run").current_dir(device.folder.path()).stdin(Stdio::null()).spawn().unwrap();
    let mut peer = device.broker.accept().await;
    assert_eq!(event(&mut peer).await["status"], "INACTIVE");
    says("echo broken >&2; exit 3");
    says("echo measuring; echo ACTIVE");
    assert_eq!(event(&mut peer).await["status"], "ACTIVE");
    terminate(&process);
    assert!(in_time(process.wait()).await.unwrap().success());
}

#[tokio::test]
async fn a_file_is_watched_also_if_it_is_not_there_yet() {
    let device = Device::new("[input]\nkind = \"file\"\npath = \"flow\"\nevery = \"20ms\"\n").await;
    let mut process = device.command("run").stdin(Stdio::null()).spawn().unwrap();
    let mut peer = device.broker.accept().await;
    for status in ["INACTIVE", "ACTIVE"] {
        fs::write(device.path("flow"), format!("{status}\n")).unwrap();
        assert_eq!(event(&mut peer).await["status"], status);
    }
    terminate(&process);
    assert!(in_time(process.wait()).await.unwrap().success());
}

#[tokio::test]
async fn asked_to_stop_it_ends_although_a_line_may_still_come() {
    let device = Device::new("").await;
    let mut process = device.run();
    let mut peer = device.broker.accept().await;
    write(&mut process, b"INACTIVE\n").await;
    event(&mut peer).await;
    terminate(&process);
    assert!(in_time(process.wait()).await.unwrap().success());
}

#[tokio::test]
async fn the_broker_is_told_what_to_say_if_it_is_gone() {
    let device = Device::new("").await;
    let config = fs::read_to_string(device.path("device.toml")).unwrap();
    let with_will = config.replace("[broker]", "last-will = \"home/heating/offline\"\n[broker]");
    for (config, topic) in [(config, None), (with_will, Some("home/heating/offline"))] {
        fs::write(device.path("device.toml"), config).unwrap();
        let mut process = device.run();
        let (_peer, connect) = device.broker.accept_with(false).await;
        let will = connect
            .last_will
            .map(|will| (will.topic, serde_json::from_slice::<Value>(&will.message).unwrap()));
        let expected = serde_json::json!({ "device_id": "home-heating", "status": "OFFLINE" });
        assert_eq!(will, topic.map(|topic| (topic.to_owned(), expected)));
        process.kill().await.unwrap();
    }
}

#[tokio::test]
async fn its_status_can_be_looked_at_while_it_runs() {
    let device = Device::new("[metrics]\npath = \"device.prom\"\nevery = \"1s\"\n").await;
    let mut process = device.run();
    let mut peer = device.broker.accept().await;
    write(&mut process, b"INACTIVE\n").await;
    let waiting = peer.publish().await;
    let status = device.status().await;
    let numbers =
        ["spooled", "appended", "acknowledged", "connections"].map(|name| status[name].as_u64().unwrap());
    assert_eq!((numbers, status["running"].as_bool()), ([1, 1, 0, 1], Some(true)), "{status}");
    assert!(status["connected-since"].is_string() && status["oldest"].is_string(), "{status}");
    peer.acknowledge(waiting.pkid).await;
    in_time(async {
        while device.status().await["spooled"] != 0 {}
        let is_written =
            |text: String| text.contains("campanile_device_acknowledged_total{device=\"home-heating\"} 1\n");
        while !fs::read_to_string(device.path("device.prom")).is_ok_and(is_written) {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let (code, why) = device.fails("run").await;
    assert_eq!(code, Some(1));
    assert!(why.contains("another process uses the spool"), "{why}");
    drop(process.stdin.take());
    in_time(process.wait()).await.unwrap();
    assert_eq!(device.status().await["running"], false);
}

#[tokio::test]
async fn what_can_not_be_used_is_told_with_its_place() {
    let device = Device::new("prot = 1\n").await;
    let (code, why) = device.fails("run").await;
    assert_eq!(code, Some(3));
    assert!(why.contains("line 7") && why.contains("unknown field `prot`"), "{why}");
    let device =
        Device::new("[broker.tls]\nca = \"ca.pem\"\ncertificate = \"a.pem\"\nkey = \"a.key\"\n").await;
    let (code, why) = device.fails("run").await;
    assert_eq!(code, Some(3));
    assert!(why.contains("ca.pem`: it can't be read: No such file"), "{why}");
    let (code, why) = Device::new("").await.fails("status").await;
    assert_eq!(code, Some(1));
    assert!(why.contains("`run` has never been here"), "{why}");
}
