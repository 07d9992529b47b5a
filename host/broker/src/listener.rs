//! From a connection to a client's task: the cap on connections, and TLS. Nobody waits for another one's handshake.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use crate::connection::{Peer, serve};
use crate::hub::Hub;
use crate::identity::{Authority, principal};

/// How long to wait when the system has no more sockets.
const BREATH: Duration = Duration::from_millis(100);

/// How long connections may take to end when the broker stops.
pub(crate) const SHUTDOWN: Duration = Duration::from_secs(10);

/// A socket that clients connect to.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) socket: TcpListener,
    /// With TLS: who has issued the certificates.
    pub(crate) authority: Option<Arc<Authority>>,
    /// A permit for each connection, of all listeners together.
    pub(crate) places: Arc<Semaphore>,
    pub(crate) hub: Arc<Hub>,
}

impl Listener {
    /// Serves until the broker stops; then until all connections have ended, which takes [`SHUTDOWN`] at most.
    pub(crate) async fn run(self) {
        let mut tasks = JoinSet::new();
        loop {
            tokio::select! {
                () = self.hub.stopping.cancelled() => break,
                accepted = self.socket.accept() => match accepted {
                    Ok((stream, address)) => self.begin(&mut tasks, stream, address),
                    Err(error) => {
                        tracing::warn!("can't accept a connection: {error}");
                        tokio::time::sleep(BREATH).await;
                    }
                },
                Some(ended) = tasks.join_next() => report(ended),
            }
        }
        drop(self.socket);
        let rest = async {
            while let Some(ended) = tasks.join_next().await {
                report(ended);
            }
        };
        // What is left ends with the set.
        timeout(SHUTDOWN, rest).await.ok();
    }

    fn begin(&self, tasks: &mut JoinSet<()>, stream: TcpStream, address: SocketAddr) {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            let connections = self.hub.limits.connections;
            self.hub.notes.say(format!(
                "refused: a connection from {address}, because there are {connections} already"
            ));
            return;
        };
        // Acknowledgements are small and somebody waits for them; a socket that can't be told is as good.
        stream.set_nodelay(true).ok();
        let hub = Arc::clone(&self.hub);
        let authority = self.authority.clone();
        tasks.spawn(async move {
            match authority {
                None => Box::pin(serve(hub, stream, Peer { address, certificate: None })).await,
                Some(authority) => Box::pin(greet(hub, stream, address, authority)).await,
            }
            drop(place);
        });
    }
}

/// Does the TLS handshake, then serves.
async fn greet(hub: Arc<Hub>, stream: TcpStream, address: SocketAddr, authority: Arc<Authority>) {
    let handshake = TlsAcceptor::from(authority.server_config()).accept(stream);
    let shaken = tokio::select! {
        () = hub.stopping.cancelled() => return,
        shaken = timeout(hub.limits.tls_handshake, handshake) => shaken,
    };
    let stream = match shaken {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return hub.notes.say(format!("refused: a TLS connection from {address}: {error}")),
        Err(_) => {
            let seconds = hub.limits.tls_handshake.as_secs();
            return hub.notes.say(format!(
                "refused: a TLS connection from {address}, which ended no handshake within {seconds} s"
            ));
        }
    };
    let (_, session) = stream.get_ref();
    if session.server_name().is_none() {
        hub.notes.say(format!(
            "{address} connects with TLS without naming the server (SNI), or by its address: AWS IoT would refuse it"
        ));
    }
    let Some(certificate) = session.peer_certificates().and_then(<[_]>::first) else { return };
    let certificate = Some((principal(certificate), authority));
    Box::pin(serve(hub, stream, Peer { address, certificate })).await;
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!("the task of a connection ended: {error}");
    }
}
