//! A broker that acknowledges everything at once, and tells when it did.

use bytes::Bytes;
use rumqttc::mqttbytes::v4::Packet;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::broker::Broker;

/// A publish that was acknowledged.
#[derive(Debug)]
pub(crate) struct Event {
    /// When its PUBACK was written.
    pub(crate) at: Instant,
    pub(crate) payload: Bytes,
}

#[derive(Debug)]
pub(crate) struct Acknowledging {
    port: u16,
    acknowledged: mpsc::UnboundedReceiver<Event>,
    _accepting: JoinSet<()>,
}

impl Acknowledging {
    pub(crate) async fn start() -> Self {
        let broker = Broker::start().await;
        let port = broker.port();
        let (sender, acknowledged) = mpsc::unbounded_channel();
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(broker, sender));
        Self { port, acknowledged, _accepting: accepting }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) async fn next(&mut self) -> Event {
        self.acknowledged.recv().await.expect("the broker has failed")
    }

    /// The last one of so many.
    pub(crate) async fn last_of(&mut self, count: usize) -> Event {
        for _ in 1..count {
            self.next().await;
        }
        self.next().await
    }
}

/// One client after the other.
async fn accept(broker: Broker, acknowledged: mpsc::UnboundedSender<Event>) {
    loop {
        let mut peer = broker.accept().await;
        peer.stream.set_nodelay(true).unwrap();
        while let Some(packet) = peer.next().await {
            match packet {
                Packet::Publish(publish) => {
                    peer.acknowledge(publish.pkid).await;
                    let event = Event { at: Instant::now(), payload: publish.payload };
                    // Nobody waits for more at the end.
                    acknowledged.send(event).ok();
                }
                Packet::PingReq => peer.send(&Packet::PingResp).await,
                Packet::Disconnect => break,
                other => panic!("no client sends this: {other:?}"),
            }
        }
    }
}
