//! What rumqttc 0.25.1 would lose, or stop at, on its own; and what any broker may do.

use std::collections::BTreeSet;
use std::time::Duration;

use rumqttc::mqttbytes::v4::Packet;
use serde_json::{Value, json};

use crate::broker::Broker;
use crate::publishing::{Publishing, payload};

/// It forgets all it has accepted when the session is a new one.
#[tokio::test]
async fn what_a_broker_cut_off_before_it_acknowledged_is_published_again() {
    let broker = Broker::start().await;
    let device = Publishing::to(broker.port());
    for status in ["INACTIVE", "ACTIVE", "FAULTY"] {
        device.finds(status).await;
    }
    let mut peer = broker.accept().await;
    let mut first = Vec::new();
    for _ in 0..3 {
        first.push(payload(&peer.publish().await));
    }
    drop(peer);

    let mut peer = broker.accept().await;
    let mut again = Vec::new();
    for _ in 0..3 {
        let publish = peer.publish().await;
        peer.acknowledge(publish.pkid).await;
        again.push(payload(&publish));
    }
    assert_eq!(again, first, "with the same ids and numbers, in the same order");
    let figures = device.stopped().await.figures().unwrap();
    assert_eq!((figures.spooled, figures.counters.acknowledged, figures.counters.connections), (0, 3, 2));
}

/// It tries what is too large again and again, over one connection after the other.
#[tokio::test]
async fn what_is_too_large_keeps_nothing_else_back() {
    let broker = Broker::start().await;
    let device = Publishing::to(broker.port());
    device.finds_with("INACTIVE", json!("x".repeat(200 * 1024))).await;
    device.finds("ACTIVE").await;
    let mut peer = broker.accept().await;
    let publish = peer.publish().await;
    assert_eq!(payload(&publish)["status"], "ACTIVE");
    peer.acknowledge(publish.pkid).await;
    let figures = device.stopped().await.figures().unwrap();
    assert_eq!((figures.spooled, figures.counters.refused, figures.counters.connections), (0, 1, 1));
}

/// It stops at an identifier that comes round while its first use is not acknowledged.
#[tokio::test]
async fn acknowledgements_in_another_order_stop_nothing() {
    let broker = Broker::start().await;
    let device = Publishing::to(broker.port());
    for number in 0..250 {
        device.finds(&format!("S{number}")).await;
    }
    let mut peer = broker.accept().await;
    let mut seen = BTreeSet::new();
    while seen.len() < 250 {
        // The oldest of a batch comes last, when nothing else is left to come.
        let oldest = peer.publish().await;
        seen.insert(payload(&oldest)["seq"].as_u64().unwrap());
        for _ in 0..90.min(250 - seen.len()) {
            let publish = peer.publish().await;
            assert!(seen.insert(payload(&publish)["seq"].as_u64().unwrap()));
            peer.acknowledge(publish.pkid).await;
        }
        peer.acknowledge(oldest.pkid).await;
    }
    let figures = device.stopped().await.figures().unwrap();
    assert_eq!((figures.spooled, figures.counters.acknowledged, figures.counters.connections), (0, 250, 1));
}

#[tokio::test]
async fn an_acknowledgement_that_comes_twice_loses_nothing() {
    let broker = Broker::start().await;
    let device = Publishing::to(broker.port());
    device.finds("INACTIVE").await;
    device.finds("ACTIVE").await;
    let mut peer = broker.accept().await;
    let first = peer.publish().await;
    let second = payload(&peer.publish().await);
    peer.acknowledge(first.pkid).await;
    peer.acknowledge(first.pkid).await;

    // For rumqttc it is an error of the broker.
    let mut peer = broker.accept().await;
    let again = peer.publish().await;
    assert_eq!(payload(&again), second);
    peer.acknowledge(again.pkid).await;
    assert_eq!(device.stopped().await.figures().unwrap().spooled, 0);
}

#[tokio::test]
async fn a_broker_that_never_answers_is_left() {
    let broker = Broker::start().await;
    let device = Publishing::with(broker.port(), |config| campanile_device::publisher::PublisherConfig {
        acknowledge_within: Duration::from_millis(300),
        ..config
    });
    device.finds("INACTIVE").await;
    let mut silent = broker.accept().await;
    let first = payload(&silent.publish().await);
    let mut peer = broker.accept().await;
    let again = peer.publish().await;
    assert_eq!(payload(&again), first);
    peer.acknowledge(again.pkid).await;
    assert_eq!(device.stopped().await.figures().unwrap().spooled, 0);
}

#[tokio::test]
async fn whoever_stops_waits_for_what_is_on_its_way_and_says_goodbye() {
    let broker = Broker::start().await;
    let device = Publishing::to(broker.port());
    device.finds("INACTIVE").await;
    let mut peer = broker.accept().await;
    let publish = peer.publish().await;
    device.asks_to_stop();
    let acknowledges = async {
        tokio::task::yield_now().await;
        peer.acknowledge(publish.pkid).await;
        peer.next().await
    };
    let (spool, goodbye) = tokio::join!(device.stopped(), acknowledges);
    assert_eq!(spool.figures().unwrap().spooled, 0);
    assert!(matches!(goodbye, Some(Packet::Disconnect)), "{goodbye:?}");
}

#[tokio::test]
async fn without_a_broker_it_stops_when_its_time_is_over_and_keeps_everything() {
    let broker = Broker::start().await;
    let port = broker.port();
    drop(broker);
    let device = Publishing::with(port, |config| campanile_device::publisher::PublisherConfig {
        flush_within: Duration::from_millis(200),
        ..config
    });
    device.finds_with("INACTIVE", Value::Bool(true)).await;
    assert_eq!(device.stopped().await.figures().unwrap().spooled, 1);
}
