//! The tools people have: Mosquitto's, and paho for Python.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::support::{Running, bounded};

/// One of Mosquitto's programs, which `tests/run` installs.
pub(crate) fn mosquitto(name: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    // Debian keeps the broker where only root looks.
    let folders = env::split_paths(&path).chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    let found = folders.map(|folder| folder.join(name)).find(|program| program.is_file());
    found.unwrap_or_else(|| {
        panic!(
            "{name} is not installed; tests/run installs it, or: apt-get install mosquitto mosquitto-clients"
        )
    })
}

/// A Python that has paho, which `tests/run` installs.
fn python_with_paho() -> PathBuf {
    let named = env::var_os("CAMPANILE_PAHO_PYTHON").map(PathBuf::from);
    named.filter(|program| program.is_file()).unwrap_or_else(|| {
        panic!("CAMPANILE_PAHO_PYTHON names no Python that has paho-mqtt; tests/run installs one and sets it")
    })
}

/// Runs a tool to its end; what it prints, also as errors, and whether it succeeded.
pub(crate) async fn run(tool: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(tool).args(arguments).kill_on_drop(true).output();
    let output = bounded(output).await.unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

/// Starts `mosquitto_sub` and waits until it has subscribed.
async fn subscribed(running: &Running, arguments: &[&str]) -> Child {
    let port = running.plain.port().to_string();
    let child = Command::new(mosquitto("mosquitto_sub"))
        .args(["-h", "127.0.0.1", "-p", &port])
        .args(arguments)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    bounded(async {
        while running.broker.clients().iter().all(|client| client.subscriptions.is_empty()) {
            tokio::task::yield_now().await;
        }
    })
    .await;
    child
}

#[tokio::test]
async fn mosquitto_publishes_and_subscribes() {
    for version in ["mqttv31", "mqttv311", "mqttv5"] {
        let running = Running::start().await;
        let port = running.plain.port().to_string();
        let mut watcher =
            subscribed(&running, &["-V", version, "-v", "-q", "1", "-t", "home/#", "-C", "2"]).await;
        for qos in ["0", "1"] {
            let arguments = [
                "-h",
                "127.0.0.1",
                "-p",
                &port,
                "-V",
                version,
                "-q",
                qos,
                "-i",
                "heating",
                "-t",
                "home/status",
                "-m",
                qos,
            ];
            let (success, text) = run(&mosquitto("mosquitto_pub"), &arguments).await;
            assert!(success, "{text}");
        }
        let mut text = String::new();
        bounded(watcher.stdout.take().unwrap().read_to_string(&mut text)).await.unwrap();
        assert_eq!(text, "home/status 0\nhome/status 1\n");
        let messages = running.journal.messages();
        assert_eq!(messages.len(), 2);
        assert!(messages.iter().all(|message| message.client_id == "heating"));
    }
}

#[tokio::test]
async fn mosquitto_shows_a_certificate() {
    let mut running = Running::start().await;
    let identity = running.authority.issue("heating").unwrap();
    let (port, ca) = (running.tls.port().to_string(), running.authority.ca_file());
    let publish = |client_id: &'static str| {
        let arguments = [
            "-h",
            "localhost",
            "-p",
            &port,
            "-i",
            client_id,
            "--cafile",
            ca.to_str().unwrap(),
            "--cert",
            identity.certificate.to_str().unwrap(),
            "--key",
            identity.key.to_str().unwrap(),
            "-q",
            "1",
            "-t",
            "home/heating/status",
            "-m",
            "{}",
        ];
        let arguments = arguments.map(str::to_owned);
        async move { run(&mosquitto("mosquitto_pub"), &arguments.each_ref().map(String::as_str)).await }
    };
    let (success, text) = publish("heating").await;
    assert!(success, "{text}");
    let principal = running.journal.messages()[0].principal.clone().unwrap();
    assert_eq!(principal.certificate_id, identity.certificate_id);
    let (success, text) = publish("other").await;
    assert!(!success && text.contains("not authorised"), "{text}");
    running.note("client id `other`, which does not match the certificate's name `heating`").await;
}

#[tokio::test]
async fn mosquitto_leaves_a_will_when_it_is_killed() {
    let running = Running::start().await;
    let arguments = ["-i", "heating", "-t", "x", "--will-topic", "home/heating/lost", "--will-payload", "{}"];
    let mut watcher = subscribed(&running, &arguments).await;
    watcher.kill().await.unwrap();
    let messages = running.journal.until(|messages| messages.len() == 1).await;
    assert_eq!(messages[0].topic, "home/heating/lost");
}

#[tokio::test]
async fn mosquitto_gets_what_came_while_it_was_away() {
    let running = Running::start().await;
    let arguments = ["-i", "dashboard", "-c", "-q", "1", "-t", "home/#", "-C", "1"];
    let mut watcher = subscribed(&running, &arguments).await;
    watcher.kill().await.unwrap();
    running
        .journal
        .all_until(|all| all.iter().find(|message| message.topic.contains("/disconnected/")).cloned())
        .await;
    let port = running.plain.port().to_string();
    let publish = ["-h", "127.0.0.1", "-p", &port, "-q", "1", "-t", "home/status", "-m", "late"];
    let (success, text) = run(&mosquitto("mosquitto_pub"), &publish).await;
    assert!(success, "{text}");
    let mut watcher = subscribed(&running, &arguments).await;
    let mut lines = BufReader::new(watcher.stdout.take().unwrap()).lines();
    assert_eq!(bounded(lines.next_line()).await.unwrap().as_deref(), Some("late"));
}

#[tokio::test]
async fn paho_does_what_it_does_with_other_brokers() {
    let running = Running::start().await;
    let identity = running.authority.issue("paho").unwrap();
    let python = python_with_paho();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/paho_client.py");
    let (plain, tls) = (running.plain.port().to_string(), running.tls.port().to_string());
    let ca = running.authority.ca_file();
    let files = [&ca, &identity.certificate, &identity.key].map(|path| path.to_str().unwrap());
    let (success, text) =
        run(&python, &[script.to_str().unwrap(), &plain, &tls, files[0], files[1], files[2]]).await;
    assert!(success, "{text}");
    // Both versions of MQTT, 20 messages each, a will each, and one message with TLS.
    let messages = running.journal.until(|messages| messages.len() == 43).await;
    assert_eq!(messages.iter().filter(|message| message.topic == "paho/lost").count(), 2);
    assert_eq!(messages.iter().filter(|message| message.principal.is_some()).count(), 1);
}
