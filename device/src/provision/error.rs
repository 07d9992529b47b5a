//! Why a device has no certificate.

use std::path::PathBuf;

use crate::tls::TlsError;

/// Why a device has no certificate. Says what to do; never what is in a key.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// The name can't be one.
    #[error("{0}")]
    Id(String),
    /// A file can't be read or written.
    #[error("`{}`: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A key can't be made or read.
    #[error("`{}` is no key that can be used: {error}; remove it, and a new one is made", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: rcgen::Error,
    },
    /// The request can't be made.
    #[error("the request can't be made: {0}")]
    Request(rcgen::Error),
    /// The certificate that came is not for our key, or is none.
    #[error("what was signed can't be used: {0}")]
    Signed(#[from] TlsError),
    /// `campanile dev` can't be asked.
    #[error(
        "`{url}` can't be asked: {error}; start it with `campanile dev`, or name its page with --dev URL"
    )]
    Unreachable {
        /// Its page.
        url: String,
        /// Why.
        error: ureq::Error,
    },
    /// `campanile dev` has refused.
    #[error("`{url}` refuses: {why}")]
    Refused {
        /// Its page.
        url: String,
        /// What it says.
        why: String,
    },
    /// `aws` can't be run.
    #[error("`aws` can't be run: {0}; install the AWS CLI, or take the request to a machine that has it")]
    NoAws(std::io::Error),
    /// `aws` has failed.
    #[error("`aws iot {command}` has failed: {why}")]
    Aws {
        /// What was asked.
        command: String,
        /// What it says.
        why: String,
    },
}
