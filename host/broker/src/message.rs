//! A published message, and what the broker knows of who published it.

use std::net::IpAddr;

use bytes::Bytes;
use jiff::Timestamp;

/// A message as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Where to.
    pub topic: String,
    /// What, at most 128 KiB.
    pub payload: Bytes,
    /// How surely.
    pub qos: Qos,
    /// Whether the broker keeps it for those who subscribe later.
    pub retain: bool,
    /// The connection's client id, which is the device's name. From another broker it is what the topic or the payload says,
    /// and empty if nothing does.
    pub client_id: String,
    /// The certificate that the client has shown; none on a plain connection.
    pub principal: Option<Principal>,
    /// The address it came from; none for messages of the broker itself, and of another broker.
    pub source_ip: Option<IpAddr>,
    /// The broker's id of the message, a UUID: another one for each packet, also for one that comes twice.
    pub trace_id: String,
    /// When it came in.
    pub received_at: Timestamp,
    /// What MQTT 5 adds; none of MQTT 3.1.1.
    pub properties: Option<Properties>,
}

/// How surely a message arrives. There is no QoS 2 at AWS IoT.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Qos {
    /// Perhaps (0).
    AtMostOnce,
    /// Perhaps twice (1).
    AtLeastOnce,
}

/// A certificate that a client has proven to own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// SHA-256 of the certificate in DER, in hexadecimal: what AWS IoT calls the certificate's id.
    pub certificate_id: String,
    /// The subject's common name, if it has one.
    pub common_name: Option<String>,
}

/// Properties of a PUBLISH of MQTT 5.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Properties {
    /// Whether the payload is declared to be UTF-8.
    pub utf8: bool,
    /// The content type.
    pub content_type: Option<String>,
    /// The topic for an answer.
    pub response_topic: Option<String>,
    /// What an answer shall carry.
    pub correlation_data: Option<Bytes>,
    /// The sender's own pairs, in order; keys may repeat.
    pub user: Vec<(String, String)>,
}
