//! Why a broker does not start.

use std::io;
use std::net::SocketAddr;

use crate::identity::IdentityError;

/// Why a broker does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address can't be listened on.
    #[error("can't listen on {address} for MQTT: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// There is no server certificate.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}
