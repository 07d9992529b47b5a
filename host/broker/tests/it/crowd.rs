//! Many clients, silent ones among them, and the end of all.

use std::time::Duration;

use campanile_broker::Limits;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::raw::{Hello, Raw};
use crate::support::{Running, bounded};

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_connections_at_once_lose_nothing() {
    let running = Running::start().await;
    let plain = running.plain;
    let devices = (0..100).map(|number| {
        tokio::spawn(async move {
            let mut device = Raw::v3(plain, &format!("device-{number}")).await;
            for packet_id in 1..=20u16 {
                device.publish(&format!("home/{number}"), &packet_id.to_be_bytes(), packet_id).await;
            }
            for packet_id in 1..=20 {
                device.acknowledged(packet_id).await;
            }
            device.disconnect().await;
        })
    });
    let devices: Vec<_> = devices.collect();
    for device in devices {
        device.await.unwrap();
    }
    let messages = running.journal.messages();
    assert_eq!(messages.len(), 2000);
    for number in 0..100 {
        let topic = format!("home/{number}");
        let order: Vec<u16> = messages
            .iter()
            .filter(|message| message.topic == topic)
            .map(|message| u16::from_be_bytes([message.payload[0], message.payload[1]]))
            .collect();
        assert_eq!(order, (1..=20).collect::<Vec<u16>>(), "{topic}");
    }
}

#[tokio::test]
async fn who_says_nothing_is_sent_away_and_holds_up_nobody() {
    let limits = Limits {
        tls_handshake: Duration::from_millis(500),
        connect: Duration::from_millis(500),
        ..Limits::default()
    };
    let mut running = Running::with(limits).await;
    let mut silent = Vec::new();
    for address in [running.plain, running.tls] {
        for _ in 0..20 {
            silent.push(TcpStream::connect(address).await.unwrap());
        }
    }
    let begun = Instant::now();
    let mut device = Raw::v3(running.plain, "heating").await;
    device.publish("a", b"{}", 1).await;
    device.acknowledged(1).await;
    assert!(begun.elapsed() < Duration::from_millis(450), "{:?}", begun.elapsed());
    running.note("sent no CONNECT within").await;
    running.note("ended no handshake within").await;
    for stream in silent {
        let mut nothing = [0; 1];
        // Closed, or reset.
        bounded(async {
            loop {
                stream.readable().await.unwrap();
                match stream.try_read(&mut nothing) {
                    Ok(_) => break,
                    Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                    Err(_) => break,
                }
            }
        })
        .await;
    }
    device.ping().await;
}

#[tokio::test]
async fn there_are_no_more_connections_than_allowed() {
    let mut running = Running::with(Limits { connections: 2, ..Limits::default() }).await;
    let first = Raw::v3(running.plain, "first").await;
    let mut second = Raw::v3(running.plain, "second").await;
    let mut third = Raw::open(running.plain).await;
    third.send(&Hello::v3("third").packet()).await;
    assert_eq!(third.packet().await, None);
    running.note("because there are 2 already").await;
    second.ping().await;
    first.disconnect().await;
    running
        .journal
        .all_until(|all| all.iter().find(|message| message.topic.contains("/disconnected/")).cloned())
        .await;
    bounded(async {
        loop {
            let mut next = Raw::open(running.plain).await;
            next.send(&Hello::v3("next").packet()).await;
            if next.packet().await.is_some() {
                break;
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_broker_that_stops_ends_all_connections_and_keeps_what_it_took() {
    let running = Running::start().await;
    let will = Some(("lost".to_owned(), b"{}".to_vec(), 1, 0));
    let (mut device, _) = Raw::connect(running.plain, &Hello { will, ..Hello::v5("heating") }).await;
    let _silent = TcpStream::connect(running.plain).await.unwrap();
    let _silent_tls = TcpStream::connect(running.tls).await.unwrap();
    device.publish("a", b"{}", 1).await;
    device.acknowledged(1).await;
    running.journal.close();
    device.publish("a", b"{}", 2).await;
    running.journal.until_offered(3).await;
    let (journal, plain) = (std::sync::Arc::clone(&running.journal), running.plain);
    let stopping = tokio::spawn(running.broker.shutdown());
    assert_eq!(device.ended().await, 0x8b);
    journal.open();
    bounded(stopping).await.unwrap();
    // The second message was kept though it was not acknowledged, and no device counts as lost.
    assert_eq!(journal.topics(), ["$aws/events/presence/connected/heating", "a", "a"]);
    assert!(TcpStream::connect(plain).await.is_err());
}

#[tokio::test]
async fn a_broker_that_stops_does_not_wait_for_ever() {
    let running = Running::start().await;
    running.journal.close();
    let mut device = Raw::v3(running.plain, "heating").await;
    device.publish("a", b"{}", 1).await;
    running.journal.until_offered(2).await;
    let begun = Instant::now();
    bounded(running.broker.shutdown()).await;
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
}
