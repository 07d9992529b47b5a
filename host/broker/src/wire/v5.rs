//! MQTT 5 in terms of this broker.

use std::num::NonZeroU32;
use std::time::Duration;

use bytestring::ByteString;
use rmqtt_codec::types::QoS;
use rmqtt_codec::v5::{
    Connect, ConnectAck, ConnectAckReason, Disconnect, DisconnectReasonCode, LastWill, Packet, PublishAck,
    PublishAckReason, PublishProperties, RetainHandling, SubscribeAck, SubscribeAckReason, UnsubscribeAck,
    UnsubscribeAckReason,
};
use tokio::time::Instant;

use super::MAX_PACKET;
use super::packet::{
    Accept, Hello, Incoming, Outbound, Problem, Publish, Refusal, Requested, Subscribe, TOPIC_ALIASES, Will,
};
use super::v3::{qos, qos_of};
use crate::message::{Properties, Qos};
use crate::session::Outgoing;

pub(super) fn hello(connect: Connect) -> Hello {
    Hello {
        protocol: "5",
        client_id: connect.client_id.to_string(),
        clean_start: connect.clean_start,
        keep_alive: connect.keep_alive,
        expiry: Duration::from_secs(connect.session_expiry_interval_secs.into()),
        receive_max: connect.receive_max,
        will: connect.last_will.map(will),
        enhanced_authentication: connect.auth_method.is_some(),
    }
}

fn will(will: LastWill) -> Will {
    let properties = Properties {
        utf8: will.is_utf8_payload.unwrap_or_default(),
        content_type: will.content_type.as_ref().map(text),
        response_topic: will.response_topic.as_ref().map(text),
        correlation_data: will.correlation_data,
        user: pairs(&will.user_properties),
    };
    let published = Publish {
        topic: text(&will.topic),
        alias: None,
        payload: will.message,
        qos: qos(will.qos),
        retain: will.retain,
        dup: false,
        packet_id: None,
        properties: Some(properties),
        expires_after: will.message_expiry_interval.map(seconds),
    };
    Will { publish: published, delay: Duration::from_secs(will.will_delay_interval_sec.unwrap_or(0).into()) }
}

pub(super) fn incoming(packet: Packet) -> Incoming {
    match packet {
        Packet::Publish(publish) => Incoming::Publish(Box::new(published(*publish))),
        Packet::PublishAck(ack) => Incoming::Acknowledged(ack.packet_id),
        Packet::Subscribe(subscribe) => Incoming::Subscribe(Subscribe {
            packet_id: subscribe.packet_id,
            id: subscribe.id,
            requested: subscribe.topic_filters.into_iter().map(requested).collect(),
        }),
        Packet::Unsubscribe(unsubscribe) => Incoming::Unsubscribe {
            packet_id: unsubscribe.packet_id,
            filters: unsubscribe.topic_filters.iter().map(text).collect(),
        },
        Packet::PingRequest => Incoming::Ping,
        Packet::Disconnect(disconnect) => Incoming::Disconnect {
            with_will: disconnect.reason_code != DisconnectReasonCode::NormalDisconnection,
            expiry: disconnect.session_expiry_interval_secs.map(|expiry| Duration::from_secs(expiry.into())),
        },
        packet => Incoming::Unexpected(unexpected(&packet)),
    }
}

fn requested((filter, options): (ByteString, rmqtt_codec::v5::SubscriptionOptions)) -> Requested {
    Requested {
        filter: text(&filter),
        qos: qos(options.qos).unwrap_or(Qos::AtLeastOnce),
        no_local: options.no_local,
        retain_as_published: options.retain_as_published,
        retained: match options.retain_handling {
            RetainHandling::AtSubscribe => (true, true),
            RetainHandling::AtSubscribeNew => (true, false),
            RetainHandling::NoAtSubscribe => (false, false),
        },
    }
}

fn published(publish: rmqtt_codec::types::Publish) -> Publish {
    let properties = publish.properties.unwrap_or_default();
    Publish {
        topic: text(&publish.topic),
        alias: properties.topic_alias,
        payload: publish.payload,
        qos: qos(publish.qos),
        retain: publish.retain,
        dup: publish.dup,
        packet_id: publish.packet_id,
        expires_after: properties.message_expiry_interval.map(seconds),
        properties: Some(Properties {
            utf8: properties.is_utf8_payload,
            content_type: properties.content_type.as_ref().map(text),
            response_topic: properties.response_topic.as_ref().map(text),
            correlation_data: properties.correlation_data,
            user: pairs(&properties.user_properties),
        }),
    }
}

fn unexpected(packet: &Packet) -> &'static str {
    match packet {
        Packet::Connect(_) => "a second CONNECT",
        Packet::Auth(_) => "AUTH, which nobody asked for",
        Packet::PublishReceived(_) | Packet::PublishRelease(_) | Packet::PublishComplete(_) => {
            "a packet of QoS 2"
        }
        _ => "a packet that only brokers send",
    }
}

