//! Names become addresses here and nowhere else, so that the address that was judged is the one that is connected to.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::{Reach, reach};

/// The system's resolver, less the addresses that may not be reached.
#[derive(Clone, Copy, Debug)]
pub(super) struct CheckedResolver {
    pub(super) private: bool,
}

/// Every address of a name was refused.
#[derive(Debug)]
pub(super) struct RefusedAddress(pub(super) IpAddr);

impl fmt::Display for RefusedAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the name resolves to {}", self.0)
    }
}

impl Error for RefusedAddress {}

impl CheckedResolver {
    fn accepts(self, address: IpAddr) -> bool {
        match reach(address) {
            Reach::Public => true,
            Reach::Private(_) => self.private,
            Reach::Forbidden(_) => false,
        }
    }
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = *self;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let accepted: Vec<SocketAddr> =
                found.iter().copied().filter(|address| resolver.accepts(address.ip())).collect();
            match (accepted.is_empty(), found.first()) {
                (true, Some(refused)) => {
                    Err(Box::new(RefusedAddress(refused.ip())) as Box<dyn Error + Send + Sync>)
                }
                _ => Ok(Box::new(accepted.into_iter()) as Addrs),
            }
        })
    }
}
