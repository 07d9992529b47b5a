//! MQTT: whether the broker lets us in, and whether we may publish. Version 5, in which refusals have reasons; what `run` speaks needs the
//! same permissions.

use std::error::Error as _;
use std::io;

use jiff::Timestamp;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{ConnectReturnCode, LastWill, PubAck, PubAckReason};
use rumqttc::v5::{AsyncClient, ConnectionError, Event, EventLoop, Incoming, MqttOptions, StateError};
use rumqttc::{TlsConfiguration, Transport};
use serde_json::json;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use super::trouble::{self, Trouble};
use super::{Outcome, PATIENCE};
use crate::config::Config;
use crate::tls::client_config;

pub(super) async fn connect(config: &Config) -> Outcome {
    let began = Instant::now();
    match session(config).await {
        Ok((client, events)) => {
            goodbye(client, events).await;
            Outcome::ok(format!(
                "the broker takes us as `{}`, in {} ms",
                config.device.id,
                began.elapsed().as_millis()
            ))
        }
        Err(Trouble { what, remedy }) => Outcome::failed(what, remedy),
    }
}

pub(super) async fn publish(config: &Config) -> Outcome {
    match published(config).await {
        Ok(found) => Outcome::ok(found),
        Err(Trouble { what, remedy }) => Outcome::failed(what, remedy),
    }
}

async fn published(config: &Config) -> Result<String, Trouble> {
    let topic = &config.device.topic;
    let (client, mut events) = session(config).await?;
    let event_id = Uuid::now_v7().to_string();
    let event = json!({
        "event_id": event_id, "device_id": config.device.id, "status": "TEST", "occurred_at": Timestamp::now(),
    });
    client
        .try_publish(topic, QoS::AtLeastOnce, false, event.to_string())
        .map_err(|error| Trouble::new(error.to_string(), "try it again"))?;
    let acknowledged = acknowledged(config, &mut events).await?;
    goodbye(client, events).await;
    match acknowledged.reason {
        PubAckReason::Success => Ok(format!("the broker has taken event {event_id} on {topic}")),
        PubAckReason::NoMatchingSubscribers => {
            Ok(format!("the broker has taken event {event_id} on {topic}; nobody has subscribed to it"))
        }
        PubAckReason::NotAuthorized => Err(forbidden(config)),
        other => {
            Err(Trouble::new(format!("the broker does not take it: {other:?}"), "look at the broker's log"))
        }
    }
}

async fn acknowledged(config: &Config, events: &mut EventLoop) -> Result<PubAck, Trouble> {
    loop {
        match timeout(PATIENCE, events.poll()).await {
            Ok(Ok(Event::Incoming(Incoming::PubAck(acknowledged)))) => return Ok(acknowledged),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                let Trouble { what, remedy } = of(&error, config);
                let Trouble { remedy: permission, .. } = forbidden(config);
                return Err(Trouble::new(
                    format!("after the event: {what}"),
                    format!("{permission}; or: {remedy}"),
                ));
            }
            Err(_) => {
                let found = format!("the broker has not acknowledged the event in {PATIENCE:?}");
                return Err(Trouble::new(found, "look at the broker's log"));
            }
        }
    }
}

fn forbidden(config: &Config) -> Trouble {
    let topic = &config.device.topic;
    let remedy = if trouble::is_aws(&config.broker) {
        format!("the certificate's policy has to allow iot:Publish on `{topic}`")
    } else {
        format!("let the broker allow `{}` to write `{topic}`", config.device.id)
    };
    Trouble::new(format!("we may not publish on `{topic}`"), remedy)
}

/// A connection that the broker has accepted.
async fn session(config: &Config) -> Result<(AsyncClient, EventLoop), Trouble> {
    let broker = &config.broker;
    let mut options = MqttOptions::new(&config.device.id, &broker.host, broker.port());
    options.set_clean_start(true).set_keep_alive(broker.keep_alive.unsigned_abs());
    if let Some(topic) = &config.device.last_will {
        // A will on a topic that is not allowed has the connection refused; we say goodbye, so it is never published.
        options.set_last_will(LastWill::new(topic, "{}", QoS::AtLeastOnce, false, None));
    }
    if let Some(tls) = &broker.tls {
        let config = client_config(tls, broker.port())
            .map_err(|error| Trouble::new(error.to_string(), "look at [broker.tls]"))?;
        options.set_transport(Transport::tls_with_config(TlsConfiguration::Rustls(config)));
    }
    let (client, mut events) = AsyncClient::new(options, 10);
    loop {
        match timeout(PATIENCE, events.poll()).await {
            Ok(Ok(Event::Incoming(Incoming::ConnAck(_)))) => return Ok((client, events)),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(of(&error, config)),
            Err(_) => {
                let found = format!("the broker has not answered CONNECT in {PATIENCE:?}");
                return Err(Trouble::new(found, "what listens there may not be a broker"));
            }
        }
    }
}

async fn goodbye(client: AsyncClient, mut events: EventLoop) {
    if client.try_disconnect().is_ok() {
        let until_gone = async { while events.poll().await.is_ok() {} };
        timeout(PATIENCE, until_gone).await.ok();
    }
}

fn of(error: &ConnectionError, config: &Config) -> Trouble {
    let device = &config.device.id;
    let code = match error {
        ConnectionError::ConnectionRefused(code)
        | ConnectionError::MqttState(StateError::ConnFail { reason: code }) => *code,
        ConnectionError::MqttState(StateError::ServerDisconnect { reason_code, reason_string }) => {
            let why = reason_string.clone().unwrap_or_else(|| format!("{reason_code:?}"));
            return Trouble::new(
                format!("the broker has ended the connection: {why}"),
                "look at the broker's log",
            );
        }
        ConnectionError::MqttState(StateError::ConnectionAborted) => return trouble::closed(&config.broker),
        other => return of_io(other, config),
    };
    match code {
        ConnectReturnCode::NotAuthorized
        | ConnectReturnCode::BadUserNamePassword
        | ConnectReturnCode::Banned => {
            let remedy = if trouble::is_aws(&config.broker) {
                format!(
                    "the certificate's policy has to allow iot:Connect for `client/{device}`, and the thing `{device}` needs the certificate"
                )
            } else {
                format!("let the broker allow this certificate and the client id `{device}`")
            };
            Trouble::new(format!("the broker does not let us in ({code:?})"), remedy)
        }
        ConnectReturnCode::BadClientId | ConnectReturnCode::ClientIdentifierNotValid => Trouble::new(
            format!("the broker does not take the client id `{device}`"),
            "set device.id to the name that the broker knows for this certificate",
        ),
        ConnectReturnCode::UnsupportedProtocolVersion | ConnectReturnCode::RefusedProtocolVersion => {
            Trouble::new(
                "the broker does not speak MQTT 5, which this test needs",
                "`run` speaks 3.1.1: look at its log whether it is connected",
            )
        }
        other => {
            Trouble::new(format!("the broker refuses the connection ({other:?})"), "look at the broker's log")
        }
    }
}

fn of_io(error: &ConnectionError, config: &Config) -> Trouble {
    let mut source = error.source();
    while let Some(inner) = source {
        if let (Some(io), Some(tls)) = (inner.downcast_ref::<io::Error>(), &config.broker.tls) {
            return trouble::of(io, tls, &config.broker);
        }
        source = inner.source();
    }
    Trouble::new(error.to_string(), "look at the broker's log")
}
