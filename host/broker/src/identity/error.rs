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
    /// A certificate signing request that no certificate is made for.
    #[error("the certificate signing request is not good: {0}")]
    Request(#[from] RequestError),
    /// Each one is looked up with every message, and must be remembered for as long as it could be shown.
    #[error(
        "the authority has issued {0} certificates, and keeps no more in mind; another folder begins anew"
    )]
    Full(usize),
    /// A certificate or key can't be made.
    #[error("can't make a certificate: {0}")]
    Make(#[from] rcgen::Error),
    /// TLS does not take the certificates.
    #[error("can't use the certificates for TLS: {0}")]
    Tls(String),
}

/// What is wrong with a certificate signing request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// No PEM, or PEM of something else.
    #[error("it is no PEM that begins with `-----BEGIN CERTIFICATE REQUEST-----`")]
    Pem,
    /// What must not have left its device.
    #[error("it is a private key, which stays on the device; send a request that was made with it")]
    PrivateKey,
    /// PEM of what is no request.
    #[error("it can't be read")]
    Damaged,
    /// A key that AWS IoT does not take, or TLS here.
    #[error("its key is neither ECDSA P-256 or P-384 nor RSA with 2048 to 8192 bits")]
    Key,
    /// A signature of a kind that can't be checked here.
    #[error("its signature is of a kind that can't be checked; sign it with SHA-256")]
    Algorithm,
    /// Whoever made it does not have the key, or it was changed since.
    #[error("its signature was not made with the key in it")]
    Signature,
}
