//! Sessions that outlive their connection, and two connections of one client.

use std::time::Duration;

use campanile_broker::{Limits, Qos};

use crate::raw::{Hello, Raw};
use crate::support::Running;

fn lasting(v5: bool) -> Hello {
    Hello { clean: false, expiry: 600, v5, ..Hello::v3("dashboard") }
}

#[tokio::test]
async fn what_was_not_acknowledged_comes_again_with_dup() {
    for v5 in [false, true] {
        let running = Running::start().await;
        let (mut dashboard, present) = Raw::connect(running.plain, &lasting(v5)).await;
        assert!(!present);
        assert_eq!(dashboard.subscribe(&["news/#"]).await, [1]);
        running.broker.publish("news/a", "1".into(), Qos::AtLeastOnce, false);
        running.broker.publish("news/a", "2".into(), Qos::AtLeastOnce, false);
        let (_, _, first, flags) = dashboard.published().await;
        assert_eq!(flags, 0x02);
        let (_, _, second, _) = dashboard.published().await;
        dashboard.acknowledge(first).await;
        dashboard.ping().await;
        drop(dashboard);
        running
            .journal
            .all_until(|all| all.iter().find(|message| message.topic.contains("disconnected")).cloned())
            .await;
        // While it is away, messages with QoS 1 wait and others do not.
        assert_eq!(running.broker.publish("news/a", "3".into(), Qos::AtLeastOnce, false), 1);
        assert_eq!(running.broker.publish("news/a", "4".into(), Qos::AtMostOnce, false), 0);
        let (mut dashboard, present) = Raw::connect(running.plain, &lasting(v5)).await;
        assert!(present);
        let (_, payload, packet_id, flags) = dashboard.published().await;
        assert_eq!((&payload[..], packet_id, flags), (&b"2"[..], second, 0x0a));
        let (_, payload, packet_id, flags) = dashboard.published().await;
        assert_eq!((&payload[..], flags), (&b"3"[..], 0x02));
        assert_ne!(packet_id, second);
        dashboard.ping().await;
    }
}

#[tokio::test]
async fn a_clean_start_ends_the_session_and_so_does_its_time() {
    let limits = Limits { session_expiry: Duration::from_millis(200), ..Limits::default() };
    let running = Running::with(limits).await;
    let (mut dashboard, _) = Raw::connect(running.plain, &lasting(false)).await;
    dashboard.subscribe(&["news"]).await;
    drop(dashboard);
    let (dashboard, present) = Raw::connect(running.plain, &lasting(false)).await;
    assert!(present);
    drop(dashboard);
    let (dashboard, present) = Raw::connect(running.plain, &Hello::v3("dashboard")).await;
    assert!(!present);
    dashboard.disconnect().await;
    let (dashboard, present) = Raw::connect(running.plain, &lasting(false)).await;
    assert!(!present);
    dashboard.disconnect().await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    let (_, present) = Raw::connect(running.plain, &lasting(false)).await;
    assert!(!present);
}

#[tokio::test]
async fn a_second_connection_with_the_same_client_id_ends_the_first() {
    for v5 in [false, true] {
        let mut running = Running::start().await;
        let hello = Hello { v5, ..Hello::v3("heating") };
        let (mut first, _) = Raw::connect(running.plain, &hello).await;
        let (mut second, _) = Raw::connect(running.plain, &hello).await;
        assert_eq!(first.ended().await, if v5 { 0x8e } else { 0 });
        running.note("another connection has its client id").await;
        second.ping().await;
        assert_eq!(running.broker.clients().len(), 1);
        let event = running
            .journal
            .all_until(|all| all.iter().find(|message| message.topic.contains("/disconnected/")).cloned())
            .await;
        assert!(String::from_utf8_lossy(&event.payload).contains("DUPLICATE_CLIENTID"));
    }
}

#[tokio::test]
async fn no_more_is_under_way_than_the_window_allows() {
    let running = Running::with(Limits { in_flight: 3, ..Limits::default() }).await;
    let mut dashboard = Raw::v3(running.plain, "dashboard").await;
    dashboard.subscribe(&["news"]).await;
    for number in 0..10u8 {
        running.broker.publish("news", vec![number].into(), Qos::AtLeastOnce, false);
    }
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(dashboard.published().await.2);
    }
    // The answer comes, and nothing before it.
    dashboard.ping().await;
    for number in 3..10 {
        dashboard.acknowledge(ids.remove(0)).await;
        let (_, payload, packet_id, _) = dashboard.published().await;
        assert_eq!(payload, [number]);
        ids.push(packet_id);
    }
}

#[tokio::test]
async fn what_waits_for_a_subscriber_is_bounded() {
    let mut running = Running::with(Limits { queued_messages: 5, ..Limits::default() }).await;
    let (mut dashboard, _) = Raw::connect(running.plain, &lasting(true)).await;
    dashboard.subscribe(&["news"]).await;
    drop(dashboard);
    running
        .journal
        .all_until(|all| all.iter().find(|message| message.topic.contains("/disconnected/")).cloned())
        .await;
    let queued: usize =
        (0..9).map(|_| running.broker.publish("news", "x".into(), Qos::AtLeastOnce, false)).sum();
    assert_eq!(queued, 5);
    running.note("for which 5 messages wait already").await;
}
