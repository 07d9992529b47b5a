//! What a broker is started with.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::identity::Authority;

/// Where a broker listens, and what it permits.
#[derive(Debug, Default)]
pub struct BrokerConfig {
    /// The address for connections without TLS; port 0 takes a free one. Their client id is believed.
    pub plain: Option<SocketAddr>,
    /// For connections with TLS.
    pub tls: Option<TlsListener>,
    /// What clients may do.
    pub limits: Limits,
    /// Gets sentences for people: who was refused and why. What does not fit is left out.
    pub notes: Option<mpsc::Sender<String>>,
}

/// A listener on which every client has to show a certificate whose name is its client id.
#[derive(Clone, Debug)]
pub struct TlsListener {
    /// The address; port 0 takes a free one.
    pub address: SocketAddr,
    /// Who has issued the certificates of the server and of its clients.
    pub authority: Arc<Authority>,
}

/// What clients may do. The default is what AWS IoT Core permits.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Connections at once, those included that have not said who they are.
    pub connections: usize,
    /// Messages per second that a connection may publish; beyond, the broker reads more slowly.
    pub publishes_per_second: u32,
    /// Bytes of messages per second that a connection may publish; beyond, the broker reads more slowly.
    pub bytes_per_second: u32,
    /// Messages of a connection that are not acknowledged yet, in each direction.
    pub in_flight: u16,
    /// The shortest keep-alive; a client that asks for less gets this.
    pub shortest_keep_alive: Duration,
    /// The longest keep-alive; a client that asks for more, or for none, gets this.
    pub longest_keep_alive: Duration,
    /// The longest time a session outlives its connection.
    pub session_expiry: Duration,
    /// Messages that wait for one subscriber; more are left out.
    pub queued_messages: usize,
    /// From the connection to the end of its TLS handshake.
    pub tls_handshake: Duration,
    /// From there to its CONNECT packet.
    pub connect: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // One machine's devices and whoever looks on. AWS allows half a million for an account.
            connections: 1000,
            // "Publish requests per second per connection" and "Throughput per second per connection" of AWS IoT Core's quotas,
            // which the SDK's client knows too: awslabs/aws-c-mqtt, `mqtt5_utils.h`.
            publishes_per_second: 100,
            bytes_per_second: 512 * 1024,
            // "Inbound/outbound unacknowledged publish requests" of the same quotas.
            in_flight: 100,
            // "Keep-alive interval" of the same quotas: "30 to 1,200 seconds", 1,200 when a client asks for none.
            shortest_keep_alive: Duration::from_secs(30),
            longest_keep_alive: Duration::from_secs(1200),
            // "Persistent session expiry period": an hour, unless the account has raised it.
            session_expiry: Duration::from_secs(3600),
            // Memory: with the largest payload that is 128 MiB for a subscriber that went away.
            queued_messages: 1000,
            // A handshake takes milliseconds; a device far away takes a few round trips.
            tls_handshake: Duration::from_secs(10),
            connect: Duration::from_secs(10),
        }
    }
}
