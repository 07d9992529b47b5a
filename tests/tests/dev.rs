//! `campanile dev` as a user runs it: a device publishes over MQTT, and people would read a message.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that can not go on has failed")]

use std::net::TcpListener;
use std::time::Duration;

use campanile_local::fakes::Answer;
use campanile_tests::dev::{Dev, signal, with_template};
use campanile_tests::endpoint::Endpoint;
use campanile_tests::project::{Ended, Project};
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use serde_json::{Value, json};
use tokio::process::Command;

const TOPIC: &str = "home/heating/status";

/// Transition number `number` of a device.
fn transition(device: &str, number: u32, status: &str) -> Value {
    let previous = if status == "INACTIVE" { "ACTIVE" } else { "INACTIVE" };
    json!({
        "event_id": format!("01a20694-3550-7cc3-98c4-{number:012}"),
        "device_id": device,
        "status": status,
        "previous": previous,
        "occurred_at": jiff::Timestamp::now().to_string(),
        "seq": number,
    })
}

async fn publish(dev: &Dev, project: &Project, device: &str, payload: &Value) -> Ended {
    let payload = payload.to_string();
    let arguments = ["publish", TOPIC, &payload, "--device", device, "--mqtt", dev.mqtt(), "--json"];
    project.campanile(&arguments).await
}

/// Publishes all with QoS 1 over one connection; comes back when all are acknowledged.
async fn publish_all(dev: &Dev, device: &str, payloads: Vec<Value>) {
    let (host, port) = dev.mqtt().rsplit_once(':').unwrap();
    let options = MqttOptions::new(device, host, port.parse().unwrap());
    let (client, mut events) = AsyncClient::new(options, payloads.len());
    let count = payloads.len();
    for payload in payloads {
        client.publish(TOPIC, QoS::AtLeastOnce, false, payload.to_string()).await.unwrap();
    }
    let mut acknowledged = 0;
    while acknowledged < count {
        let event = tokio::time::timeout(Duration::from_secs(30), events.poll()).await.unwrap().unwrap();
        acknowledged += usize::from(matches!(event, Event::Incoming(Packet::PubAck(_))));
    }
}

async fn deliveries(project: &Project, data: &str) -> Value {
    let store = format!("sqlite:{data}/campanile.db");
    project.campanile(&["deliveries", "--store", &store, "--limit", "500", "--json"]).await.json()
}

async fn history(project: &Project, data: &str) -> Vec<Value> {
    let store = format!("sqlite:{data}/campanile.db");
    let listed = project.campanile(&["events", "--store", &store, "--limit", "500", "--json"]).await.json();
    listed.as_array().unwrap().clone()
}

