//! `campanile publish`: a message by hand, as a device publishes it. It is acknowledged when the broker has kept it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use campanile_rules::limits::PAYLOAD_BYTES;
use campanile_rules::topic::check_topic;
use rumqttc::{AsyncClient, ConnectionError, Event, EventLoop, MqttOptions, Packet, QoS};
use serde_json::json;

use super::sample::Sample;
use crate::args::PublishArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{self, GOOD, QUIET, styled, visible};
use crate::rule::eval::payload;

/// A broker on this machine answers in milliseconds, if its disk is not busy.
const PATIENCE: Duration = Duration::from_secs(15);

/// Packets may be larger than the payload: topic and header.
const PACKET_BYTES: usize = PAYLOAD_BYTES + 1024;

pub(crate) async fn run(arguments: PublishArguments) -> Result<Exit, CliError> {
    let (topic, payload) = message(&arguments)?;
    check_topic(&topic).map_err(|reason| CliError::Topic { topic: topic.clone(), reason })?;
    if payload.len() > PAYLOAD_BYTES {
        return Err(CliError::Payload(payload.len()));
    }
    let (address, size, started) = (arguments.mqtt, payload.len(), Instant::now());
    let published = publish(address, &arguments.device, &topic, payload);
    let late = |_| CliError::NotAcknowledged { address, patience: PATIENCE };
    tokio::time::timeout(PATIENCE, published).await.map_err(late)??;
    let time = started.elapsed();
    if arguments.json {
        output::json(&json!({
            "topic": topic,
            "device": arguments.device,
            "bytes": size,
            "duration-ms": time.as_secs_f64() * 1000.0,
        }));
    } else {
        let (topic, time) = (visible(&topic), styled(QUIET, format!("{} ms", time.as_millis())));
        output::line(format!("{}  {topic}  {size} bytes  {time}", styled(GOOD, "acknowledged")));
    }
    Ok(Exit::Success)
}

fn message(arguments: &PublishArguments) -> Result<(String, Vec<u8>), CliError> {
    if arguments.sample {
        let sample = Sample::new(&arguments.device, &arguments.status, arguments.topic.as_deref());
        return Ok((sample.topic, sample.payload));
    }
    let topic = arguments.topic.clone().unwrap_or_default();
    Ok((topic, payload(arguments.payload.as_deref().unwrap_or_default())?))
}

/// Connects, publishes with QoS 1 and comes back when that is acknowledged.
async fn publish(address: SocketAddr, device: &str, topic: &str, payload: Vec<u8>) -> Result<(), CliError> {
    let mut options = MqttOptions::new(device, address.ip().to_string(), address.port());
    options.set_max_packet_size(PACKET_BYTES, PACKET_BYTES);
    let (client, mut events) = AsyncClient::new(options, 1);
    let refused = |reason: String| CliError::NoBroker { address, reason };
    client
        .publish(topic, QoS::AtLeastOnce, false, payload)
        .await
        .map_err(|error| refused(error.to_string()))?;
    until(&mut events, |packet| matches!(packet, Packet::PubAck(_)))
        .await
        .map_err(|error| refused(in_words(error)))?;
    // Without it, the broker would tell that the device was lost.
    client.disconnect().await.ok();
    while events.poll().await.is_ok_and(|event| event != Event::Outgoing(rumqttc::Outgoing::Disconnect)) {}
    Ok(())
}

async fn until(events: &mut EventLoop, is_it: impl Fn(&Packet) -> bool) -> Result<(), ConnectionError> {
    loop {
        if let Event::Incoming(packet) = events.poll().await?
            && is_it(&packet)
        {
            return Ok(());
        }
    }
}

fn in_words(error: ConnectionError) -> String {
    match error {
        ConnectionError::Io(error) => error.to_string(),
        other => other.to_string(),
    }
}
