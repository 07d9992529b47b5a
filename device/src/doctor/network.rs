//! The way to the broker, below TLS.

use std::net::{IpAddr, SocketAddr};

use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout};

use super::{Outcome, PATIENCE};
use crate::config::Broker;

/// Whether only this machine is meant.
pub(super) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

pub(super) async fn addresses(broker: &Broker) -> Result<Vec<SocketAddr>, String> {
    match timeout(PATIENCE, lookup_host((broker.host.as_str(), broker.port()))).await {
        Ok(Ok(addresses)) => Ok(addresses.collect()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no answer in {PATIENCE:?}")),
    }
}

pub(super) async fn dns(broker: &Broker) -> Outcome {
    let host = &broker.host;
    match addresses(broker).await {
        Ok(all) if all.is_empty() => {
            Outcome::failed(format!("`{host}` has no address"), "look at broker.host")
        }
        Ok(all) => {
            let all: Vec<_> = all.iter().map(|address| address.ip().to_string()).collect();
            Outcome::ok(format!("{host} is {}", all.join(", ")))
        }
        Err(error) => Outcome::failed(
            format!("`{host}` is not found: {error}"),
            "look at broker.host, and at the name servers in /etc/resolv.conf",
        ),
    }
}

pub(super) async fn tcp(broker: &Broker) -> Outcome {
    let port = broker.port();
    let mut refused = Vec::new();
    for address in addresses(broker).await.unwrap_or_default() {
        let began = Instant::now();
        match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(_)) => {
                return Outcome::ok(format!("{address} answers in {} ms", began.elapsed().as_millis()));
            }
            Ok(Err(error)) => refused.push(format!("{address}: {error}")),
            Err(_) => refused.push(format!("{address}: no answer in {PATIENCE:?}")),
        }
    }
    let remedy = if port == 8883 {
        "a firewall may be on the way: port 443 passes most, `port = 443` in [broker]; or the broker does not run"
    } else {
        "the broker does not run, listens on another port (broker.port), or a firewall is on the way"
    };
    Outcome::failed(format!("nobody answers on port {port}: {}", refused.join("; ")), remedy)
}

/// The first address that answers.
pub(super) async fn open(broker: &Broker) -> Result<TcpStream, String> {
    let mut trouble = "it has no address".to_owned();
    for address in addresses(broker).await? {
        match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => trouble = error.to_string(),
            Err(_) => trouble = format!("no answer in {PATIENCE:?}"),
        }
    }
    Err(trouble)
}
