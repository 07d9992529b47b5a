//! Certificate signing requests: what devices send that keep their private keys.

use std::ops::RangeInclusive;

use rcgen::{PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PublicKeyData, SubjectPublicKeyInfo};
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateSigningRequestDer, PrivateKeyDer};
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::error::X509Error;
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;

use super::error::RequestError;

/// AWS IoT takes keys from 2048 bits on (`CreateCertificateFromCsr`); more than 8192 no handshake here could check.
const RSA_BITS: RangeInclusive<usize> = 2048..=8192;

/// The public key of a request in PEM, after a look whether whoever made it has the private one. What else it asks for is not
/// looked at.
///
/// rcgen reads requests too, but takes the kind of key for what the signature is usual with, and P-384 with SHA-256 for P-256.
pub(super) fn public_key(csr: &str) -> Result<SubjectPublicKeyInfo, RequestError> {
    let der = CertificateSigningRequestDer::from_pem_slice(csr.as_bytes()).map_err(|error| match error {
        PemError::NoItemsFound if PrivateKeyDer::from_pem_slice(csr.as_bytes()).is_ok() => {
            RequestError::PrivateKey
        }
        PemError::NoItemsFound => RequestError::Pem,
        _ => RequestError::Damaged,
    })?;
    let (rest, request) = X509CertificationRequest::from_der(&der).map_err(|_| RequestError::Damaged)?;
    if !rest.is_empty() {
        return Err(RequestError::Damaged);
    }
    let key = &request.certification_request_info.subject_pki;
    let taken = SubjectPublicKeyInfo::from_der(key.raw).map_err(|_| RequestError::Key)?;
    let is_strong = match key.parsed() {
        Ok(PublicKey::RSA(rsa)) => RSA_BITS.contains(&rsa.key_size()),
        _ => [&PKCS_ECDSA_P256_SHA256, &PKCS_ECDSA_P384_SHA384].contains(&taken.algorithm()),
    };
    if !is_strong {
        return Err(RequestError::Key);
    }
    match request.verify_signature() {
        Ok(()) => Ok(taken),
        Err(X509Error::SignatureUnsupportedAlgorithm) => Err(RequestError::Algorithm),
        Err(_) => Err(RequestError::Signature),
    }
}
