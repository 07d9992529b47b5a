//! Packets byte by byte, for what no client library does.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::bounded;

/// A connection without a library.
pub(crate) struct Raw {
    stream: TcpStream,
    v5: bool,
}

/// What a CONNECT packet says.
#[derive(Clone)]
pub(crate) struct Hello {
    pub(crate) client_id: String,
    pub(crate) v5: bool,
    pub(crate) clean: bool,
    pub(crate) keep_alive: u16,
    /// MQTT 5, in seconds.
    pub(crate) expiry: u32,
    /// Topic, payload, QoS and, with MQTT 5, the delay in seconds.
    pub(crate) will: Option<(String, Vec<u8>, u8, u32)>,
}

impl Hello {
    pub(crate) fn v3(client_id: &str) -> Self {
        let client_id = client_id.to_owned();
        Self { client_id, v5: false, clean: true, keep_alive: 60, expiry: 0, will: None }
    }

    pub(crate) fn v5(client_id: &str) -> Self {
        Self { v5: true, ..Self::v3(client_id) }
    }

    pub(crate) fn packet(&self) -> Vec<u8> {
        let mut body = text("MQTT");
        body.push(if self.v5 { 5 } else { 4 });
        let will = self.will.as_ref().map_or(0, |(_, _, qos, _)| 4 | qos << 3);
        body.push(u8::from(self.clean) << 1 | will);
        body.extend(self.keep_alive.to_be_bytes());
        if self.v5 {
            body.extend([5, 0x11]);
            body.extend(self.expiry.to_be_bytes());
        }
        body.extend(text(&self.client_id));
        if let Some((topic, payload, _, delay)) = &self.will {
            if self.v5 {
                body.extend([5, 0x18]);
                body.extend(delay.to_be_bytes());
            }
            body.extend(text(topic));
            body.extend(u16::try_from(payload.len()).unwrap().to_be_bytes());
            body.extend(payload);
        }
        packet(0x10, &body)
    }
}

impl Raw {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(address).await.unwrap(), v5: false }
    }

    /// Connects; tells if the broker has kept a session.
    pub(crate) async fn connect(address: SocketAddr, hello: &Hello) -> (Self, bool) {
        let mut raw = Self::open(address).await;
        raw.v5 = hello.v5;
        raw.send(&hello.packet()).await;
        let (kind, body) = raw.packet().await.expect("CONNACK");
        assert_eq!((kind, body[1]), (0x20, 0), "{body:?}");
        (raw, body[0] == 1)
    }

    pub(crate) async fn v3(address: SocketAddr, client_id: &str) -> Self {
        Self::connect(address, &Hello::v3(client_id)).await.0
    }

    pub(crate) async fn v5(address: SocketAddr, client_id: &str) -> Self {
        Self::connect(address, &Hello::v5(client_id)).await.0
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        // The broker may have closed the connection already; what it said before is read then.
        bounded(self.stream.write_all(bytes)).await.ok();
    }

    /// The next packet: its first byte and what follows the length. None when the connection has ended.
    pub(crate) async fn packet(&mut self) -> Option<(u8, Vec<u8>)> {
        let kind = bounded(self.stream.read_u8()).await.ok()?;
        let (mut length, mut shift) = (0, 0);
        loop {
            let byte = bounded(self.stream.read_u8()).await.ok()?;
            length |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        let mut body = vec![0; length];
        bounded(self.stream.read_exact(&mut body)).await.ok()?;
        Some((kind, body))
    }

    /// The next PUBLISH: topic, payload, packet id (0 for none), and its flags.
    pub(crate) async fn published(&mut self) -> (String, Vec<u8>, u16, u8) {
        let (kind, body) = self.packet().await.expect("a PUBLISH");
        assert_eq!(kind & 0xf0, 0x30, "{kind:x} {body:?}");
        let length = usize::from(u16::from_be_bytes([body[0], body[1]]));
        let topic = String::from_utf8(body[2..2 + length].to_vec()).unwrap();
        let mut rest = &body[2 + length..];
        let mut packet_id = 0;
        if kind & 0x06 != 0 {
            packet_id = u16::from_be_bytes([rest[0], rest[1]]);
            rest = &rest[2..];
        }
        if self.v5 {
            rest = &rest[usize::from(rest[0]) + 1..];
        }
        (topic, rest.to_vec(), packet_id, kind & 0x0f)
    }

    /// Subscribes with QoS 1; the codes of the answer.
    pub(crate) async fn subscribe(&mut self, filters: &[&str]) -> Vec<u8> {
        let mut body = vec![0, 9];
        if self.v5 {
            body.push(0);
        }
        for filter in filters {
            body.extend(text(filter));
            body.push(1);
        }
        self.send(&packet(0x82, &body)).await;
        let (kind, body) = self.packet().await.expect("SUBACK");
        assert_eq!(kind, 0x90);
        body[if self.v5 { 3 } else { 2 }..].to_vec()
    }

    pub(crate) async fn publish(&mut self, topic: &str, payload: &[u8], packet_id: u16) {
        self.send(&publish(self.v5, topic, payload, 1, packet_id)).await;
    }

    pub(crate) async fn acknowledge(&mut self, packet_id: u16) {
        self.send(&packet(0x40, &packet_id.to_be_bytes())).await;
    }

    /// The next packet must be the PUBACK of this one.
    pub(crate) async fn acknowledged(&mut self, packet_id: u16) {
        let (kind, body) = self.packet().await.expect("PUBACK");
        assert_eq!((kind, &body[..2]), (0x40, &packet_id.to_be_bytes()[..]));
    }

    /// An answer shows that the broker has read what was sent before.
    pub(crate) async fn ping(&mut self) {
        self.send(&[0xc0, 0]).await;
        assert_eq!(self.packet().await, Some((0xd0, Vec::new())));
    }

    /// Says goodbye.
    pub(crate) async fn disconnect(mut self) {
        self.send(&[0xe0, 0]).await;
        self.ended().await;
    }

    /// The connection must end without another packet but perhaps a DISCONNECT; its reason, 0 if there is none.
    pub(crate) async fn ended(&mut self) -> u8 {
        let Some((kind, body)) = self.packet().await else { return 0 };
        assert_eq!(kind, 0xe0, "{body:?}");
        assert_eq!(self.packet().await, None);
        body.first().copied().unwrap_or_default()
    }
}

/// A PUBLISH packet.
pub(crate) fn publish(v5: bool, topic: &str, payload: &[u8], qos: u8, packet_id: u16) -> Vec<u8> {
    let mut body = text(topic);
    if qos > 0 {
        body.extend(packet_id.to_be_bytes());
    }
    if v5 {
        body.push(0);
    }
    body.extend(payload);
    packet(0x30 | qos << 1, &body)
}

pub(crate) fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind];
    let mut length = body.len();
    loop {
        let low = u8::try_from(length & 0x7f).unwrap();
        length >>= 7;
        bytes.push(if length > 0 { low | 0x80 } else { low });
        if length == 0 {
            break;
        }
    }
    bytes.extend(body);
    bytes
}

pub(crate) fn text(text: &str) -> Vec<u8> {
    let mut bytes = u16::try_from(text.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend(text.as_bytes());
    bytes
}
