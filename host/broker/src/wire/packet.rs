//! The packets of a connection, whatever its version.

use std::num::{NonZeroU16, NonZeroU32};
use std::time::Duration;

use bytes::Bytes;

use crate::message::{Properties, Qos};
use crate::session::Outgoing;

/// What a client begins with: CONNECT.
#[derive(Debug)]
pub(crate) struct Hello {
    /// `3.1`, `3.1.1` or `5`.
    pub(crate) protocol: &'static str,
    pub(crate) client_id: String,
    pub(crate) clean_start: bool,
    /// In seconds; 0 for none.
    pub(crate) keep_alive: u16,
    /// How long the session shall outlive the connection.
    pub(crate) expiry: Duration,
    /// How many messages it takes before it has acknowledged one.
    pub(crate) receive_max: Option<NonZeroU16>,
    pub(crate) will: Option<Will>,
    /// Whether it wants to authenticate in a way of MQTT 5 that AWS IoT does not have.
    pub(crate) enhanced_authentication: bool,
}

/// What to publish when a client is lost.
#[derive(Debug)]
pub(crate) struct Will {
    pub(crate) publish: Publish,
    pub(crate) delay: Duration,
}

/// A PUBLISH.
#[derive(Debug)]
pub(crate) struct Publish {
    pub(crate) topic: String,
    /// MQTT 5: in place of the topic, or to be remembered for it.
    pub(crate) alias: Option<NonZeroU16>,
    pub(crate) payload: Bytes,
    /// None for QoS 2.
    pub(crate) qos: Option<Qos>,
    pub(crate) retain: bool,
    /// Whether the client says that it has sent the packet before.
    pub(crate) dup: bool,
    pub(crate) packet_id: Option<NonZeroU16>,
    pub(crate) properties: Option<Properties>,
    pub(crate) expires_after: Option<Duration>,
}

/// What comes after the beginning.
#[derive(Debug)]
pub(crate) enum Incoming {
    Publish(Box<Publish>),
    Acknowledged(NonZeroU16),
    Subscribe(Subscribe),
    Unsubscribe {
        packet_id: NonZeroU16,
        filters: Vec<String>,
    },
    Ping,
    /// With MQTT 5 perhaps with the wish to have the will published, and another time for the session.
    Disconnect {
        with_will: bool,
        expiry: Option<Duration>,
    },
    /// What no client may send now.
    Unexpected(&'static str),
}

#[derive(Debug)]
pub(crate) struct Subscribe {
    pub(crate) packet_id: NonZeroU16,
    pub(crate) id: Option<NonZeroU32>,
    pub(crate) requested: Vec<Requested>,
}

/// A filter with its options; those of MQTT 5 have their defaults in MQTT 3.1.1.
#[derive(Debug)]
pub(crate) struct Requested {
    pub(crate) filter: String,
    pub(crate) qos: Qos,
    pub(crate) no_local: bool,
    pub(crate) retain_as_published: bool,
    /// Whether a retained message is wanted at once if the subscription is new, and if it is not.
    pub(crate) retained: (bool, bool),
}

/// What the broker says.
#[derive(Debug)]
pub(crate) enum Outbound {
    Accept(Accept),
    Refuse(Refusal),
    Publish(Outgoing),
    PublishAck(NonZeroU16),
    /// For each filter the QoS, or that it was refused.
    SubscribeAck {
        packet_id: NonZeroU16,
        granted: Vec<Result<Qos, Problem>>,
    },
    UnsubscribeAck {
        packet_id: NonZeroU16,
        existed: Vec<bool>,
    },
    Pong,
    /// MQTT 5 only: why the connection ends.
    Disconnect(Problem),
}

#[derive(Debug)]
pub(crate) struct Accept {
    pub(crate) session_present: bool,
    /// The client id, if the client has left it to the broker.
    pub(crate) assigned: Option<String>,
    /// In seconds, if it is another one than the client has asked for.
    pub(crate) keep_alive: Option<u16>,
    /// If it is another one than the client has asked for.
    pub(crate) expiry: Option<Duration>,
    pub(crate) receive_max: NonZeroU16,
}

/// Why a client may not connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    ClientId,
    NotAuthorized,
    Authentication,
    Will(Problem),
}

/// What is wrong, for the reason codes of MQTT 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    Malformed,
    Protocol,
    NotKept,
    ShuttingDown,
    KeepAlive,
    TakenOver,
    NotAuthorized,
    Filter,
    SharedSubscription,
    Topic,
    TopicAlias,
    TooLarge,
    Quota,
    Qos,
}

/// Topics that a client of MQTT 5 may name by a number: "Topic aliases per connection" of AWS IoT Core's quotas.
pub(crate) const TOPIC_ALIASES: u16 = 8;
