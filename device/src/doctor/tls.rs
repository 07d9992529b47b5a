//! TLS with the broker: whether we believe it, and whether it believes us.

use std::io::ErrorKind;
use std::time::Duration;

use rustls::pki_types::ServerName;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::identity::Known;
use super::trouble::{self, Trouble};
use super::{Outcome, PATIENCE, network};
use crate::config::{Broker, Tls};
use crate::tls::client_config;

/// With TLS 1.3 a server judges our certificate after the handshake has ended for us: it gets so many times the handshake's time for it.
const JUDGEMENT: u32 = 10;

/// At least and at most.
const JUDGEMENT_BOUNDS: (Duration, Duration) = (Duration::from_millis(300), Duration::from_secs(3));

pub(super) async fn examine(broker: &Broker) -> Outcome {
    let Some(tls) = &broker.tls else { return Outcome::not_tried("[broker.tls] is not there") };
    match handshake(broker, tls).await {
        Ok(found) => Outcome::ok(found),
        Err(Trouble { what, remedy }) => Outcome::failed(what, remedy),
    }
}

async fn handshake(broker: &Broker, tls: &Tls) -> Result<String, Trouble> {
    let config = client_config(tls, broker.port())
        .map_err(|error| Trouble::new(error.to_string(), "look at [broker.tls]"))?;
    let name = ServerName::try_from(broker.host.clone()).map_err(|_| {
        Trouble::new(format!("`{}` is no name of a server", broker.host), "look at broker.host")
    })?;
    let tcp = network::open(broker)
        .await
        .map_err(|error| Trouble::new(error, "look at broker.host and broker.port"))?;
    let began = Instant::now();
    let connecting = TlsConnector::from(config).connect(name, tcp);
    let mut stream = match timeout(PATIENCE, connecting).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Err(trouble::of(&error, tls, broker)),
        Err(_) => {
            let remedy = "what listens there may speak no TLS, or something on the way keeps it back";
            return Err(Trouble::new(format!("the server has not answered in {PATIENCE:?}"), remedy));
        }
    };
    let (least, most) = JUDGEMENT_BOUNDS;
    let judgement = began.elapsed().saturating_mul(JUDGEMENT).clamp(least, most);
    match timeout(judgement, stream.read_u8()).await {
        Ok(Err(error)) if error.kind() == ErrorKind::UnexpectedEof => Err(trouble::closed(broker)),
        Ok(Err(error)) => Err(trouble::of(&error, tls, broker)),
        // A broker says nothing before it is spoken to.
        Err(_) | Ok(Ok(_)) => Ok(describe(&stream)),
    }
}

fn describe(stream: &TlsStream<TcpStream>) -> String {
    let (_, connection) = stream.get_ref();
    let version = match connection.protocol_version() {
        Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
        _ => "TLS 1.3",
    };
    let own = connection.peer_certificates().and_then(|chain| chain.first());
    own.and_then(|own| Known::of(own)).map_or_else(
        || version.to_owned(),
        |known| {
            format!("{version}, the server is {}, by {}; it takes our certificate", known.name, known.issuer)
        },
    )
}
