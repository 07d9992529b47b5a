//! Why there is no identity.

use std::io;
use std::path::PathBuf;

/// Why there is no identity.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// A name that can't be a device's.
    #[error("`{}` can't be a device's name: AWS IoT allows 1 to 128 letters, digits, `:`, `_` and `-`", .0.escape_debug())]
    Name(String),
    /// A file or folder can't be read or written.
    #[error("can't {doing} {path}: {source}")]
    File {
        /// `read`, `write` or `create`.
        doing: &'static str,
        /// Which one.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file is not what it was written as.
    #[error("{path} is damaged: {why}; without it and the other files beside it, a new authority is made")]
    Damaged {
        /// Which one.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A certificate signing request that can't be read, or whose signature is wrong.
    #[error("the certificate signing request is not good: {0}")]
    Request(rcgen::Error),
    /// A certificate or key can't be made.
    #[error("can't make a certificate: {0}")]
    Make(#[from] rcgen::Error),
    /// TLS does not take the certificates.
    #[error("can't use the certificates for TLS: {0}")]
    Tls(String),
}
