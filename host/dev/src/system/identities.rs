//! Certificates for devices that keep their keys, while the system runs.

use std::net::SocketAddr;
use std::sync::Arc;

use campanile_broker::{Authority, Certificate, IdentityError};

use super::{Refusal, System};
use crate::feed::Happening;

/// Who issues certificates, and the address where they are shown.
#[derive(Debug)]
pub(super) struct Issuer {
    pub(super) authority: Arc<Authority>,
    pub(super) mqtts: SocketAddr,
}

/// What a device needs to connect, beside the key that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Its certificate.
    pub certificate: Certificate,
    /// The certificate of the authority that has issued the broker's, PEM.
    pub ca: String,
    /// Where to connect, for example `mqtts://localhost:8883`.
    pub mqtts: String,
}

impl From<IdentityError> for Refusal {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Name(_) | IdentityError::Request(_) => Self::Invalid(error.to_string()),
            _ => Self::Broken(error.to_string()),
        }
    }
}

impl System {
    /// Issues a certificate to `device` for the key of `csr`, a certificate signing request in PEM.
    ///
    /// # Errors
    ///
    /// [`Refusal::Missing`] if nobody here issues certificates, [`Refusal::Invalid`] for a bad name or request,
    /// [`Refusal::Broken`] if the authority can't keep in mind what it has issued.
    pub async fn sign(&self, device: String, csr: String) -> Result<Signed, Refusal> {
        let missing = || {
            Refusal::Missing(
                "authority here: without an own broker (`--broker`), whoever runs the other one issues certificates".to_owned(),
            )
        };
        let Issuer { authority, mqtts } = self.issuer.get().ok_or_else(missing)?;
        // By name: AWS IoT wants to be named (SNI), which can't be done with an address, and the certificate of the server has it.
        let mqtts = format!("mqtts://localhost:{}", mqtts.port());
        let note = format!("{device} has a new certificate, for a key that it keeps");
        let authority = Arc::clone(authority);
        // Files are written.
        let signing = tokio::task::spawn_blocking(move || {
            let certificate = authority.sign(&csr, &device)?;
            Ok::<_, IdentityError>((certificate, authority.ca().to_owned()))
        });
        let (certificate, ca) = signing.await.map_err(|error| Refusal::Broken(error.to_string()))??;
        self.feed.tell(Happening::Note(note.into()));
        Ok(Signed { certificate, ca, mqtts })
    }
}
