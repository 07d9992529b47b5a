//! rumqttc, the library that most programs in Rust use, with MQTT 3.1.1 and 5.

use std::time::Duration;

use crate::support::{Running, bounded};

#[tokio::test]
async fn rumqttc_with_mqtt_3() {
    use rumqttc::{AsyncClient, Event, LastWill, MqttOptions, Packet, QoS};

    let running = Running::start().await;
    let mut options = MqttOptions::new("heating", "127.0.0.1", running.plain.port());
    options.set_keep_alive(Duration::from_secs(30));
    options.set_last_will(LastWill::new("home/heating/lost", "{}", QoS::AtLeastOnce, false));
    let (client, mut events) = AsyncClient::new(options, 200);
    client.subscribe("home/+/status", QoS::AtLeastOnce).await.unwrap();
    for number in 0..50u8 {
        let qos = if number % 2 == 0 { QoS::AtLeastOnce } else { QoS::AtMostOnce };
        client.publish("home/heating/status", qos, false, [number]).await.unwrap();
    }
    let (mut acknowledged, mut received) = (0, Vec::new());
    bounded(async {
        while acknowledged < 25 || received.len() < 50 {
            match events.poll().await.unwrap() {
                Event::Incoming(Packet::PubAck(_)) => acknowledged += 1,
                Event::Incoming(Packet::Publish(publish)) => received.push(publish.payload[0]),
                _ => {}
            }
        }
    })
    .await;
    assert_eq!(received, (0..50).collect::<Vec<u8>>());
    drop(events);
    running.journal.until(|messages| messages.len() == 51).await;
}

#[tokio::test]
async fn rumqttc_with_mqtt_5() {
    use rumqttc::v5::mqttbytes::QoS;
    use rumqttc::v5::mqttbytes::v5::{Packet, PublishProperties};
    use rumqttc::v5::{AsyncClient, Event, MqttOptions};

    let running = Running::start().await;
    let mut options = MqttOptions::new("heating", "127.0.0.1", running.plain.port());
    options.set_keep_alive(Duration::from_secs(30));
    let (client, mut events) = AsyncClient::new(options, 200);
    client.subscribe("home/heating/status", QoS::AtLeastOnce).await.unwrap();
    let properties = PublishProperties {
        payload_format_indicator: Some(1),
        message_expiry_interval: Some(60),
        response_topic: Some("answers".to_owned()),
        correlation_data: Some("7".into()),
        user_properties: vec![("a".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())],
        content_type: Some("application/json".to_owned()),
        ..PublishProperties::default()
    };
    client
        .publish_with_properties("home/heating/status", QoS::AtLeastOnce, false, "{}", properties.clone())
        .await
        .unwrap();
    let received = bounded(async {
        loop {
            if let Event::Incoming(Packet::Publish(publish)) = events.poll().await.unwrap() {
                return publish;
            }
        }
    })
    .await;
    let expiry = received.properties.as_ref().unwrap().message_expiry_interval.unwrap();
    assert!((58..=60).contains(&expiry), "{expiry}");
    let expected = PublishProperties { message_expiry_interval: Some(expiry), ..properties };
    assert_eq!(received.properties, Some(expected));
    let kept = running.journal.messages()[0].properties.clone().unwrap();
    assert!(kept.utf8);
    assert_eq!(kept.content_type.as_deref(), Some("application/json"));
    assert_eq!(kept.response_topic.as_deref(), Some("answers"));
    assert_eq!(kept.correlation_data.as_deref(), Some(&b"7"[..]));
    assert_eq!(kept.user, [("a".to_owned(), "1".to_owned()), ("a".to_owned(), "2".to_owned())]);
    client.disconnect().await.unwrap();
    bounded(async { while events.poll().await.is_ok() {} }).await;
}
