//! The events that AWS IoT publishes when a client connects or disconnects ("Lifecycle events" of its developer guide).

use std::net::IpAddr;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::message::{Message, Principal, Qos};

/// Whom an event is about: one connection of a client.
#[derive(Clone, Debug)]
pub(crate) struct Presence {
    pub(crate) client_id: String,
    pub(crate) principal: Option<Principal>,
    pub(crate) source_ip: IpAddr,
    /// The connection's own id.
    pub(crate) session: Uuid,
    /// Which connection of the client this is, from 0; both of its events say so.
    pub(crate) version: u64,
}

/// Why a client is no longer connected, in the words of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DisconnectReason {
    ClientInitiated,
    ClientError,
    ConnectionLost,
    DuplicateClientId,
    KeepAliveTimeout,
    ForbiddenAccess,
    ServerError,
    ServerInitiated,
}

impl DisconnectReason {
    fn as_str(self) -> &'static str {
        match self {
            Self::ClientInitiated => "CLIENT_INITIATED_DISCONNECT",
            Self::ClientError => "CLIENT_ERROR",
            Self::ConnectionLost => "CONNECTION_LOST",
            Self::DuplicateClientId => "DUPLICATE_CLIENTID",
            Self::KeepAliveTimeout => "MQTT_KEEP_ALIVE_TIMEOUT",
            Self::ForbiddenAccess => "FORBIDDEN_ACCESS",
            Self::ServerError => "SERVER_ERROR",
            Self::ServerInitiated => "SERVER_INITIATED_DISCONNECT",
        }
    }
}

impl Presence {
    /// None for names that AWS publishes no events of: "Client IDs that contain # or + do not receive lifecycle events."
    pub(crate) fn connected(&self, now: Timestamp) -> Option<Message> {
        let mut event = self.event("connected", now);
        event.insert("ipAddress".to_owned(), self.source_ip.to_string().into());
        self.message("connected", event, now)
    }

    pub(crate) fn disconnected(&self, reason: DisconnectReason, now: Timestamp) -> Option<Message> {
        let mut event = self.event("disconnected", now);
        let by_client = reason == DisconnectReason::ClientInitiated;
        event.insert("clientInitiatedDisconnect".to_owned(), by_client.into());
        event.insert("disconnectReason".to_owned(), reason.as_str().into());
        self.message("disconnected", event, now)
    }

    fn event(&self, kind: &str, now: Timestamp) -> Map<String, Value> {
        let principal = self.principal.as_ref().map(|principal| principal.certificate_id.clone());
        let fields = [
            ("clientId", Value::from(self.client_id.as_str())),
            ("timestamp", now.as_millisecond().into()),
            ("eventType", kind.into()),
            ("sessionIdentifier", self.session.to_string().into()),
            ("principalIdentifier", principal.into()),
            ("versionNumber", self.version.into()),
        ];
        fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
    }

    fn message(&self, kind: &str, event: Map<String, Value>, now: Timestamp) -> Option<Message> {
        if self.client_id.contains(['#', '+']) {
            return None;
        }
        Some(Message {
            topic: format!("$aws/events/presence/{kind}/{}", self.client_id),
            payload: Bytes::from(Value::Object(event).to_string()),
            qos: Qos::AtLeastOnce,
            retain: false,
            client_id: self.client_id.clone(),
            principal: self.principal.clone(),
            source_ip: None,
            trace_id: Uuid::new_v4().to_string(),
            received_at: now,
            properties: None,
        })
    }
}
