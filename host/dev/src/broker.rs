//! Where messages come from, as the system uses it: an own broker, which also gets what comes in another way, or somebody else's.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use campanile_broker::{
    Authority, Bridge, BridgeConfig, BridgeError, Broker, BrokerConfig, Limits, Qos, StartError, TlsListener,
};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::feed::{Feed, Happening};
use crate::intake::{Intake, Subscribers};

/// Notes of the broker that wait to be told; a flood of refused clients is not worth more.
const NOTES: usize = 64;

/// Where devices connect to; port 0 takes a free one.
#[derive(Clone, Debug, Default)]
pub struct Listen {
    /// Without TLS.
    pub mqtt: Option<SocketAddr>,
    /// With TLS, where devices show the certificates of this authority.
    pub mqtts: Option<(SocketAddr, Arc<Authority>)>,
}

/// Where devices connect to, as it came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Addresses {
    /// Without TLS.
    pub mqtt: Option<SocketAddr>,
    /// With TLS.
    pub mqtts: Option<SocketAddr>,
}

/// Somebody else's broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// `mqtt://HOST:PORT` or `mqtts://HOST:PORT`, perhaps with user and password.
    pub url: String,
    /// For `mqtts`: certificates of who may have issued the broker's.
    pub ca_file: Option<PathBuf>,
}

/// The name of the session at somebody else's broker.
const CLIENT_ID: &str = "campanile-dev";

/// Where messages come from; may be shut down while others hold it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listening(Arc<RwLock<Option<Origin>>>);

#[derive(Debug)]
enum Origin {
    Own(Broker),
    Outside(Bridge),
}

impl Listening {
    /// Starts to listen; tells the feed what the broker says to people.
    pub(crate) async fn start(
        listen: Listen,
        intake: &Arc<Intake>,
        feed: Feed,
    ) -> Result<(Self, Addresses), StartError> {
        let (notes, told) = mpsc::channel(NOTES);
        let config = BrokerConfig {
            plain: listen.mqtt,
            tls: listen.mqtts.map(|(address, authority)| TlsListener { address, authority }),
            limits: Limits::default(),
            notes: Some(notes),
        };
        let broker = Broker::start(config, Arc::clone(intake)).await?;
        let addresses = Addresses { mqtt: broker.plain_address(), mqtts: broker.tls_address() };
        drop(tell(told, feed));
        Ok((Self::of(Origin::Own(broker)), addresses))
    }

    /// Begins to take what is published to `filters` at somebody else's broker.
    pub(crate) fn outside(
        outside: Outside,
        filters: Vec<String>,
        intake: &Arc<Intake>,
        feed: Feed,
    ) -> Result<Self, BridgeError> {
        let (notes, told) = mpsc::channel(NOTES);
        let config = BridgeConfig {
            url: outside.url,
            client_id: CLIENT_ID.to_owned(),
            filters,
            device_in_topic: true,
            ca_file: outside.ca_file,
            notes: Some(notes),
        };
        let bridge = Bridge::start(config, Arc::clone(intake))?;
        drop(tell(told, feed));
        Ok(Self::of(Origin::Outside(bridge)))
    }

    fn of(origin: Origin) -> Self {
        Self(Arc::new(RwLock::new(Some(origin))))
    }

    /// Ends all connections.
    pub(crate) async fn shutdown(&self) {
        let origin = self.0.write().unwrap_or_else(PoisonError::into_inner).take();
        match origin {
            Some(Origin::Own(broker)) => broker.shutdown().await,
            Some(Origin::Outside(bridge)) => bridge.shutdown().await,
            None => {}
        }
    }
}

impl Subscribers for Listening {
    fn publish(&self, topic: &str, payload: &Bytes, qos: Qos) {
        if let Some(Origin::Own(broker)) = &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
            broker.publish(topic, payload.clone(), qos, false);
        }
    }
}

/// Ends with the broker.
fn tell(mut notes: mpsc::Receiver<String>, feed: Feed) -> JoinHandle<()> {
    tokio::spawn(async move {
        while let Some(note) = notes.recv().await {
            feed.tell(Happening::Note(note.into()));
        }
    })
}
