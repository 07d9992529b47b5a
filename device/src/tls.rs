//! TLS as the device wants it: rustls with ring, our own roots, and a certificate of its own. rustls verifies; rumqttc only carries it
//! (docs/decisions).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use crate::config::Tls;

/// What AWS IoT wants to hear on port 443 ("Device communication protocols": protocols, port mappings and authentication).
const ALPN: &[u8] = b"x-amzn-mqtt-ca";

/// The port on which it does.
const ALPN_PORT: u16 = 443;

/// Why there is no TLS. Says which file, and never what is in it.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file can't be read, or is no PEM.
    #[error("`{}`: {}", path.display(), pem_trouble(error))]
    Pem {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: pem::Error,
    },
    /// A file has no certificate.
    #[error("`{}` has no certificate in it: PEM is expected, `-----BEGIN CERTIFICATE-----`", .0.display())]
    NoCertificate(PathBuf),
    /// An authority that is none.
    #[error("`{}`: {error}", path.display())]
    Authority {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: rustls::Error,
    },
    /// The key is not that of the certificate, or neither is of use.
    #[error("the certificate `{}` and the key `{}` do not go together: {error}", certificate.display(), key.display())]
    Identity {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
        /// What is wrong.
        error: rustls::Error,
    },
}

fn pem_trouble(error: &pem::Error) -> String {
    match error {
        pem::Error::Io(error) => format!("it can't be read: {error}"),
        pem::Error::NoItemsFound => "there is nothing of use in it".to_owned(),
        other => format!("it is no PEM: {other}"),
    }
}

/// What connections to `port` use.
///
/// # Errors
///
/// [`TlsError`].
pub fn client_config(tls: &Tls, port: u16) -> Result<Arc<ClientConfig>, TlsError> {
    let mut roots = RootCertStore::empty();
    for authority in certificates(&tls.ca)? {
        roots.add(authority).map_err(|error| TlsError::Authority { path: tls.ca.clone(), error })?;
    }
    let key = PrivateKeyDer::from_pem_file(&tls.key)
        .map_err(|error| TlsError::Pem { path: tls.key.clone(), error })?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let identity =
        |error| TlsError::Identity { certificate: tls.certificate.clone(), key: tls.key.clone(), error };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(identity)?
        .with_root_certificates(roots)
        .with_client_auth_cert(certificates(&tls.certificate)?, key)
        .map_err(identity)?;
    if port == ALPN_PORT {
        config.alpn_protocols = vec![ALPN.to_vec()];
    }
    Ok(Arc::new(config))
}

/// The certificates in a file, at least one.
///
/// # Errors
///
/// [`TlsError`].
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let read = |error| TlsError::Pem { path: path.to_owned(), error };
    let all: Vec<_> =
        CertificateDer::pem_file_iter(path).map_err(read)?.collect::<Result<_, _>>().map_err(read)?;
    if all.is_empty() { Err(TlsError::NoCertificate(path.to_owned())) } else { Ok(all) }
}
