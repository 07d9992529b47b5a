//! Why the spool is the truth: what rumqttc 0.25.1 does with what it has accepted, without us. If one of these fails, it has learned
//! something, and the way round it (`publisher::connection`, `link::window`) may go.

use std::time::Duration;

use rumqttc::mqttbytes::v4::Packet;
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Outgoing, QoS};

use crate::broker::{Broker, in_time};

const TOPIC: &str = "home/heating/status";

fn client(broker: &Broker) -> (AsyncClient, EventLoop) {
    let options = MqttOptions::new("home-heating", "127.0.0.1", broker.port());
    AsyncClient::new(options, 200)
}

fn publish(client: &AsyncClient, payload: Vec<u8>) {
    client.try_publish(TOPIC, QoS::AtLeastOnce, false, payload).unwrap();
}

/// Polls as its documentation says: an error is no reason to stop.
async fn poll(mut events: EventLoop) {
    loop {
        if events.poll().await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

#[tokio::test]
async fn it_forgets_what_it_has_accepted_when_the_session_is_new() {
    let broker = Broker::start().await;
    let (client, events) = client(&broker);
    for number in 0..3 {
        publish(&client, vec![number]);
    }
    let polling = tokio::spawn(poll(events));
    let mut peer = broker.accept().await;
    for _ in 0..3 {
        peer.publish().await;
    }
    drop(peer);
    let mut peer = broker.accept().await;
    publish(&client, b"later".to_vec());
    assert_eq!(peer.publish().await.payload, b"later"[..], "the three are gone, and nobody was told");
    polling.abort();
}

#[tokio::test]
async fn it_connects_again_and_again_for_what_is_too_large() {
    let broker = Broker::start().await;
    let mut options = MqttOptions::new("home-heating", "127.0.0.1", broker.port());
    options.set_clean_session(false);
    let (client, mut events) = AsyncClient::new(options, 200);
    publish(&client, vec![0; 11 * 1024]);
    for _ in 0..4 {
        let failing = async {
            loop {
                if let Err(error) = events.poll().await {
                    return error.to_string();
                }
            }
        };
        // The device is there as long as the broker knows it: nothing but the message can fail.
        let ((_peer, _), error) = tokio::join!(broker.accept_with(true), in_time(failing));
        assert!(error.contains("Cannot send packet of size"), "{error}");
    }
}

#[tokio::test]
async fn it_stops_at_an_identifier_that_is_still_open() {
    let broker = Broker::start().await;
    let mut options = MqttOptions::new("home-heating", "127.0.0.1", broker.port());
    options.set_inflight(3);
    let (client, mut events) = AsyncClient::new(options, 200);
    for number in 0..6 {
        publish(&client, vec![number]);
    }
    let answering = async {
        let mut peer = broker.accept().await;
        let mut received = Vec::new();
        // The first one stays open; AWS may acknowledge in any order.
        while let Ok(Some(packet)) = tokio::time::timeout(Duration::from_millis(500), peer.next()).await {
            let Packet::Publish(publish) = packet else { continue };
            received.push(publish.payload[0]);
            if publish.pkid != 1 {
                peer.acknowledge(publish.pkid).await;
            }
        }
        received
    };
    let polling = async {
        loop {
            if let Ok(Event::Outgoing(Outgoing::AwaitAck(id))) = events.poll().await {
                assert_eq!(id, 1);
            }
        }
    };
    let received = tokio::select! {
        received = answering => received,
        () = polling => Vec::new(),
    };
    assert_eq!(received, [0, 1, 2], "two of three identifiers are free, and nothing follows");
}
