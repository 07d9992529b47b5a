//! Another broker in place of ours: Mosquitto, which restarts, refuses and keeps what nobody has acknowledged.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use campanile_broker::{Authority, Bridge, BridgeConfig, Message, Qos};
use tempfile::TempDir;
use tokio::sync::mpsc;

use crate::support::{Journal, PATIENCE, bounded, said};
use crate::tools::{mosquitto, run};

/// A Mosquitto that wants a password and whose sessions outlive it.
struct Mosquitto {
    dir: TempDir,
    port: u16,
    tls_port: u16,
    process: Option<Child>,
}

impl Mosquitto {
    async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let port = free_port();
        let path = dir.path().display();
        let passwords = dir.path().join("passwords");
        let arguments = ["-c", "-b", passwords.to_str().unwrap(), "me", "p@ss"];
        let (success, text) = run(&mosquitto("mosquitto_passwd"), &arguments).await;
        assert!(success, "{text}");
        let user = String::from_utf8(Command::new("id").arg("-un").output().unwrap().stdout).unwrap();
        drop(Authority::open(dir.path()).unwrap());
        let tls_port = free_port();
        let config = format!(
            "per_listener_settings false\nuser {user}\nallow_anonymous false\npassword_file {path}/passwords\n\
             persistence true\npersistence_location {path}/\nlog_dest stderr\n\
             listener {port} 127.0.0.1\n\
             listener {tls_port} 127.0.0.1\ncertfile {path}/server.cert.pem\nkeyfile {path}/server.key.pem\n"
        );
        fs::write(dir.path().join("mosquitto.conf"), config).unwrap();
        let mut mosquitto = Self { dir, port, tls_port, process: None };
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

/// Free now; whoever takes it before Mosquitto does makes the test fail, not pass.
fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
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

    // What can't be kept comes again. From here on messages may come twice: an acknowledgement can be lost with its connection.
    journal.refuse(Some("any"));
    outside.publish("any", "later", false).await;
    said(&mut notes, "could not be kept: the disk is full").await;
    journal.refuse(None);
    has_come(&journal, "later").await;

    // It restarts, with its sessions.
    outside.stop();
    said(&mut notes, "no connection to the broker").await;
    outside.run();
    said(&mut notes, "connected to the broker").await;
    outside.publish("any", "after", false).await;
    has_come(&journal, "after").await;

    // What is being kept when we stop was not acknowledged, so it comes to the next one.
    journal.close();
    let offered = journal.offered();
    outside.publish("any", "unfinished", false).await;
    journal.until_offered(offered + 1).await;
    bounded(bridge.shutdown()).await;
    outside.publish("any", "meanwhile", false).await;
    journal.open();
    let bridge = Bridge::start(config, Arc::clone(&journal)).unwrap();
    has_come(&journal, "unfinished").await;
    has_come(&journal, "meanwhile").await;
    // Retained messages come with each subscription, of which there were two, and not with each connection.
    let retained = |messages: &[Message]| messages.iter().filter(|message| message.retain).count();
    let messages = journal.until(|messages| retained(messages) >= 2).await;
    assert_eq!(retained(&messages), 2);
    bounded(bridge.shutdown()).await;
}

async fn has_come(journal: &Journal, payload: &str) {
    journal.until(|messages| messages.iter().any(|message| message.payload[..] == *payload.as_bytes())).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn with_tls_the_broker_must_be_who_it_says() {
    let outside = Mosquitto::start().await;
    outside.publish("home/heating/status", "{}", true).await;
    let (config, mut notes) = outside.config();
    let url = format!("mqtts://me:p%40ss@localhost:{}", outside.tls_port);
    let journal = Arc::new(Journal::new());
    let stranger = BridgeConfig { url: url.clone(), ..config.clone() };
    let bridge = Bridge::start(stranger, Arc::clone(&journal)).unwrap();
    let note = said(&mut notes, "no connection to the broker").await;
    assert!(note.contains("UnknownIssuer"), "{note}");
    bounded(bridge.shutdown()).await;
    let ca_file = Some(outside.dir.path().join("ca.cert.pem"));
    let bridge = Bridge::start(BridgeConfig { url, ca_file, ..config }, Arc::clone(&journal)).unwrap();
    has_come(&journal, "{}").await;
    bounded(bridge.shutdown()).await;
}
