//! `campanile-device provision`: a key that is made on the device and never leaves it, and a certificate for it.
//!
//! What is made is put beside what is there and takes its place when it is complete and goes together, so that a device which can connect
//! goes on being able to.

mod aws;
mod dev;
mod error;
mod files;
mod request;

use std::path::{Path, PathBuf};

pub use self::error::ProvisionError;
use self::files::Files;
use crate::config::{EXAMPLE, Tls, wrong_id};
use crate::tls;

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Provision {
    /// The device's name: in the certificate, and in the names of the files.
    pub id: String,
    /// Where files are put.
    pub folder: PathBuf,
    /// Whether a device that has a certificate gets another one, and another key.
    pub renews: bool,
    /// Who signs.
    pub signer: Signer,
}

/// Who signs.
#[derive(Clone, Debug)]
pub enum Signer {
    /// Somebody else, to whom the request is taken.
    Nobody,
    /// Somebody who has done so.
    Files {
        /// The certificate, PEM.
        certificate: PathBuf,
        /// The certificates of the broker's authorities, PEM.
        ca: PathBuf,
    },
    /// A `campanile dev` on this machine.
    Dev {
        /// Its page, for example `http://127.0.0.1:7700`.
        url: String,
    },
    /// AWS IoT, through the program `aws`.
    Aws {
        /// The policy to attach; the stack has it as `DevicePolicyName`.
        policy: String,
    },
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Provisioned {
    /// It had a certificate, and has it still.
    Already {
        /// The certificate.
        certificate: PathBuf,
    },
    /// A request is there to be signed.
    Requested {
        /// The request.
        csr: PathBuf,
    },
    /// It has a certificate.
    Done {
        /// The certificate.
        certificate: PathBuf,
        /// A configuration that was made, if there was none.
        config: Option<PathBuf>,
    },
}

/// A certificate, and what else there is to know.
#[derive(Clone, Debug)]
struct Signed {
    /// PEM.
    certificate: String,
    /// PEM.
    ca: String,
    /// The broker's host and port, as far as the signer knows them.
    broker: Option<(String, u16)>,
}

impl Provision {
    /// Does it.
    ///
    /// # Errors
    ///
    /// [`ProvisionError`]; what is there is as it was, and a key that was made is used the next time.
    pub fn run(&self) -> Result<Provisioned, ProvisionError> {
        if let Some(wrong) = wrong_id(&self.id) {
            return Err(ProvisionError::Id(wrong));
        }
        let files = Files::new(&self.folder, &self.id)?;
        let is_renewed = self.renews || matches!(self.signer, Signer::Files { .. });
        if !is_renewed && tls::client_config(&files.tls(), 0).is_ok() {
            return Ok(Provisioned::Already { certificate: files.certificate });
        }
        let key = request::key(&files.next_key)?;
        let csr = request::csr(&key, &self.id)?;
        files::write(&files.csr, &csr)?;
        let signed = match &self.signer {
            Signer::Nobody => return Ok(Provisioned::Requested { csr: files.csr }),
            Signer::Files { certificate, ca } => {
                Signed { certificate: files::read(certificate)?, ca: files::read(ca)?, broker: None }
            }
            Signer::Dev { url } => dev::sign(url, &self.id, &csr)?,
            Signer::Aws { policy } => aws::sign(&files, &self.id, policy)?,
        };
        files.install(&signed)?;
        let config = self.configure(&files, &signed)?;
        Ok(Provisioned::Done { certificate: files.certificate, config })
    }

    /// Writes a configuration, if there is none.
    fn configure(&self, files: &Files, signed: &Signed) -> Result<Option<PathBuf>, ProvisionError> {
        if files.config.exists() {
            return Ok(None);
        }
        let (host, port) = signed.broker.clone().unwrap_or_else(|| ("localhost".to_owned(), 8883));
        let text = EXAMPLE
            .replace("home-heating", &self.id)
            .replace("host = \"localhost\"", &format!("host = \"{host}\""))
            .replace("# port = 8883", &format!("port = {port}"));
        files::write(&files.config, &text)?;
        Ok(Some(files.config.clone()))
    }
}

/// The key that waits for its certificate, and the rest, as TLS wants them.
fn pending(ca: &Path, certificate: &Path, key: &Path) -> Tls {
    Tls { ca: ca.to_owned(), certificate: certificate.to_owned(), key: key.to_owned() }
}
