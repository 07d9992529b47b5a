//! A broker that does what a test says, packet by packet.

use std::time::Duration;

use bytes::BytesMut;
use rumqttc::mqttbytes::Error;
use rumqttc::mqttbytes::v4::{ConnAck, Connect, ConnectReturnCode, Packet, PubAck, Publish};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Nothing here takes longer: two connections with the wait between them.
const PATIENCE: Duration = Duration::from_secs(20);

const PACKET_BYTES: usize = 256 * 1024;

#[derive(Debug)]
pub(crate) struct Broker(TcpListener);

/// A device that has connected.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) stream: TcpStream,
    buffer: BytesMut,
}

impl Broker {
    pub(crate) async fn start() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    pub(crate) fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    /// The next device, which wants no session of before.
    pub(crate) async fn accept(&self) -> Peer {
        let (peer, connect) = self.accept_with(false).await;
        assert!(connect.clean_session);
        peer
    }

    /// The next device, with a session of before or without; and how it connects.
    pub(crate) async fn accept_with(&self, session: bool) -> (Peer, Connect) {
        let (stream, _) = in_time(self.0.accept()).await.unwrap();
        // Packets come together, as they are sent.
        stream.set_nodelay(true).unwrap();
        let mut peer = Peer { stream, buffer: BytesMut::new() };
        let connect = peer.next().await;
        let Some(Packet::Connect(connect)) = connect else { panic!("{connect:?}") };
        peer.send(&Packet::ConnAck(ConnAck::new(ConnectReturnCode::Success, session))).await;
        (peer, connect)
    }
}

impl Peer {
    /// The next message; pings are answered.
    pub(crate) async fn publish(&mut self) -> Publish {
        loop {
            match self.next().await {
                Some(Packet::Publish(publish)) => return publish,
                Some(Packet::PingReq) => self.send(&Packet::PingResp).await,
                other => panic!("a message was expected: {other:?}"),
            }
        }
    }

    pub(crate) async fn acknowledge(&mut self, id: u16) {
        self.send(&Packet::PubAck(PubAck::new(id))).await;
    }

    /// The next packet; none at the end.
    pub(crate) async fn next(&mut self) -> Option<Packet> {
        in_time(async {
            loop {
                match Packet::read(&mut self.buffer, PACKET_BYTES) {
                    Ok(packet) => return Some(packet),
                    Err(Error::InsufficientBytes(_)) => {}
                    Err(error) => panic!("{error}"),
                }
                if self.stream.read_buf(&mut self.buffer).await.unwrap_or(0) == 0 {
                    return None;
                }
            }
        })
        .await
    }

    pub(crate) async fn send(&mut self, packet: &Packet) {
        let mut bytes = BytesMut::new();
        packet.write(&mut bytes, PACKET_BYTES).unwrap();
        // Whoever is gone will connect again.
        self.stream.write_all(&bytes).await.ok();
    }
}

pub(crate) async fn in_time<T>(happens: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, happens).await.unwrap()
}
