//! A network that can be broken: what connects to it gets to the broker, as long as the way is open.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How the way is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// What is sent arrives.
    Open,
    /// Connections are cut, and new ones too.
    Cut,
    /// Nothing arrives any more, and nobody is told: connections are half-open, until the way is another one.
    Silent,
}

/// A way to a broker, from an address of its own.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    way: watch::Sender<Way>,
    _accepting: JoinSet<()>,
}

impl Relay {
    /// A way to `broker`, `HOST:PORT`.
    ///
    /// # Errors
    ///
    /// The system's, if there is no port left.
    pub async fn to(broker: &str) -> std::io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (way, watched) = watch::channel(Way::Open);
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, Arc::from(broker), watched));
        Ok(Self { address, way, _accepting: accepting })
    }

    /// What to connect to.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Opens or breaks the way, for all that is connected too.
    pub fn set(&self, way: Way) {
        self.way.send_replace(way);
    }
}

async fn accept(listener: TcpListener, broker: Arc<str>, way: watch::Receiver<Way>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // What can't be accepted now can be later; whoever wanted to connect tries again.
                let Ok((client, _)) = accepted else { continue };
                connections.spawn(carry(client, Arc::clone(&broker), way.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Carries a connection until one side ends it, or the way breaks.
async fn carry(mut client: TcpStream, broker: Arc<str>, mut way: watch::Receiver<Way>) {
    let Ok(mut broker) = TcpStream::connect(&*broker).await else { return };
    let breaks = async {
        // An error means that the relay is gone, and with it the way.
        let broken = way.wait_for(|way| *way != Way::Open).await.map(|way| *way);
        broken.unwrap_or(Way::Cut)
    };
    let broken = tokio::select! {
        broken = breaks => broken,
        _ = copy_bidirectional(&mut client, &mut broker) => return,
    };
    if broken == Way::Silent {
        // Both sides stay open, and nobody reads or writes them.
        way.wait_for(|way| *way != Way::Silent).await.ok();
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// A server that gives back what it gets.
    async fn echo() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut reader, mut writer) = client.split();
                    tokio::io::copy(&mut reader, &mut writer).await
                });
            }
        });
        address
    }

    async fn is_carried(client: &mut TcpStream) -> bool {
        client.write_all(b"x").await.is_ok() && client.read_u8().await.is_ok()
    }

    #[tokio::test]
    async fn it_carries_cuts_and_falls_silent() {
        let relay = Relay::to(&echo().await).await.unwrap();
        let connect = || TcpStream::connect((Ipv4Addr::LOCALHOST, relay.port()));
        let mut client = connect().await.unwrap();
        assert!(is_carried(&mut client).await);
        relay.set(Way::Cut);
        assert_eq!(client.read(&mut [0]).await.unwrap_or(0), 0);
        relay.set(Way::Open);
        let mut client = connect().await.unwrap();
        assert!(is_carried(&mut client).await);
        relay.set(Way::Silent);
        client.write_all(b"x").await.unwrap();
        let silence = tokio::time::timeout(std::time::Duration::from_millis(50), client.read_u8());
        silence.await.unwrap_err();
        relay.set(Way::Open);
        assert!(is_carried(&mut connect().await.unwrap()).await);
    }
}
