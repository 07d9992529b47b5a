//! Another broker in place of ours: Mosquitto, which restarts, refuses and keeps what nobody has acknowledged.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use campanile_broker::{Bridge, BridgeConfig, Qos};
use tempfile::TempDir;
use tokio::sync::mpsc;

use crate::support::{Journal, PATIENCE, bounded, said};
use crate::tools::{mosquitto, run};

/// A Mosquitto that wants a password and whose sessions outlive it.
struct Mosquitto {
    dir: TempDir,
    port: u16,
    process: Option<Child>,
}

impl Mosquitto {
    async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        // Free now; whoever takes it before Mosquitto does makes the test fail, not pass.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let path = dir.path().display();
        let passwords = dir.path().join("passwords");
        let arguments = ["-c", "-b", passwords.to_str().unwrap(), "me", "p@ss"];
        let (success, text) = run(&mosquitto("mosquitto_passwd"), &arguments).await;
        assert!(success, "{text}");
        let user = String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap();
        let config = format!(
            "listener {port} 127.0.0.1\nuser {user}\nallow_anonymous false\npassword_file {path}/passwords\n\
             persistence true\npersistence_location {path}/\nlog_dest stderr\n"
        );
        fs::write(dir.path().join("mosquitto.conf"), config).unwrap();
        let mut mosquitto = Self { dir, port, process: None };
        mosquitto.run();
        mosquitto
    }

    fn run(&mut self) {
        let config = self.dir.path().join("mosquitto.conf");
        let log = fs::File::create(self.dir.path().join("log")).unwrap();
        let mut command = Command::new(mosquitto("mosquitto"));
        self.process = Some(command.arg("-c").arg(config).stderr(log).stdout(Stdio::null()).spawn().unwrap());
        let end = std::time::Instant::now() + PATIENCE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            let log = || fs::read_to_string(self.dir.path().join("log")).unwrap();
            assert!(std::time::Instant::now() < end, "Mosquitto does not start: {}", log());
            std::thread::yield_now();
        }
    }

    /// Ends it so that it saves its sessions.
    fn stop(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        let kill = Command::new("kill").arg(process.id().to_string()).status().unwrap();
        assert!(kill.success());
        process.wait().unwrap();
    }

    fn config(&self) -> (BridgeConfig, mpsc::Receiver<String>) {
        let (sender, notes) = mpsc::channel(1000);
        let config = BridgeConfig {
            url: format!("mqtt://me:p%40ss@127.0.0.1:{}", self.port),
            client_id: "campanile".to_owned(),
            filters: vec!["home/+/status".to_owned(), "any".to_owned()],
            device_in_topic: true,
            ca_file: None,
            notes: Some(sender),
        };
        (config, notes)
    }

    /// Publishes with QoS 1; `retain` for who subscribes later.
    async fn publish(&self, topic: &str, payload: &str, retain: bool) {
        let port = self.port.to_string();
        let mut arguments = vec![
            "-h",
            "127.0.0.1",
            "-p",
            &port,
            "-u",
            "me",
            "-P",
            "p@ss",
            "-q",
            "1",
            "-t",
            topic,
            "-m",
            payload,
        ];
        if retain {
            arguments.push("-r");
        }
        let (success, text) = run(&mosquitto("mosquitto_pub"), &arguments).await;
        assert!(success, "{text}");
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            process.kill().ok();
            process.wait().ok();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_elsewhere_is_kept_once_it_is_acknowledged() {
    let mut outside = Mosquitto::start().await;
    let journal = Arc::new(Journal::new());
    let (config, mut notes) = outside.config();
    // A retained message shows that the subscription is there.
    outside.publish("home/heating/status", "{}", true).await;
    let bridge = Bridge::start(config.clone(), Arc::clone(&journal)).unwrap();
    said(&mut notes, "connected to the broker").await;
    let messages = journal.until(|messages| messages.len() == 1).await;
    assert_eq!((messages[0].client_id.as_str(), messages[0].retain), ("heating", true));
    outside.publish("any", r#"{"device_id":"pump"}"#, false).await;
    let messages = journal.until(|messages| messages.len() == 2).await;
    assert_eq!((messages[1].client_id.as_str(), messages[1].qos), ("pump", Qos::AtLeastOnce));

    // What can't be kept comes again, and what is retained does not.
    journal.refuse(Some("any"));
    outside.publish("any", "later", false).await;
    said(&mut notes, "could not be kept: the disk is full").await;
    journal.refuse(None);
    let messages = journal.until(|messages| messages.len() == 3).await;
    assert_eq!(&messages[2].payload[..], b"later");

    // It restarts, with its sessions.
    outside.stop();
    said(&mut notes, "no connection to the broker").await;
    outside.run();
    said(&mut notes, "connected to the broker").await;
    outside.publish("any", "after", false).await;
    let messages = journal.until(|messages| messages.len() == 4).await;
    assert_eq!(&messages[3].payload[..], b"after");

    // What is being kept when we stop was not acknowledged, so it comes to the next one.
    journal.close();
    outside.publish("any", "unfinished", false).await;
    journal.until_offered(6).await;
    bounded(bridge.shutdown()).await;
    outside.publish("any", "meanwhile", false).await;
    journal.open();
    let bridge = Bridge::start(config, Arc::clone(&journal)).unwrap();
    journal
        .until(|messages| {
            let new: Vec<_> = messages[4..].iter().map(|message| &message.payload[..]).collect();
            new.contains(&&b"unfinished"[..]) && new.contains(&&b"meanwhile"[..])
        })
        .await;
    bounded(bridge.shutdown()).await;
}

#[tokio::test]
async fn a_broker_that_refuses_is_told_without_the_password() {
    let outside = Mosquitto::start().await;
    let (mut config, mut notes) = outside.config();
    config.url = format!("mqtt://me:wrong-secret@127.0.0.1:{}", outside.port);
    let bridge = Bridge::start(config, Arc::new(Journal::new())).unwrap();
    let note = said(&mut notes, "no connection to the broker").await;
    assert!(note.contains("NotAuthorized") && !note.contains("secret"), "{note}");
    bounded(bridge.shutdown()).await;
}
