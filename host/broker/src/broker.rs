//! The broker as its owner sees it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::Ingest;
use crate::config::BrokerConfig;
use crate::error::StartError;
use crate::hub::Hub;
use crate::listener::Listener;
use crate::message::{Message, Principal, Qos};
use crate::notes::Notes;
use crate::session::Published;

/// The client id in messages of the host itself.
const HOST: &str = "campanile";

/// A running broker. It stops when this is shut down or dropped.
#[derive(Debug)]
pub struct Broker {
    hub: Arc<Hub>,
    plain: Option<SocketAddr>,
    tls: Option<SocketAddr>,
    listeners: JoinSet<()>,
    running: DropGuard,
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
    /// [`StartError`] if an address can't be listened on.
    pub async fn start<I: Ingest>(config: BrokerConfig, ingest: Arc<I>) -> Result<Self, StartError> {
        let BrokerConfig { plain, tls, limits, notes } = config;
        let stopping = CancellationToken::new();
        let places = Arc::new(Semaphore::new(limits.connections));
        let hub = Arc::new(Hub::new(limits, Notes(notes), ingest, stopping.clone()));
        let plain = match plain {
            Some(address) => Some((bind(address).await?, None)),
            None => None,
        };
        let tls = match tls {
            Some(tls) => Some((bind(tls.address).await?, Some(tls.authority))),
            None => None,
        };
        let address = |bound: &Option<(TcpListener, _)>| bound.as_ref()?.0.local_addr().ok();
        let addresses = (address(&plain), address(&tls));
        let mut listeners = JoinSet::new();
        for (socket, authority) in plain.into_iter().chain(tls) {
            let (places, hub) = (Arc::clone(&places), Arc::clone(&hub));
            listeners.spawn(Listener { socket, authority, places, hub }.run());
        }
        let running = stopping.drop_guard();
        Ok(Self { hub, plain: addresses.0, tls: addresses.1, listeners, running })
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
        self.hub.clients()
    }

    /// Hands a message of the host to the clients that subscribe to `topic`; tells how many there are. It does not go to the
    /// [`Ingest`]. Topics that begin with `$` are allowed; nothing of the topic is checked.
    pub fn publish(&self, topic: &str, payload: Bytes, qos: Qos, retain: bool) -> usize {
        let message = Message {
            topic: topic.to_owned(),
            payload,
            qos,
            retain,
            client_id: HOST.to_owned(),
            principal: None,
            source_ip: None,
            trace_id: Uuid::new_v4().to_string(),
            received_at: Timestamp::now(),
            properties: None,
        };
        self.hub.route(&Arc::new(Published { message, expires: None }))
    }

    /// Accepts nobody any more, ends all connections and returns when nothing runs any more, after ten seconds at most. What
    /// clients have published is still kept if that is quick; last wills and events of presence are not published, because it
    /// is not the devices that go.
    pub async fn shutdown(self) {
        let Self { mut listeners, running, .. } = self;
        drop(running);
        while listeners.join_next().await.is_some() {}
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|source| StartError::Listen { address, source })
}