pub(super) fn outgoing(packet: Outbound) -> Option<Packet> {
    Some(match packet {
        Outbound::Accept(accept) => Packet::ConnectAck(Box::new(accepted(accept))),
        Outbound::Refuse(refusal) => {
            let reason_code = refused(refusal);
            Packet::ConnectAck(Box::new(ConnectAck { reason_code, ..ConnectAck::default() }))
        }
        Outbound::Publish(outgoing) => Packet::Publish(Box::new(publish(outgoing))),
        Outbound::PublishAck(packet_id) => Packet::PublishAck(PublishAck {
            packet_id,
            reason_code: PublishAckReason::Success,
            properties: Vec::new(),
            reason_string: None,
        }),
        Outbound::SubscribeAck { packet_id, granted } => Packet::SubscribeAck(SubscribeAck {
            packet_id,
            properties: Vec::new(),
            reason_string: None,
            status: granted.into_iter().map(subscribed).collect(),
        }),
        Outbound::UnsubscribeAck { packet_id, existed } => Packet::UnsubscribeAck(UnsubscribeAck {
            packet_id,
            properties: Vec::new(),
            reason_string: None,
            status: existed.into_iter().map(unsubscribed).collect(),
        }),
        Outbound::Pong => Packet::PingResponse,
        Outbound::Disconnect(problem) => {
            Packet::Disconnect(Disconnect { reason_code: ended(problem), ..Disconnect::default() })
        }
    })
}

fn accepted(accept: Accept) -> ConnectAck {
    ConnectAck {
        session_present: accept.session_present,
        reason_code: ConnectAckReason::Success,
        session_expiry_interval_secs: accept
            .expiry
            .map(|expiry| u32::try_from(expiry.as_secs()).unwrap_or(u32::MAX)),
        receive_max: accept.receive_max,
        max_qos: QoS::AtLeastOnce,
        max_packet_size: Some(MAX_PACKET),
        assigned_client_id: accept.assigned.map(ByteString::from),
        topic_alias_max: TOPIC_ALIASES,
        shared_subscription_available: false,
        server_keepalive_sec: accept.keep_alive,
        ..ConnectAck::default()
    }
}

fn publish(outgoing: Outgoing) -> rmqtt_codec::types::Publish {
    let published = &outgoing.delivery.published;
    let message = &published.message;
    let given = message.properties.clone().unwrap_or_default();
    let left = published.expires.map(|at| at.saturating_duration_since(Instant::now()).as_secs());
    let properties = PublishProperties {
        topic_alias: None,
        correlation_data: given.correlation_data,
        message_expiry_interval: left
            .map(|left| NonZeroU32::new(u32::try_from(left).unwrap_or(u32::MAX)).unwrap_or(NonZeroU32::MIN)),
        content_type: given.content_type.map(ByteString::from),
        user_properties: given.user.into_iter().map(|(key, value)| (key.into(), value.into())).collect(),
        is_utf8_payload: given.utf8,
        response_topic: given.response_topic.map(ByteString::from),
        subscription_ids: outgoing.delivery.subscription_ids,
    };
    rmqtt_codec::types::Publish {
        dup: outgoing.dup,
        retain: outgoing.delivery.retain,
        qos: qos_of(outgoing.delivery.qos),
        topic: message.topic.clone().into(),
        packet_id: outgoing.packet_id,
        payload: message.payload.clone(),
        properties: Some(properties),
    }
}

fn refused(refusal: Refusal) -> ConnectAckReason {
    match refusal {
        Refusal::ClientId => ConnectAckReason::ClientIdentifierNotValid,
        Refusal::NotAuthorized => ConnectAckReason::NotAuthorized,
        Refusal::Authentication => ConnectAckReason::BadAuthenticationMethod,
        Refusal::Will(Problem::Qos) => ConnectAckReason::QosNotSupported,
        Refusal::Will(Problem::TooLarge) => ConnectAckReason::PacketTooLarge,
        Refusal::Will(_) => ConnectAckReason::TopicNameInvalid,
    }
}

fn subscribed(granted: Result<Qos, Problem>) -> SubscribeAckReason {
    match granted {
        Ok(Qos::AtMostOnce) => SubscribeAckReason::GrantedQos0,
        Ok(Qos::AtLeastOnce) => SubscribeAckReason::GrantedQos1,
        Err(Problem::Filter) => SubscribeAckReason::TopicFilterInvalid,
        Err(Problem::SharedSubscription) => SubscribeAckReason::SharedSubscriptionNotSupported,
        Err(Problem::Quota) => SubscribeAckReason::QuotaExceeded,
        Err(_) => SubscribeAckReason::UnspecifiedError,
    }
}

fn unsubscribed(existed: bool) -> UnsubscribeAckReason {
    if existed { UnsubscribeAckReason::Success } else { UnsubscribeAckReason::NoSubscriptionExisted }
}

fn ended(problem: Problem) -> DisconnectReasonCode {
    match problem {
        Problem::Malformed => DisconnectReasonCode::MalformedPacket,
        Problem::Protocol => DisconnectReasonCode::ProtocolError,
        Problem::NotKept => DisconnectReasonCode::ImplementationSpecificError,
        Problem::ShuttingDown => DisconnectReasonCode::ServerShuttingDown,
        Problem::KeepAlive => DisconnectReasonCode::KeepAliveTimeout,
        Problem::TakenOver => DisconnectReasonCode::SessionTakenOver,
        Problem::NotAuthorized => DisconnectReasonCode::NotAuthorized,
        Problem::Filter => DisconnectReasonCode::TopicFilterInvalid,
        Problem::SharedSubscription => DisconnectReasonCode::SharedSubscriptionNotSupported,
        Problem::Topic => DisconnectReasonCode::TopicNameInvalid,
        Problem::TopicAlias => DisconnectReasonCode::TopicAliasInvalid,
        Problem::TooLarge => DisconnectReasonCode::PacketTooLarge,
        Problem::Quota => DisconnectReasonCode::QuotaExceeded,
        Problem::Qos => DisconnectReasonCode::QosNotSupported,
    }
}

fn text(text: &ByteString) -> String {
    text.to_string()
}

fn pairs(pairs: &rmqtt_codec::v5::UserProperties) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| (text(key), text(value))).collect()
}

fn seconds(seconds: NonZeroU32) -> Duration {
    Duration::from_secs(seconds.get().into())
}
