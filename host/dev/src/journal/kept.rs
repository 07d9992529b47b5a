//! A message as it is kept: JSON for what is known of it, and its bytes.

use std::net::IpAddr;

use bytes::Bytes;
use campanile_broker::{Message, Principal, Properties, Qos};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Entry, MessageId, Source, Verdict};

/// What is known when a message comes in, but for its payload.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Head {
    source: Source,
    topic: String,
    qos: u8,
    retain: bool,
    client_id: String,
    certificate: Option<Certificate>,
    source_ip: Option<IpAddr>,
    trace_id: String,
    received_at: Timestamp,
    properties: Option<Mqtt5>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Certificate {
    id: String,
    common_name: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Mqtt5 {
    utf8: bool,
    content_type: Option<String>,
    response_topic: Option<String>,
    correlation_data: Option<Vec<u8>>,
    user: Vec<(String, String)>,
}

/// What became of it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Outcome {
    pub(super) verdicts: Vec<Verdict>,
    pub(super) concerns: Vec<String>,
}

impl Head {
    pub(super) fn of(message: &Message, source: Source) -> Self {
        let certificate = |principal: &Principal| Certificate {
            id: principal.certificate_id.clone(),
            common_name: principal.common_name.clone(),
        };
        let mqtt5 = |properties: &Properties| Mqtt5 {
            utf8: properties.utf8,
            content_type: properties.content_type.clone(),
            response_topic: properties.response_topic.clone(),
            correlation_data: properties.correlation_data.as_ref().map(|data| data.to_vec()),
            user: properties.user.clone(),
        };
        Self {
            source,
            topic: message.topic.clone(),
            qos: u8::from(message.qos == Qos::AtLeastOnce),
            retain: message.retain,
            client_id: message.client_id.clone(),
            certificate: message.principal.as_ref().map(certificate),
            source_ip: message.source_ip,
            trace_id: message.trace_id.clone(),
            received_at: message.received_at,
            properties: message.properties.as_ref().map(mqtt5),
        }
    }

    pub(super) fn entry(self, id: MessageId, payload: Vec<u8>, outcome: Outcome) -> Entry {
        let principal = |certificate: Certificate| Principal {
            certificate_id: certificate.id,
            common_name: certificate.common_name,
        };
        let properties = |mqtt5: Mqtt5| Properties {
            utf8: mqtt5.utf8,
            content_type: mqtt5.content_type,
            response_topic: mqtt5.response_topic,
            correlation_data: mqtt5.correlation_data.map(Bytes::from),
            user: mqtt5.user,
        };
        let message = Message {
            topic: self.topic,
            payload: payload.into(),
            qos: if self.qos == 0 { Qos::AtMostOnce } else { Qos::AtLeastOnce },
            retain: self.retain,
            client_id: self.client_id,
            principal: self.certificate.map(principal),
            source_ip: self.source_ip,
            trace_id: self.trace_id,
            received_at: self.received_at,
            properties: self.properties.map(properties),
        };
        let Outcome { verdicts, concerns } = outcome;
        Entry { id, message, source: self.source, verdicts, concerns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_it_was_kept() {
        let message = Message {
            topic: "a/b".into(),
            payload: Bytes::from_static(b"\xff\0"),
            qos: Qos::AtLeastOnce,
            retain: true,
            client_id: "d".into(),
            principal: Some(Principal { certificate_id: "ab".into(), common_name: Some("d".into()) }),
            source_ip: Some("::1".parse().unwrap()),
            trace_id: "t".into(),
            received_at: "2026-11-24T07:00:00.123456789Z".parse().unwrap(),
            properties: Some(Properties {
                correlation_data: Some(Bytes::from_static(&[0, 255])),
                user: vec![("k".into(), "v".into()), ("k".into(), "w".into())],
                ..Properties::default()
            }),
        };
        for source in
            [Source::Mqtt, Source::Replay(MessageId(7)), Source::Republished { of: MessageId(1), times: 2 }]
        {
            let head = serde_json::to_string(&Head::of(&message, source)).unwrap();
            let head: Head = serde_json::from_str(&head).unwrap();
            let entry = head.entry(MessageId(3), message.payload.to_vec(), Outcome::default());
            assert_eq!((entry.id, &entry.message, entry.source), (MessageId(3), &message, source));
        }
    }
}
