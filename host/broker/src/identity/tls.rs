//! The server's side of TLS: every client shows a certificate of the authority.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use sha2::{Digest, Sha256};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::IdentityError;
use crate::message::Principal;

pub(super) fn server_config(
    authority: &CertificateDer<'static>,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<Arc<ServerConfig>, IdentityError> {
    let failed = |error: &dyn std::fmt::Display| IdentityError::Tls(error.to_string());
    let provider: Arc<CryptoProvider> = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.clone()).map_err(|error| failed(&error))?;
    // Not optional: without a certificate there is no connection, as on AWS IoT's port 8883.
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(|error| failed(&error))?;
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .map_err(|error| failed(&error))?;
    Ok(Arc::new(config))
}

/// Whom a certificate names.
pub(crate) fn principal(certificate: &CertificateDer<'_>) -> Principal {
    let common_name = X509Certificate::from_der(certificate).ok().and_then(|(_, parsed)| {
        let mut names = parsed.subject().iter_common_name();
        // Two names are none: nobody knows which one a policy would mean.
        let name = names.next()?.as_str().ok()?.to_owned();
        names.next().is_none().then_some(name)
    });
    Principal { certificate_id: certificate_id(certificate), common_name }
}

/// SHA-256 of the certificate in DER, in hexadecimal.
pub(super) fn certificate_id(certificate: &[u8]) -> String {
    Sha256::digest(certificate).iter().map(|byte| format!("{byte:02x}")).collect()
}
