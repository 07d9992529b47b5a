//! What AWS IoT would not take, and how fast it would.

use std::time::Duration;

use campanile_broker::Limits;
use tokio::time::Instant;

use crate::raw::{Hello, Raw, packet, publish, text};
use crate::support::Running;

/// What is wrong, the bytes, the reason of the DISCONNECT with MQTT 5, and a part of the sentence for people.
fn refused(v5: bool) -> Vec<(&'static str, Vec<u8>, u8, &'static str)> {
    let topic = |topic: &str| publish(v5, topic, b"{}", 1, 1);
    let mut bad_text = publish(v5, "ab", b"{}", 0, 0);
    bad_text[4] = 0xff;
    let mut too_large = vec![0x32];
    too_large.extend([0xff, 0xff, 0xff, 0x7f]);
    vec![
        ("payload", publish(v5, "a", &vec![0; 128 * 1024 + 1], 1, 1), 0x95, "AWS IoT allows 131072"),
        ("packet", too_large, 0x95, "is larger than"),
        ("levels", topic("1/2/3/4/5/6/7/8/9"), 0x90, "8 slashes"),
        ("length", topic(&"x".repeat(257)), 0x90, "257 bytes"),
        ("wildcard", topic("a/+"), 0x90, "only filters may have"),
        ("NUL", topic("a\0"), 0x90, "NUL"),
        ("reserved", topic("$SYS/a"), 0x90, "reserved"),
        ("QoS 2", publish(v5, "a", b"{}", 2, 1), 0x9b, "QoS 2"),
        ("UTF-8", bad_text, 0x81, "no MQTT packet"),
        ("second CONNECT", Hello { v5, ..Hello::v3("x") }.packet(), 0x82, "a second CONNECT"),
    ]
}

#[tokio::test]
async fn what_aws_would_not_take_ends_the_connection() {
    let mut running = Running::start().await;
    let mut good = Raw::v3(running.plain, "good").await;
    for v5 in [false, true] {
        for (what, bytes, code, note) in refused(v5) {
            let (mut device, _) = Raw::connect(running.plain, &Hello { v5, ..Hello::v3("bad") }).await;
            device.send(&bytes).await;
            let ended = device.ended().await;
            assert_eq!(ended, if v5 { code } else { 0 }, "{what}");
            let said = running.note("`bad` disconnected").await;
            assert!(said.contains(note), "{what}: {said}");
            good.ping().await;
        }
    }
    assert!(running.journal.messages().is_empty());
}

#[tokio::test]
async fn the_largest_message_is_taken() {
    let running = Running::start().await;
    let mut device = Raw::v5(running.plain, "heating").await;
    let topic = format!("$aws/rules/hot/{}/1/2/3/4/5/6/7", "x".repeat(242));
    device.publish(&topic, &vec![0; 128 * 1024], 1).await;
    device.acknowledged(1).await;
    assert_eq!(running.journal.messages()[0].payload.len(), 128 * 1024);
}

#[tokio::test]
async fn client_ids_are_as_in_aws() {
    let mut running = Running::start().await;
    for (client_id, clean, code) in [("x".repeat(129), true, 2), ("a\u{1}".to_owned(), true, 2)] {
        let mut device = Raw::open(running.plain).await;
        device.send(&Hello { client_id, clean, ..Hello::v3("") }.packet()).await;
        assert_eq!(device.packet().await, Some((0x20, vec![0, code])));
        assert_eq!(device.packet().await, None);
        let note = running.note("refused").await;
        assert!(!note.contains('\u{1}'), "{note}");
    }
    drop(Raw::v3(running.plain, &"x".repeat(128)).await);
    // Tools for a look, such as mosquitto_sub, leave the name to the broker.
    let (_watcher, _) = Raw::connect(running.plain, &Hello::v5("")).await;
    assert!(running.broker.clients().iter().any(|client| client.client_id.starts_with("auto-")));
}

#[tokio::test]
async fn keep_alive_is_as_in_aws_and_mqtt_5_is_told() {
    let running = Running::start().await;
    for (asked, told) in [(0, Some(1200)), (5, Some(30)), (30, None), (1200, None), (2000, Some(1200))] {
        let mut device = Raw::open(running.plain).await;
        device.send(&Hello { keep_alive: asked, ..Hello::v5("heating") }.packet()).await;
        let (_, body) = device.packet().await.unwrap();
        let property = body.windows(3).find(|window| window[0] == 0x13);
        let keep_alive = property.map(|property| u16::from_be_bytes([property[1], property[2]]));
        assert_eq!(keep_alive, told, "{asked}: {body:?}");
    }
}

#[tokio::test]
async fn who_publishes_too_fast_waits_and_loses_nothing() {
    let limits = Limits { publishes_per_second: 20, ..Limits::default() };
    let running = Running::with(limits).await;
    let mut device = Raw::v3(running.plain, "heating").await;
    let mut other = Raw::v3(running.plain, "other").await;
    let begun = Instant::now();
    for packet_id in 1..=50 {
        device.publish("a", b"{}", packet_id).await;
    }
    // One second's worth at once, then twenty a second; others are not concerned.
    other.publish("b", b"{}", 1).await;
    other.acknowledged(1).await;
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    for packet_id in 1..=50 {
        device.acknowledged(packet_id).await;
    }
    assert!(begun.elapsed() > Duration::from_millis(1300), "{:?}", begun.elapsed());
    assert_eq!(running.journal.messages().len(), 51);
}

#[tokio::test]
async fn bytes_are_counted_too() {
    let limits = Limits { bytes_per_second: 100 * 1024, ..Limits::default() };
    let running = Running::with(limits).await;
    let mut device = Raw::v3(running.plain, "heating").await;
    let begun = Instant::now();
    for packet_id in 1..=3 {
        device.publish("a", &vec![0; 100 * 1024], packet_id).await;
    }
    for packet_id in 1..=3 {
        device.acknowledged(packet_id).await;
    }
    assert!(begun.elapsed() > Duration::from_millis(900), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn no_more_is_being_kept_than_may_be_under_way() {
    let running = Running::with(Limits { in_flight: 10, ..Limits::default() }).await;
    running.journal.close();
    let mut device = Raw::v3(running.plain, "heating").await;
    for packet_id in 1..=30 {
        device.publish("a", b"{}", packet_id).await;
    }
    let mut other = Raw::v3(running.plain, "other").await;
    running.journal.until_offered(12).await;
    other.ping().await;
    other.ping().await;
    running.journal.open();
    for packet_id in 1..=30 {
        device.acknowledged(packet_id).await;
    }
}

#[tokio::test]
async fn topics_have_aliases_in_mqtt_5() {
    let running = Running::start().await;
    let mut device = Raw::v5(running.plain, "heating").await;
    let aliased = |topic: &str, alias: u8, packet_id: u8| {
        let mut body = text(topic);
        body.extend([0, packet_id, 3, 0x23, 0, alias]);
        body.push(b'x');
        packet(0x32, &body)
    };
    device.send(&aliased("home/heating/status", 1, 1)).await;
    device.acknowledged(1).await;
    device.send(&aliased("", 1, 2)).await;
    device.acknowledged(2).await;
    assert_eq!(running.journal.messages()[1].topic, "home/heating/status");
    device.send(&aliased("", 2, 3)).await;
    assert_eq!(device.ended().await, 0x94);
    let mut device = Raw::v5(running.plain, "heating").await;
    device.send(&aliased("a", 9, 1)).await;
    assert_eq!(device.ended().await, 0x94);
}
