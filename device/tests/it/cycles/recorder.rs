//! Stands between a device and its broker, and knows what the broker has acknowledged: from then on it is the broker's.

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use bytes::BytesMut;
use rumqttc::mqttbytes::Error;
use rumqttc::mqttbytes::v4::Packet;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

const PACKET_BYTES: usize = 256 * 1024;

/// What the broker has acknowledged, in the order in which it did.
#[derive(Debug)]
pub(crate) struct Recorder {
    port: u16,
    arrived: watch::Receiver<Vec<Value>>,
    _accepting: JoinSet<()>,
}

impl Recorder {
    pub(crate) async fn before(broker: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, arrived) = watch::channel(Vec::new());
        let mut accepting = JoinSet::new();
        accepting.spawn(async move {
            let (sender, mut connections) = (Arc::new(sender), JoinSet::new());
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(carry(client, broker, Arc::clone(&sender)));
            }
        });
        Self { port, arrived, _accepting: accepting }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The events, copies included.
    pub(crate) fn arrived(&self) -> watch::Receiver<Vec<Value>> {
        self.arrived.clone()
    }
}

/// Payloads by packet identifier.
type Flights = Arc<Mutex<HashMap<u16, Value>>>;

async fn carry(client: TcpStream, broker: u16, arrived: Arc<watch::Sender<Vec<Value>>>) {
    // A broker that is not there cuts the connection.
    let Ok(broker) = TcpStream::connect((Ipv4Addr::LOCALHOST, broker)).await else { return };
    let flights = Flights::default();
    let (from_client, to_client) = client.into_split();
    let (from_broker, to_broker) = broker.into_split();
    let published = |flights: Flights| {
        move |packet| {
            if let Packet::Publish(publish) = packet {
                let payload = serde_json::from_slice(&publish.payload).unwrap();
                flights.lock().unwrap().insert(publish.pkid, payload);
            }
        }
    };
    let acknowledged = |flights: Flights| {
        move |packet| {
            if let Packet::PubAck(acknowledged) = packet {
                let payload = flights.lock().unwrap().remove(&acknowledged.pkid).unwrap();
                arrived.send_modify(|arrived| arrived.push(payload));
            }
        }
    };
    // One side's end is that of both.
    tokio::select! {
        () = pass(from_client, to_broker, published(Arc::clone(&flights))) => {}
        () = pass(from_broker, to_client, acknowledged(flights)) => {}
    }
}

/// Hands bytes on, and shows each packet before its last byte is handed on.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut show: impl FnMut(Packet)) {
    let (mut chunk, mut seen) = (vec![0; 16 * 1024], BytesMut::new());
    loop {
        let Ok(count @ 1..) = from.read(&mut chunk).await else { return };
        seen.extend_from_slice(&chunk[..count]);
        loop {
            match Packet::read(&mut seen, PACKET_BYTES) {
                Ok(packet) => show(packet),
                Err(Error::InsufficientBytes(_)) => break,
                Err(error) => panic!("{error}"),
            }
        }
        if to.write_all(&chunk[..count]).await.is_err() {
            return;
        }
    }
}
