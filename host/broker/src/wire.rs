//! Packets on a connection, the same for MQTT 3.1, 3.1.1 and 5. The bytes are rmqtt-codec's business.

mod packet;
mod v3;
mod v5;

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rmqtt_codec::error::DecodeError;
use rmqtt_codec::version::{ProtocolVersion, VersionCodec};
use rmqtt_codec::{MqttCodec, MqttPacket};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::codec::Framed;

pub(crate) use self::packet::{
    Accept, Hello, Incoming, Outbound, Problem, Publish, Refusal, Requested, Subscribe, TOPIC_ALIASES,
};

/// The largest packet that is read, its fixed header not counted: what AWS IoT Core announces as Maximum Packet Size. It is
/// checked before memory is taken for the packet.
pub(crate) const MAX_PACKET: u32 = 149_504;

/// How long a client may take to take what is written to it. Its system buffers far more than acknowledgements, so it reads
/// nothing.
const WRITE: Duration = Duration::from_secs(10);

/// A connection on which packets come and go.
#[derive(Debug)]
pub(crate) struct Wire<S>(Framed<S, MqttCodec>);

/// Why there are no more packets.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WireError {
    #[error("the connection ended")]
    Closed,
    #[error("the connection broke: {0}")]
    Broken(String),
    #[error("it took {} s to take what was written to it", WRITE.as_secs())]
    Stuck,
    #[error("it sent what is no MQTT packet: {}", .0.to_string().to_lowercase())]
    Malformed(DecodeError),
    #[error("its packet of {0} bytes is larger than {MAX_PACKET}")]
    TooLarge(u32),
    #[error("the packet for it can't be written: {0}")]
    Unwritable(String),
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// Reads the first packet, which must be a CONNECT.
    pub(crate) async fn open(stream: S) -> Result<(Self, Hello), WireError> {
        let mut framed = Framed::new(stream, MqttCodec::Version(VersionCodec));
        let version = match framed.next().await {
            Some(Ok((MqttPacket::Version(version), _))) => version,
            Some(Ok(_)) => return Err(WireError::Malformed(DecodeError::MalformedPacket)),
            Some(Err(error)) => return Err(error.into()),
            None => return Err(WireError::Closed),
        };
        let framed = framed.map_codec(|_| match version {
            ProtocolVersion::MQTT3 => MqttCodec::V3(rmqtt_codec::v3::Codec::new(MAX_PACKET)),
            ProtocolVersion::MQTT5 => MqttCodec::V5(rmqtt_codec::v5::Codec::new(MAX_PACKET, 0)),
        });
        let mut wire = Self(framed);
        let hello = match wire.packet().await? {
            MqttPacket::V3(rmqtt_codec::v3::Packet::Connect(connect)) => v3::hello(*connect),
            MqttPacket::V5(rmqtt_codec::v5::Packet::Connect(connect)) => {
                wire.bound_outgoing(connect.max_packet_size.map_or(0, std::num::NonZero::get));
                v5::hello(*connect)
            }
            _ => return Err(WireError::Malformed(DecodeError::MalformedPacket)),
        };
        Ok((wire, hello))
    }

    /// The next packet. It may be asked for again if the future is dropped.
    pub(crate) async fn next(&mut self) -> Result<Incoming, WireError> {
        Ok(match self.packet().await? {
            MqttPacket::V3(packet) => v3::incoming(packet),
            MqttPacket::V5(packet) => v5::incoming(packet),
            MqttPacket::Version(_) => Incoming::Unexpected("a second beginning"),
        })
    }

    /// Writes a packet, if there is one for it in the client's version.
    pub(crate) async fn send(&mut self, packet: Outbound) -> Result<(), WireError> {
        let packet = match self.0.codec() {
            MqttCodec::V5(_) => v5::outgoing(packet).map(MqttPacket::V5),
            MqttCodec::V3(_) | MqttCodec::Version(_) => v3::outgoing(packet).map(MqttPacket::V3),
        };
        let Some(packet) = packet else { return Ok(()) };
        match tokio::time::timeout(WRITE, self.0.send(packet)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(rmqtt_codec::error::EncodeError::Io(error))) => Err(WireError::Broken(error.to_string())),
            Ok(Err(error)) => Err(WireError::Unwritable(error.to_string())),
            Err(_) => Err(WireError::Stuck),
        }
    }

    /// Ends the connection. What has been written is still delivered.
    pub(crate) async fn close(mut self) {
        // The client may have gone already.
        tokio::time::timeout(WRITE, self.0.close()).await.ok();
    }

    async fn packet(&mut self) -> Result<MqttPacket, WireError> {
        let (packet, _) = self.0.next().await.ok_or(WireError::Closed)??;
        Ok(packet)
    }

    fn bound_outgoing(&mut self, size: u32) {
        if let MqttCodec::V5(codec) = self.0.codec_mut() {
            codec.set_max_outbound_size(size);
        }
    }
}

impl From<DecodeError> for WireError {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Io(error) => Self::Broken(error.to_string()),
            DecodeError::MaxSizeExceeded { size, .. } => Self::TooLarge(size),
            error => Self::Malformed(error),
        }
    }
}
