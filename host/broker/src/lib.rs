//! An MQTT broker for one machine that behaves as AWS IoT Core does, and the certificates of its devices.
//!
//! It takes messages from clients, hands each to an [`Ingest`] before it is acknowledged, and to the clients that subscribe. What a
//! message means it does not know: rules and events are for whoever ingests.

pub mod message;

use std::future::Future;

pub use self::message::{Message, Principal, Properties, Qos};

/// Whoever keeps what is published.
pub trait Ingest: Send + Sync + 'static {
    /// Keeps a message. A publisher with QoS 1 gets its PUBACK once this has returned `Ok`, so by then it must be kept for good.
    ///
    /// # Errors
    ///
    /// [`NotKept`] if it can't be kept: the publisher gets no acknowledgement and its connection ends, so that it tries again.
    fn keep(&self, message: Message) -> impl Future<Output = Result<(), NotKept>> + Send;
}

/// Why a message was not kept, for the broker's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotKept(pub String);
