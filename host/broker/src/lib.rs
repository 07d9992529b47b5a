//! An MQTT broker for one machine that behaves as AWS IoT Core does, and the certificates of its devices.
//!
//! It takes messages from clients, hands each to an [`Ingest`] before it is acknowledged, and to the clients that subscribe.
//! What a message means it does not know: rules and events are for whoever ingests. Sessions, retained messages and what waits
//! for subscribers live in memory and end with the process; what must last is what [`Ingest::keep`] was given.

pub mod bridge;
pub mod config;
pub mod error;
pub mod identity;
pub mod message;

mod broker;
mod bucket;
mod connection;
mod hub;
mod keep;
mod listener;
mod notes;
mod presence;
mod session;
mod topic;
mod wire;

use std::future::Future;

pub use self::bridge::{Bridge, BridgeConfig, BridgeError};
pub use self::broker::{Broker, Client};
pub use self::config::{BrokerConfig, Limits, TlsListener};
pub use self::error::StartError;
pub use self::identity::{Authority, Certificate, Identity, IdentityError, RequestError};
pub use self::message::{Message, Principal, Properties, Qos};

/// Whoever keeps what is published.
pub trait Ingest: Send + Sync + 'static {
    /// Keeps a message. A publisher with QoS 1 gets its PUBACK once this has returned `Ok`, so by then it must be kept for good.
    ///
    /// Messages of one connection are offered in the order in which they came: the future of a later one is first polled after
    /// that of an earlier one. Up to a hundred of them run at once. Events of presence and last wills come this way too.
    ///
    /// # Errors
    ///
    /// [`NotKept`] if it can't be kept: the publisher gets no acknowledgement and its connection ends, so that it tries again.
    fn keep(&self, message: Message) -> impl Future<Output = Result<(), NotKept>> + Send;
}

/// Why a message was not kept, for the broker's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotKept(pub String);
