//! Events of presence, as AWS IoT documents them.

use campanile_broker::Message;
use serde_json::{Value, json};

use crate::raw::{Hello, Raw};
use crate::support::Running;

async fn event(running: &Running, topic: &str, number: usize) -> (Message, Value) {
    let message = running
        .journal
        .all_until(|all| all.iter().filter(|message| message.topic == topic).nth(number).cloned())
        .await;
    let event = serde_json::from_slice(&message.payload).unwrap();
    (message, event)
}

#[tokio::test]
async fn coming_and_going_is_told_to_rules_and_subscribers() {
    let running = Running::start().await;
    let mut watcher = Raw::v3(running.plain, "watcher").await;
    assert_eq!(watcher.subscribe(&["$aws/events/presence/+/heating"]).await, [1]);
    let before = jiff::Timestamp::now().as_millisecond();
    let device = Raw::v3(running.plain, "heating").await;
    let (message, connected) = event(&running, "$aws/events/presence/connected/heating", 0).await;
    assert_eq!(message.client_id, "heating");
    let timestamp = connected["timestamp"].as_i64().unwrap();
    assert!((before..before + 30_000).contains(&timestamp));
    let session = connected["sessionIdentifier"].as_str().unwrap().to_owned();
    assert_eq!(
        connected,
        json!({
            "clientId": "heating", "timestamp": timestamp, "eventType": "connected", "sessionIdentifier": session,
            "principalIdentifier": null, "ipAddress": "127.0.0.1", "versionNumber": 0,
        })
    );
    device.disconnect().await;
    let (_, disconnected) = event(&running, "$aws/events/presence/disconnected/heating", 0).await;
    assert_eq!(
        disconnected,
        json!({
            "clientId": "heating", "timestamp": disconnected["timestamp"], "eventType": "disconnected",
            "sessionIdentifier": session, "principalIdentifier": null, "clientInitiatedDisconnect": true,
            "disconnectReason": "CLIENT_INITIATED_DISCONNECT", "versionNumber": 0,
        })
    );
    assert_eq!(watcher.published().await.0, "$aws/events/presence/connected/heating");
    assert_eq!(watcher.published().await.0, "$aws/events/presence/disconnected/heating");
    let device = Raw::v3(running.plain, "heating").await;
    let (_, again) = event(&running, "$aws/events/presence/connected/heating", 1).await;
    assert_eq!(again["versionNumber"], 1);
    assert_ne!(again["sessionIdentifier"], session);
    drop(device);
    let (_, lost) = event(&running, "$aws/events/presence/disconnected/heating", 1).await;
    assert_eq!(
        (&lost["disconnectReason"], &lost["clientInitiatedDisconnect"]),
        (&json!("CONNECTION_LOST"), &json!(false))
    );
}

#[tokio::test]
async fn a_message_is_kept_after_the_event_that_its_device_is_there() {
    let running = Running::start().await;
    let mut device = Raw::open(running.plain).await;
    let mut bytes = Hello::v3("heating").packet();
    bytes.extend(crate::raw::publish(false, "home/heating/status", b"{}", 0, 0));
    device.send(&bytes).await;
    running.journal.until(|messages| messages.len() == 1).await;
    assert_eq!(running.journal.topics(), ["$aws/events/presence/connected/heating", "home/heating/status"]);
}

#[tokio::test]
async fn clients_with_wildcards_in_their_names_have_no_events() {
    let running = Running::start().await;
    let mut device = Raw::v3(running.plain, "a+b").await;
    device.publish("x", b"", 1).await;
    device.acknowledged(1).await;
    assert_eq!(running.journal.topics(), ["x"]);
}

#[tokio::test]
async fn who_is_connected_can_be_asked() {
    let running = Running::start().await;
    let (mut watcher, _) = Raw::connect(running.plain, &Hello::v5("watcher")).await;
    watcher.subscribe(&["a", "b/#"]).await;
    let clients = running.broker.clients();
    assert_eq!(clients.len(), 1);
    assert_eq!((clients[0].client_id.as_str(), clients[0].protocol), ("watcher", "5"));
    assert_eq!(clients[0].subscriptions, ["a", "b/#"]);
    watcher.disconnect().await;
    event(&running, "$aws/events/presence/disconnected/watcher", 0).await;
    assert!(running.broker.clients().is_empty());
}
