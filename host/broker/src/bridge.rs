//! Another broker in place of this one: what is published there is taken from there.
//!
//! It subscribes with QoS 1 and acknowledges a message once [`Ingest::keep`] has returned `Ok`. Its session lasts, so that what
//! is published while nobody listens comes later, if the other broker keeps it. Nothing there is as in AWS IoT but what the
//! other broker does itself: it knows no presence events, no limits and no thing names. A subscriber is not told who has
//! published a message, so the device is what the topic or the payload says, which any client of that broker can write:
//! [`BridgeConfig::device_in_topic`].

mod backoff;
mod connection;
mod device;
mod target;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use self::connection::Outside;
pub use self::target::BridgeError;
use crate::Ingest;

/// Which broker, and what of it.
#[derive(Clone, Debug)]
pub struct BridgeConfig {
    /// `mqtt://HOST[:1883]` or `mqtts://HOST[:8883]`, perhaps with `USER:PASSWORD@`, percent-encoded.
    pub url: String,
    /// The name of the session there. Of two clients with one name, brokers let only the later one be connected.
    pub client_id: String,
    /// What to subscribe to.
    pub filters: Vec<String>,
    /// Whether the device's name is the level of the topic that the first `+` of the filter stands for. Otherwise, and where
    /// the filter has no `+`, it is the string `device_id` of a JSON payload; where there is none, the message's client id is
    /// empty.
    pub device_in_topic: bool,
    /// For `mqtts`: a file with certificates in PEM of who may have issued the broker's; those of the public authorities are
    /// known.
    pub ca_file: Option<PathBuf>,
    /// Gets sentences for people: the connection comes and goes. What does not fit is left out.
    pub notes: Option<mpsc::Sender<String>>,
}

/// A connection to another broker, made again when it breaks. It ends when this is shut down or dropped.
#[derive(Debug)]
pub struct Bridge {
    task: JoinHandle<()>,
    running: DropGuard,
}

impl Bridge {
    /// Begins to connect, on the runtime that this is called on. That nobody is there is no error: it is told, and tried again.
    ///
    /// # Errors
    ///
    /// [`BridgeError`] for a URL or filter that can't be right, and for a file that can't be read.
    pub fn start<I: Ingest>(config: BridgeConfig, ingest: Arc<I>) -> Result<Self, BridgeError> {
        let stopping = CancellationToken::new();
        let outside = Outside::new(config, ingest, stopping.clone())?;
        let task = tokio::spawn(outside.run());
        Ok(Self { task, running: stopping.drop_guard() })
    }

    /// Ends the connection. What has not been kept yet is not acknowledged, so it comes again.
    pub async fn shutdown(self) {
        drop(self.running);
        // An error means that the task broke, which has been reported by the panic itself.
        self.task.await.ok();
    }
}
