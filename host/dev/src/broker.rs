//! The broker as the system uses it: it listens, hands messages to the intake, and gets those that come in another way.

use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use campanile_broker::{Authority, Broker, BrokerConfig, Limits, Qos, StartError, TlsListener};
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

/// A broker that may be shut down while others hold it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listening(Arc<RwLock<Option<Broker>>>);

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
        Ok((Self(Arc::new(RwLock::new(Some(broker)))), addresses))
    }

    /// Ends all connections.
    pub(crate) async fn shutdown(&self) {
        let broker = self.0.write().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(broker) = broker {
            broker.shutdown().await;
        }
    }
}

impl Subscribers for Listening {
    fn publish(&self, topic: &str, payload: &Bytes, qos: Qos) {
        if let Some(broker) = &*self.0.read().unwrap_or_else(PoisonError::into_inner) {
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
