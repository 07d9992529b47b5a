//! The page and the API: everything of the running system to look at and to turn, for people and for tests.
//!
//! It reads and asks; what it is asked to do, the [`System`] does. Nothing it shows is trusted: text of devices, plugins and
//! providers is escaped by the templates, and no page is put together by hand.

mod api;
mod assets;
mod extract;
mod feed;
mod guard;
mod ids;
mod model;
mod page;
mod problem;
mod render;
mod server;
mod site;

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::system::System;
use site::Site;

/// What the page is made of.
#[derive(Debug)]
pub struct WebConfig {
    /// Where to listen: an address of this machine, with port 0 for any that is free.
    pub address: SocketAddr,
    /// What is shown.
    pub system: Arc<System>,
    /// What is shown of how it was started.
    pub about: About,
}

/// How the system was started, as far as people want to know it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Campanile's version.
    pub version: String,
    /// Where devices connect without a certificate, for example `mqtt://127.0.0.1:1883`.
    pub mqtt: Option<String>,
    /// Where they connect with one.
    pub mqtts: Option<String>,
    /// What remains when it stops, in a sentence.
    pub persistence: String,
    /// The channels that really send. All others are caught.
    pub live: Vec<String>,
    /// The topic that a sample is published on: one that the rules listen to.
    pub topic: String,
    /// The device that publishes it.
    pub device: String,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// Reachable by others: anybody could read and publish.
    #[error("{0} is not an address of this machine alone; use 127.0.0.1 or [::1]")]
    NotLoopback(SocketAddr),
    /// The address can not be used.
    #[error("can not listen on {address}: {source}; stop what uses it or choose another port")]
    Listen {
        /// What was asked for.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
}

/// The running page. It stops when it is dropped.
#[derive(Debug)]
pub struct Web {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
}

impl Web {
    /// Listens and answers.
    ///
    /// # Errors
    ///
    /// [`WebError`] if the address is not one of the loopback interface, or not free.
    pub async fn start(config: WebConfig) -> Result<Self, WebError> {
        let WebConfig { address, system, about } = config;
        if !address.ip().is_loopback() {
            return Err(WebError::NotLoopback(address));
        }
        let failed = |source| WebError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, stopped) = watch::channel(false);
        let site = Arc::new(Site::new(system, about, address.port(), stopped.clone()));
        let recording = feed::record(Arc::clone(&site));
        let serving = server::serve(listener, server::router(site), stopped);
        let server = tokio::spawn(async move {
            // Recording never ends; serving does, once it is asked to stop.
            tokio::select! {
                () = recording => {}
                () = serving => {}
            }
        });
        Ok(Self { address, stop, server })
    }

    /// What to open, for example `http://127.0.0.1:7700`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops listening, lets answers finish, and ends the feeds.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.server.await {
            tracing::debug!(%error, "the page's server broke");
        }
    }
}
