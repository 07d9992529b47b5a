//! A message is acknowledged once it is kept, and only then.

use campanile_broker::Qos;

use crate::raw::{Hello, Raw, publish};
use crate::support::Running;

#[tokio::test]
async fn what_is_published_is_kept_as_it_came() {
    let running = Running::start().await;
    let mut device = Raw::v3(running.plain, "heating").await;
    device.send(&publish(false, "home/heating/status", b"\x00\xffcold", 0, 0)).await;
    device.publish("home/heating/status", b"warm", 7).await;
    device.acknowledged(7).await;
    let messages = running.journal.messages();
    let seen: Vec<_> = messages.iter().map(|message| (&message.payload[..], message.qos)).collect();
    assert_eq!(seen, [(&b"\x00\xffcold"[..], Qos::AtMostOnce), (&b"warm"[..], Qos::AtLeastOnce)]);
    let message = &messages[1];
    assert_eq!((message.topic.as_str(), message.client_id.as_str()), ("home/heating/status", "heating"));
    assert_eq!(message.principal, None);
    assert!(message.source_ip.unwrap().is_loopback());
    assert_ne!(message.trace_id, messages[0].trace_id);
}

#[tokio::test]
async fn nothing_is_acknowledged_before_it_is_kept() {
    let running = Running::start().await;
    running.journal.close();
    let mut device = Raw::v3(running.plain, "heating").await;
    for packet_id in 1..=3 {
        device.publish("home/heating/status", b"{}", packet_id).await;
    }
    // Presence and three messages are being kept, and the broker still answers: with this and nothing else.
    running.journal.until_offered(4).await;
    device.ping().await;
    running.journal.open();
    for packet_id in 1..=3 {
        device.acknowledged(packet_id).await;
    }
    assert_eq!(running.journal.messages().len(), 3);
}

#[tokio::test]
async fn one_slow_message_holds_up_no_other_connection() {
    let running = Running::start().await;
    let mut watcher = Raw::v3(running.plain, "watcher").await;
    running.journal.close();
    let mut slow = Raw::v3(running.plain, "slow").await;
    slow.publish("a", b"{}", 1).await;
    running.journal.until_offered(3).await;
    // Another connection works; what goes to subscribers from the host does too.
    assert_eq!(watcher.subscribe(&["news"]).await, [1]);
    assert_eq!(running.broker.publish("news", "x".into(), Qos::AtMostOnce, false), 1);
    assert_eq!(watcher.published().await.0, "news");
    running.journal.open();
    slow.acknowledged(1).await;
}

#[tokio::test]
async fn what_can_not_be_kept_ends_the_connection_without_an_acknowledgement() {
    for hello in [Hello::v3("heating"), Hello::v5("heating")] {
        let mut running = Running::start().await;
        running.journal.refuse(Some("full"));
        let (mut device, _) = Raw::connect(running.plain, &hello).await;
        device.publish("full/status", b"{}", 1).await;
        assert_eq!(device.ended().await, if hello.v5 { 0x83 } else { 0 });
        let note = running.note("could not be kept").await;
        assert!(note.contains("`heating`") && note.contains("the disk is full"), "{note}");
        // The device tries again, and there is room now.
        running.journal.refuse(None);
        let (mut device, _) = Raw::connect(running.plain, &hello).await;
        device.publish("full/status", b"{}", 1).await;
        device.acknowledged(1).await;
    }
}

#[tokio::test]
async fn a_message_that_comes_twice_is_kept_twice() {
    // As in AWS IoT, the broker does not look whether it had a packet before: who sends it again has had no PUBACK.
    let running = Running::start().await;
    let mut device = Raw::v3(running.plain, "heating").await;
    let mut packet = publish(false, "home/heating/status", b"{}", 1, 5);
    device.send(&packet).await;
    packet[0] |= 0x08;
    device.send(&packet).await;
    device.acknowledged(5).await;
    device.acknowledged(5).await;
    assert_eq!(running.journal.messages().len(), 2);
}

#[tokio::test]
async fn what_was_sent_before_a_goodbye_is_kept() {
    let running = Running::start().await;
    let (mut device, _) = Raw::connect(running.plain, &Hello::v5("heating")).await;
    let mut bytes = Vec::new();
    for number in 0..50u8 {
        bytes.extend(publish(true, "home/heating/status", &[number], 0, 0));
    }
    bytes.extend([0xe0, 0]);
    device.send(&bytes).await;
    drop(device);
    let messages = running.journal.until(|messages| messages.len() == 50).await;
    let order: Vec<u8> = messages.iter().map(|message| message.payload[0]).collect();
    assert_eq!(order, (0..50).collect::<Vec<u8>>());
}
