//! MQTT 3.1 and 3.1.1 in terms of this broker.

use std::time::Duration;

use rmqtt_codec::types::{MQTT_LEVEL_31, QoS};
use rmqtt_codec::v3::{Connect, ConnectAck, ConnectAckReason, LastWill, Packet, SubscribeReturnCode};

use super::packet::{Hello, Incoming, Outbound, Publish, Refusal, Requested, Subscribe, Will};
use crate::message::Qos;

pub(super) fn hello(connect: Connect) -> Hello {
    Hello {
        protocol: if connect.protocol.level() == MQTT_LEVEL_31 { "3.1" } else { "3.1.1" },
        client_id: connect.client_id.to_string(),
        clean_start: connect.clean_session,
        keep_alive: connect.keep_alive,
        expiry: if connect.clean_session { Duration::ZERO } else { Duration::MAX },
        receive_max: None,
        will: connect.last_will.map(will),
        enhanced_authentication: false,
    }
}

fn will(will: LastWill) -> Will {
    let published = Publish {
        topic: will.topic.to_string(),
        alias: None,
        payload: will.message,
        qos: qos(will.qos),
        retain: will.retain,
        dup: false,
        packet_id: None,
        properties: None,
        expires_after: None,
    };
    Will { publish: published, delay: Duration::ZERO }
}

pub(super) fn incoming(packet: Packet) -> Incoming {
    match packet {
        Packet::Publish(publish) => Incoming::Publish(Box::new(published(*publish))),
        Packet::PublishAck { packet_id } => Incoming::Acknowledged(packet_id),
        Packet::Subscribe { packet_id, topic_filters } => {
            let requested = topic_filters.into_iter().map(|(filter, wanted)| Requested {
                filter: filter.to_string(),
                qos: qos(wanted).unwrap_or(Qos::AtLeastOnce),
                no_local: false,
                retain_as_published: false,
                retained: (true, true),
            });
            Incoming::Subscribe(Subscribe { packet_id, id: None, requested: requested.collect() })
        }
        Packet::Unsubscribe { packet_id, topic_filters } => Incoming::Unsubscribe {
            packet_id,
            filters: topic_filters.iter().map(ToString::to_string).collect(),
        },
        Packet::PingRequest => Incoming::Ping,
        Packet::Disconnect => Incoming::Disconnect { with_will: false, expiry: None },
        packet => Incoming::Unexpected(unexpected(&packet)),
    }
}

fn published(publish: rmqtt_codec::types::Publish) -> Publish {
    Publish {
        topic: publish.topic.to_string(),
        alias: None,
        payload: publish.payload,
        qos: qos(publish.qos),
        retain: publish.retain,
        dup: publish.dup,
        packet_id: publish.packet_id,
        properties: None,
        expires_after: None,
    }
}

fn unexpected(packet: &Packet) -> &'static str {
    match packet {
        Packet::Connect(_) => "a second CONNECT",
        Packet::PublishReceived { .. } | Packet::PublishRelease { .. } | Packet::PublishComplete { .. } => {
            "a packet of QoS 2"
        }
        _ => "a packet that only brokers send",
    }
}

pub(super) fn outgoing(packet: Outbound) -> Option<Packet> {
    Some(match packet {
        Outbound::Accept(accept) => Packet::ConnectAck(ConnectAck {
            return_code: ConnectAckReason::ConnectionAccepted,
            session_present: accept.session_present,
        }),
        Outbound::Refuse(refusal) => Packet::ConnectAck(ConnectAck {
            return_code: match refusal {
                Refusal::ClientId => ConnectAckReason::IdentifierRejected,
                Refusal::NotAuthorized | Refusal::Authentication | Refusal::Will(_) => {
                    ConnectAckReason::NotAuthorized
                }
            },
            session_present: false,
        }),
        Outbound::Publish(outgoing) => {
            let message = &outgoing.delivery.published.message;
            Packet::Publish(Box::new(rmqtt_codec::types::Publish {
                dup: outgoing.dup,
                retain: outgoing.delivery.retain,
                qos: qos_of(outgoing.delivery.qos),
                topic: message.topic.clone().into(),
                packet_id: outgoing.packet_id,
                payload: message.payload.clone(),
                properties: None,
            }))
        }
        Outbound::PublishAck(packet_id) => Packet::PublishAck { packet_id },
        Outbound::SubscribeAck { packet_id, granted } => {
            let code = |granted: Result<Qos, _>| {
                granted.map_or(SubscribeReturnCode::Failure, |qos| SubscribeReturnCode::Success(qos_of(qos)))
            };
            Packet::SubscribeAck { packet_id, status: granted.into_iter().map(code).collect() }
        }
        Outbound::UnsubscribeAck { packet_id, .. } => Packet::UnsubscribeAck { packet_id },
        Outbound::Pong => Packet::PingResponse,
        Outbound::Disconnect(_) => return None,
    })
}

pub(super) fn qos(qos: QoS) -> Option<Qos> {
    match qos {
        QoS::AtMostOnce => Some(Qos::AtMostOnce),
        QoS::AtLeastOnce => Some(Qos::AtLeastOnce),
        QoS::ExactlyOnce => None,
    }
}

pub(super) fn qos_of(qos: Qos) -> QoS {
    match qos {
        Qos::AtMostOnce => QoS::AtMostOnce,
        Qos::AtLeastOnce => QoS::AtLeastOnce,
    }
}
