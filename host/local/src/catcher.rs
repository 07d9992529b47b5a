//! The catcher: a local server that stands where the providers are while deliveries are caught.
//!
//! The sandbox sends a plugin's request here instead, with the same path and query and the original URL in a header.
//! The catcher finds the fake that plays the provider, lets a fault strike if one is set, and puts the request into the
//! inbox. It knows no provider: what an answer says is the fakes' business.

mod connection;
mod faults;
mod selector;
mod server;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use faults::Faults;
pub use selector::{Selector, SelectorError};

use crate::fakes::Fake;
use crate::inbox::{Caught, Inbox};
use connection::{BreakableListener, Breaker};
use server::Shared;

/// The request header that holds the URL a request was meant for.
pub const ORIGINAL_URL: &str = "campanile-original-url";

/// What the catcher is made of.
#[derive(Debug)]
pub struct CatcherConfig {
    /// Where to listen: an address of this machine, with port 0 for any that is free.
    pub address: SocketAddr,
    /// Who plays the providers. The first whose selector matches answers, so the one for everybody comes last.
    pub fakes: Vec<(Selector, Arc<dyn Fake>)>,
    /// Where the requests go.
    pub inbox: Arc<Inbox>,
    /// What the faults' chances come from.
    pub seed: u64,
}

/// Why the catcher does not run.
#[derive(Debug, thiserror::Error)]
pub enum CatcherError {
    /// Reachable by others: anybody could fill the inbox.
    #[error("{0} is not an address of this machine alone; use 127.0.0.1 or [::1]")]
    NotLoopback(SocketAddr),
    /// The address can not be used.
    #[error("can not listen on {address}: {source}; stop what uses it or choose port 0")]
    Listen {
        /// What was asked for.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
}

/// A running catcher. It stops when it is dropped.
#[derive(Debug)]
pub struct Catcher {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    server: Mutex<Option<JoinHandle<std::io::Result<()>>>>,
}

impl Catcher {
    /// Listens and answers.
    ///
    /// # Errors
    /// [`CatcherError`] if the address is not one of the loopback interface, or not free.
    pub async fn start(config: CatcherConfig) -> Result<Self, CatcherError> {
        let CatcherConfig { address, fakes, inbox, seed } = config;
        if !address.ip().is_loopback() {
            return Err(CatcherError::NotLoopback(address));
        }
        let failed = |source| CatcherError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, stopped) = watch::channel(false);
        let shared =
            Arc::new(Shared { address, fakes, inbox, faults: Faults::new(seed), stopped: stopped.clone() });
        let service = server::router(Arc::clone(&shared)).into_make_service_with_connect_info::<Breaker>();
        let server = axum::serve(BreakableListener(listener), service)
            .with_graceful_shutdown(server::until_stopped(stopped));
        Ok(Self { address, shared, stop, server: Mutex::new(Some(tokio::spawn(server.into_future()))) })
    }

    /// The origin that takes requests, for example `http://127.0.0.1:40123`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was caught.
    #[must_use]
    pub fn inbox(&self) -> &Arc<Inbox> {
        &self.shared.inbox
    }

    /// How the fakes misbehave; may be changed at any time.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// Puts back into the inbox what was caught in another life, oldest first, and lets the fakes remember it: a message of then can
    /// be edited now. Before anything is caught.
    pub fn restore(&self, caught: Vec<Caught>) {
        for caught in &caught {
            let fake = self.shared.fakes.iter().find(|(selector, _)| selector.matches(&caught.request));
            if let (Some((_, fake)), Some(answer)) = (fake, &caught.answer) {
                fake.remember(&caught.request, answer);
            }
        }
        self.shared.inbox.restore(caught);
    }

    /// Stops listening, lets requests that will be answered finish, and closes the others.
    pub async fn shutdown(&self) {
        self.stop.send_replace(true);
        let Some(server) = self.server.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        if let Err(error) = server.await {
            tracing::debug!(%error, "the catcher's server broke");
        }
    }
}