#[tokio::test]
async fn a_published_message_becomes_an_alert_and_a_part_of_the_history() {
    let project = Project::sample();
    with_template(&project);
    let mut dev = Dev::start(&project, &["--data-dir", "data"]).await;
    assert_eq!(dev.ready["rules"].as_array().unwrap().iter().filter(|rule| rule["off"].is_null()).count(), 3);
    let published = publish(&dev, &project, "heater", &transition("heater", 1, "INACTIVE")).await;
    assert_eq!((published.code, published.stderr.as_str()), (0, ""));

    let message = dev
        .next_where("message", |message| message["client-id"] == "heater" && message["topic"] == TOPIC)
        .await;
    assert_eq!(message["rules"], json!(["HotRule", "ColdRule"]));
    assert_eq!((&message["status"], &message["concerns"]), (&json!("INACTIVE"), &json!([])));
    for channel in ["family", "ops"] {
        dev.rewind();
        let attempt = dev.attempt(channel).await;
        assert_eq!(attempt["attempt"]["outcome"], "delivered", "{attempt:#}");
        assert_eq!(attempt["device"], "heater");
    }
    dev.rewind();
    let done = dev.next_where("action", |action| action["kind"] == "lambda").await;
    assert_eq!((&done["state"], &done["report"]["result"]), (&json!("done"), &json!("delivered")));

    // Its recovery takes the second rule.
    publish(&dev, &project, "heater", &transition("heater", 2, "ACTIVE")).await;
    let recovery = dev.next_where("message", |message| message["status"] == "ACTIVE").await;
    assert_eq!(recovery["rules"], json!(["RecoveryRule", "ColdRule"]));
    dev.next_where("action", |action| action["rule"] == "RecoveryRule" && action["state"] == "done").await;
    let (stopped, code) = dev.stop().await;
    assert_eq!((&stopped["messages"], &stopped["deliveries"], code), (&json!(0), &json!(0), 0));
    assert_eq!(history(&project, "data").await.len(), 2);
    assert_eq!(deliveries(&project, "data").await.as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_device_that_lies_is_flagged_and_tells_nobody() {
    let project = Project::sample();
    let mut dev = Dev::start(&project, &["--data-dir", "data"]).await;
    publish(&dev, &project, "garage-door", &transition("home-heating", 1, "INACTIVE")).await;
    let message = dev.next_where("message", |message| message["topic"] == TOPIC).await;
    assert_eq!(
        message["concerns"],
        json!(["its `device_id` is `home-heating`, but the client `garage-door` published it"])
    );
    let done = dev.next_where("action", |action| action["kind"] == "lambda").await;
    assert_eq!(done["report"]["result"], "invalid", "{done:#}");
    dev.stop().await;
    let letters =
        project.campanile(&["deliveries", "letters", "--store", "sqlite:data/campanile.db", "--json"]).await;
    let letters = letters.json();
    assert_eq!(letters.as_array().unwrap().len(), 1, "{letters:#}");
    assert!(
        letters[0]["reason"].as_str().unwrap().contains("client `garage-door` published it"),
        "{letters:#}"
    );
}

#[tokio::test]
async fn what_was_acknowledged_survives_the_end_of_everything() {
    const COUNT: u32 = 40;
    let project = Project::sample();
    let mut dev = Dev::start(&project, &["--data-dir", "data", "--fault", "*=slow:latency=4s"]).await;
    let payloads = (1..=COUNT).map(|number| {
        // Each device alerts once; what one device does twice is another test.
        transition("hall", number, if number % 5 == 0 { "INACTIVE" } else { "ACTIVE" })
    });
    publish_all(&dev, "hall", payloads.collect()).await;
    // The function in the middle of its work, then everything.
    while dev.functions().is_empty() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for pid in dev.functions() {
        signal(pid, "KILL").await;
    }
    dev.kill().await;
    drop(dev);

    let mut dev = Dev::start(&project, &["--data-dir", "data"]).await;
    // What was not finished goes on by itself.
    let resumed = dev.ready["resumed"].as_u64().unwrap();
    assert!(resumed > 0, "{}", dev.ready);
    let mut transitions = 0;
    for _ in 0..resumed {
        // The device's goodbye may be among them, which no rule asks for.
        transitions += u32::from(dev.next_where("message", |_| true).await["topic"] == TOPIC);
    }
    dev.rewind();
    for _ in 0..transitions {
        dev.next_where("action", |action| action["rule"] == "ColdRule" && action["state"] == "done").await;
    }
    let (stopped, code) = dev.stop().await;
    assert_eq!(code, 0, "{stopped:#}");
    let kept = history(&project, "data").await;
    let mut seen: Vec<u64> =
        kept.iter().map(|event| event["payload"]["seq"].as_u64().unwrap_or_default()).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), usize::try_from(COUNT).unwrap(), "{kept:#?}");
}

