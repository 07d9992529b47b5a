//! The key, and the request for a certificate: ECDSA P-256, as AWS IoT takes it.

use std::fs;
use std::path::Path;

use rcgen::{CertificateParams, DnType, KeyPair};

use super::{ProvisionError, files};

/// The key that waits for a certificate, or a new one.
pub(super) fn key(path: &Path) -> Result<KeyPair, ProvisionError> {
    let wrong = |error| ProvisionError::Key { path: path.to_owned(), error };
    match fs::read_to_string(path) {
        Ok(text) => KeyPair::from_pem(&text).map_err(wrong),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = KeyPair::generate().map_err(wrong)?;
            files::write_secret(path, &key.serialize_pem())
                .map_err(|error| ProvisionError::File { path: path.to_owned(), error })?;
            Ok(key)
        }
        Err(error) => Err(ProvisionError::File { path: path.to_owned(), error }),
    }
}

/// A request in PEM, signed with the key, which proves that we have it.
pub(super) fn csr(key: &KeyPair, id: &str) -> Result<String, ProvisionError> {
    let mut params = CertificateParams::default();
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CommonName, id);
    let request = params.serialize_request(key).map_err(ProvisionError::Request)?;
    request.pem().map_err(ProvisionError::Request)
}
