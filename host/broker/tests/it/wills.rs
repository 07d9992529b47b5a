//! Last wills: published for clients that are lost, and for no others.

use std::time::Duration;

use campanile_broker::Limits;

use crate::raw::{Hello, Raw, publish};
use crate::support::Running;

fn with_will(v5: bool, delay: u32) -> Hello {
    let will = Some(("home/heating/lost".to_owned(), b"{}".to_vec(), 1, delay));
    Hello { will, v5, expiry: 600, ..Hello::v3("heating") }
}

#[tokio::test]
async fn a_client_that_is_lost_leaves_its_will_to_rules_and_subscribers() {
    for v5 in [false, true] {
        let running = Running::start().await;
        let mut watcher = Raw::v3(running.plain, "watcher").await;
        watcher.subscribe(&["home/+/lost"]).await;
        let (device, _) = Raw::connect(running.plain, &with_will(v5, 0)).await;
        drop(device);
        let messages = running.journal.until(|messages| messages.len() == 1).await;
        assert_eq!(
            (messages[0].topic.as_str(), messages[0].client_id.as_str()),
            ("home/heating/lost", "heating")
        );
        assert_eq!(watcher.published().await.0, "home/heating/lost");
    }
}

#[tokio::test]
async fn a_client_that_says_goodbye_leaves_none() {
    for v5 in [false, true] {
        let running = Running::start().await;
        let (device, _) = Raw::connect(running.plain, &with_will(v5, 0)).await;
        device.disconnect().await;
        running
            .journal
            .all_until(|all| all.iter().find(|message| message.topic.contains("/disconnected/")).cloned())
            .await;
        // The will would come after the event of presence, and before anything that is sent now.
        let mut other = Raw::v3(running.plain, "other").await;
        other.publish("marker", b"", 1).await;
        other.acknowledged(1).await;
        assert_eq!(running.journal.messages().len(), 1);
    }
}

#[tokio::test]
async fn with_mqtt_5_a_goodbye_may_ask_for_the_will() {
    let running = Running::start().await;
    let (mut device, _) = Raw::connect(running.plain, &with_will(true, 0)).await;
    device.send(&[0xe0, 1, 4]).await;
    running.journal.until(|messages| messages.len() == 1).await;
}

#[tokio::test]
async fn a_client_that_is_silent_too_long_is_lost() {
    let limits = Limits { shortest_keep_alive: Duration::from_secs(1), ..Limits::default() };
    for v5 in [false, true] {
        let mut running = Running::with(limits.clone()).await;
        let hello = Hello { keep_alive: 1, ..with_will(v5, 0) };
        let (mut device, _) = Raw::connect(running.plain, &hello).await;
        let begun = tokio::time::Instant::now();
        assert_eq!(device.ended().await, if v5 { 0x8d } else { 0 });
        let silent = begun.elapsed();
        assert!(silent > Duration::from_millis(1300), "{silent:?}");
        running.note("silent for 1.5 times its keep-alive of 1 s").await;
        running.journal.until(|messages| messages.len() == 1).await;
        let event = running
            .journal
            .all_until(|all| all.iter().find(|message| message.topic.contains("/disconnected/")).cloned())
            .await;
        assert!(String::from_utf8_lossy(&event.payload).contains("MQTT_KEEP_ALIVE_TIMEOUT"));
    }
}

#[tokio::test]
async fn a_will_with_a_delay_waits_for_the_client() {
    let running = Running::start().await;
    let (device, _) = Raw::connect(running.plain, &Hello { clean: false, ..with_will(true, 600) }).await;
    drop(device);
    running
        .journal
        .all_until(|all| all.iter().find(|message| message.topic.contains("/disconnected/")).cloned())
        .await;
    let back = Hello { clean: false, ..with_will(true, 1) };
    let (mut device, present) = Raw::connect(running.plain, &back).await;
    assert!(present);
    device.send(&publish(true, "back", b"", 1, 1)).await;
    device.acknowledged(1).await;
    assert_eq!(running.journal.messages().len(), 1);
    drop(device);
    running.journal.until(|messages| messages.len() == 2).await;
}

#[tokio::test]
async fn a_will_that_could_not_be_published_is_refused_at_once() {
    for (v5, topic, qos, code) in [
        (false, "home/lost", 2, 5),
        (true, "home/lost", 2, 0x9b),
        (true, "a/+", 1, 0x90),
        (false, "$SYS/x", 1, 5),
    ] {
        let mut running = Running::start().await;
        let will = Some((topic.to_owned(), b"{}".to_vec(), qos, 0));
        let mut device = Raw::open(running.plain).await;
        device.send(&Hello { will, v5, ..Hello::v3("heating") }.packet()).await;
        let (kind, body) = device.packet().await.unwrap();
        assert_eq!((kind, body[1]), (0x20, code), "{topic}");
        assert_eq!(device.packet().await, None);
        running.note("whose last will is").await;
        assert!(running.journal.topics().is_empty());
    }
}