#[tokio::test]
async fn ctrl_c_lets_what_is_under_way_end() {
    let project = Project::sample();
    let fault = ["--data-dir", "data", "--fault", "*=slow:latency=1500ms"];
    let mut dev = Dev::start(&project, &fault).await;
    publish(&dev, &project, "heater", &transition("heater", 1, "INACTIVE")).await;
    dev.next_where("message", |message| message["topic"] == TOPIC).await;
    let (stopped, code) = dev.stop().await;
    assert_eq!((&stopped["messages"], &stopped["deliveries"], code), (&json!(0), &json!(0), 0));
    let listed = deliveries(&project, "data").await;
    assert!(
        listed
            .as_array()
            .unwrap()
            .iter()
            .all(|delivery| delivery["record"]["state"]["status"] == "delivered"),
        "{listed:#}"
    );
    assert_eq!(listed.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_plugin_that_goes_bad_leaves_the_last_good_one() {
    let project = Project::sample();
    let mut dev = Dev::start(&project, &[]).await;
    project.write("plugins/telegram.wasm", b"\0asm nonsense");
    dev.next_where("plugins", |_| true).await;
    publish(&dev, &project, "heater", &transition("heater", 1, "INACTIVE")).await;
    assert_eq!(dev.attempt("family").await["attempt"]["outcome"], "delivered");

    // And a broken configuration leaves the last good one.
    project.write("campanile.toml", "[channels.family\n");
    dev.next_where("note", |note| note["text"].as_str().unwrap().contains("the last good one stays")).await;
    publish(&dev, &project, "boiler", &transition("boiler", 1, "INACTIVE")).await;
    let attempt = dev.next_where("attempt", |attempt| attempt["device"] == "boiler").await;
    assert_eq!(attempt["attempt"]["outcome"], "delivered");
}

#[tokio::test]
async fn a_template_that_changes_is_read_again_and_a_broken_one_is_not() {
    let project = Project::sample();
    with_template(&project);
    let mut dev = Dev::start(&project, &[]).await;
    let path = project.path("deploy/template.yaml");
    let good = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, good.replace("WHERE status = 'INACTIVE'", "WHERE status = 'LOST'")).unwrap();
    dev.next_where("reloaded", |_| true).await;
    std::fs::write(&path, "Resources: [").unwrap();
    dev.next_where("note", |note| note["text"].as_str().unwrap().contains("the last good one stays")).await;
    publish(&dev, &project, "heater", &transition("heater", 1, "LOST")).await;
    let message = dev.next_where("message", |message| message["topic"] == TOPIC).await;
    assert_eq!(message["rules"], json!(["HotRule", "RecoveryRule", "ColdRule"]));
}

fn ok(_: &campanile_local::fakes::CaughtRequest) -> Answer {
    Answer { status: 200, headers: Vec::new(), body: b"{}".to_vec(), shown: None }
}

#[tokio::test]
async fn a_live_channel_really_sends_and_the_others_are_caught() {
    let provider = Endpoint::start(ok).await;
    let origin = provider.origin();
    let channel = |name: &str| {
        format!(
            "[channels.{name}]\nplugin = \"webhook\"\nallow = [{{ origin = \"{origin}\", private = true }}]\n\
             settings.url = \"{origin}/{name}\"\nsecrets.signing-secret = {{ env = \"SIGNING\" }}\n"
        )
    };
    let config = format!(
        "{}{}[[routes]]\nwhen = 'event.status == \"INACTIVE\"'\nchannels = [\"real\", \"tried\"]\n",
        channel("real"),
        channel("tried")
    );
    let project = Project::new(&config, &["webhook"]);
    let signing = [("SIGNING", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")];
    let mut dev = Dev::start_with(&project, &["--live", "real"], &signing).await;
    assert_eq!(dev.ready["live"], json!(["real"]));
    publish(&dev, &project, "heater", &transition("heater", 1, "INACTIVE")).await;
    for channel in ["real", "tried"] {
        dev.rewind();
        assert_eq!(dev.attempt(channel).await["attempt"]["outcome"], "delivered");
    }
    let paths: Vec<String> =
        provider.requests().iter().map(|request| request.url.path().to_owned()).collect();
    assert_eq!(paths, ["/real"]);
    let request = &provider.requests()[0];
    let ours = request.headers.iter().filter(|(name, _)| name.starts_with("campanile-"));
    assert_eq!(ours.count(), 0, "{:?}", request.headers);
}

#[tokio::test]
async fn what_can_not_run_says_what_to_do() {
    let project = Project::sample();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let free = ["--headless", "--json", "--mqtts", "127.0.0.1:0"];
    let ended = project.campanile(&[&["dev", "--mqtt", &address], &free[..]].concat()).await;
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains(&format!("--mqtt {address} can't be listened on")), "{}", ended.stderr);
    assert!(ended.stderr.contains("--mqtt 127.0.0.1:0 takes a free one"), "{}", ended.stderr);

    let ended = project.campanile(&["dev", "--mqtt", "0.0.0.0:1883"]).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
    let ended = project.campanile(&["dev", "--live", "nobody", "--mqtt", "127.0.0.1:0"]).await;
    assert_eq!(ended.code, 3);
    assert!(ended.stderr.contains("there is no channel `nobody`"), "{}", ended.stderr);

    let ended = project.campanile(&["dev", "--live", "family", "--mqtt", "127.0.0.1:0"]).await;
    assert_eq!(ended.code, 3);
    assert!(ended.stderr.contains("the variable `TELEGRAM_BOT_TOKEN`"), "{}", ended.stderr);

    let dev = Dev::start(&project, &["--data-dir", "data"]).await;
    let ended = project.campanile(&["dev", "--data-dir", "data", "--headless"]).await;
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("another `campanile dev` uses"), "{}", ended.stderr);
    dev.stop().await;

    with_template(&project);
    project.write("deploy/template.yaml", "Resources: [");
    let ended = project.campanile(&["dev", "--headless", "--mqtt", "127.0.0.1:0"]).await;
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert!(ended.stderr.contains("is no CloudFormation template"), "{}", ended.stderr);
}

/// Publishes an alert of `device` with Debian's client; gives what it says if it fails.
async fn mosquitto_pub(device: &str, number: u32, broker: &[&str]) -> Result<(), String> {
    let payload = transition(device, number, "INACTIVE").to_string();
    let mut command = Command::new("mosquitto_pub");
    command.args(broker).args(["-i", device, "-q", "1", "-t", TOPIC, "-m", &payload]).kill_on_drop(true);
    let output = tokio::time::timeout(Duration::from_secs(30), command.output()).await.unwrap().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// The message of a device, when its alert was told and the history has it.
async fn told(dev: &mut Dev, device: &str) -> Value {
    dev.rewind();
    let message = dev
        .next_where("message", |message| message["client-id"] == device && message["topic"] == TOPIC)
        .await;
    for kind in ["lambda", "dynamoDBv2"] {
        dev.rewind();
        let is_done = |action: &Value| action["message"] == message["id"] && action["kind"] == kind;
        let action = dev.next_where("action", is_done).await;
        assert_eq!(action["state"], "done", "{action:#}");
    }
    message
}

#[tokio::test]
async fn mosquitto_pub_is_heard_without_and_with_a_certificate() {
    let project = Project::sample();
    let mut dev = Dev::start(&project, &["--identity", "heater", "--data-dir", "data"]).await;
    let (_, port) = dev.mqtt().rsplit_once(':').unwrap();
    mosquitto_pub("boiler", 1, &["-h", "127.0.0.1", "-p", port]).await.unwrap();

    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let (authority, identity) = (text(&dev.ready["authority"]), dev.ready["identities"][0].clone());
    let mqtts = text(&dev.ready["mqtts"]);
    let (_, port) = mqtts.rsplit_once(':').unwrap();
    let with_tls = ["-h", "localhost", "-p", port, "--cafile", &authority];
    let (certificate, key) = (text(&identity["certificate"]), text(&identity["key"]));
    let with_certificate = [&with_tls[..], &["--cert", &certificate, "--key", &key]].concat();
    mosquitto_pub("heater", 2, &with_certificate).await.unwrap();
    mosquitto_pub("heater", 3, &with_tls).await.unwrap_err();
    mosquitto_pub("boiler", 4, &with_certificate).await.unwrap_err();

    assert_eq!(told(&mut dev, "boiler").await["certificate-id"], Value::Null);
    let certificate_id = told(&mut dev, "heater").await["certificate-id"].clone();
    assert_eq!(certificate_id.as_str().map(str::len), Some(64), "{certificate_id}");
    dev.stop().await;
    assert_eq!(history(&project, "data").await.len(), 2);
    assert_eq!(deliveries(&project, "data").await.as_array().unwrap().len(), 4);
}
