//! The certificates that the authority makes, and reading those it has made.

use std::path::Path;
use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use uuid::Uuid;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::{IdentityError, files, tls};

const DAY: SignedDuration = SignedDuration::from_hours(24);
/// For development; whoever needs it longer makes a new folder.
const AUTHORITY_LASTS: SignedDuration = SignedDuration::from_hours(24 * 3650);
/// The longest that Apple's and other TLS clients take from a server.
const SERVER_LASTS: SignedDuration = SignedDuration::from_hours(24 * 397);
const DEVICE_LASTS: SignedDuration = SignedDuration::from_hours(24 * 3650);
/// What is good for less than this is made anew.
const RENEW: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Who signs.
pub(super) struct Root {
    /// Its certificate, as it is in its file.
    pub(super) pem: String,
    /// The same for TLS.
    pub(super) certificate: CertificateDer<'static>,
    /// Its name and its key.
    pub(super) issuer: Issuer<'static, KeyPair>,
}

/// Reads the authority in `dir`, or makes it.
pub(super) fn authority(dir: &Path, now: Timestamp) -> Result<Root, IdentityError> {
    let (cert_path, key_path) = (dir.join("ca.cert.pem"), dir.join("ca.key.pem"));
    let (pem, key) = match (files::read(&cert_path)?, files::read(&key_path)?) {
        (Some(cert), Some(key)) => {
            let key = KeyPair::from_pem(&key).map_err(|error| damaged(&key_path, &error))?;
            (cert, key)
        }
        // Never beside an old half: certificates of the old authority would stop working without a word.
        (Some(_), None) => return Err(damaged(&key_path, &"it is missing")),
        (None, Some(_)) => return Err(damaged(&cert_path, &"it is missing")),
        (None, None) => {
            let key = self::key()?;
            let pem = authority_params(now).self_signed(&key)?.pem();
            files::write_secret(&key_path, &key.serialize_pem())?;
            files::write(&cert_path, &pem)?;
            (pem, key)
        }
    };
    let certificate = CertificateDer::from_pem_slice(pem.as_bytes());
    let certificate = certificate.map_err(|error| damaged(&cert_path, &error))?;
    let issuer = Issuer::from_ca_cert_der(&certificate, key).map_err(|error| damaged(&cert_path, &error))?;
    Ok(Root { pem, certificate, issuer })
}

/// The server's certificate chain and key, made if there is none or it is near its end.
pub(super) fn server(
    dir: &Path,
    root: &Root,
    now: Timestamp,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), IdentityError> {
    let (cert_path, key_path) = (dir.join("server.cert.pem"), dir.join("server.key.pem"));
    if still_good(&cert_path, &key_path, now)?.is_none() {
        let key = self::key()?;
        let cert = server_params(now)?.signed_by(&key, &root.issuer)?;
        files::write_secret(&key_path, &key.serialize_pem())?;
        files::write(&cert_path, &cert.pem())?;
    }
    let cert = CertificateDer::from_pem_file(&cert_path).map_err(|error| damaged(&cert_path, &error))?;
    let key = PrivateKeyDer::from_pem_file(&key_path).map_err(|error| damaged(&key_path, &error))?;
    Ok((vec![cert, root.certificate.clone()], key))
}

/// The id of a certificate that is there with its key, and good for a while yet.
pub(super) fn still_good(cert: &Path, key: &Path, now: Timestamp) -> Result<Option<String>, IdentityError> {
    let (Some(cert), Some(_)) = (files::read(cert)?, files::read(key)?) else { return Ok(None) };
    let Ok(der) = CertificateDer::from_pem_slice(cert.as_bytes()) else { return Ok(None) };
    let Ok((_, parsed)) = X509Certificate::from_der(&der) else { return Ok(None) };
    let good = parsed.validity().not_after.timestamp() > (now + RENEW).as_second();
    Ok(good.then(|| tls::certificate_id(&der)))
}

pub(super) fn key() -> Result<KeyPair, IdentityError> {
    Ok(KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?)
}

fn authority_params(now: Timestamp) -> CertificateParams {
    let mut params = params("Campanile local authority", now, AUTHORITY_LASTS);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn server_params(now: Timestamp) -> Result<CertificateParams, IdentityError> {
    let mut params = params("localhost", now, SERVER_LASTS);
    let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    params.subject_alt_names = CertificateParams::new(names)?.subject_alt_names;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

pub(super) fn device(device: &str, now: Timestamp) -> CertificateParams {
    let mut params = params(device, now, DEVICE_LASTS);
    // Without one rcgen takes it from the key, and a key that gets two certificates would have it twice.
    params.serial_number = Some(Uuid::new_v4().into_bytes().to_vec().into());
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    params
}

/// Good from a day ago: clocks of devices are slow.
fn params(common_name: &str, now: Timestamp, lasts: SignedDuration) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.not_before = system_time(now - DAY).into();
    params.not_after = system_time(now + lasts).into();
    params
}

/// Certificates count seconds.
fn system_time(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(at.as_second().unsigned_abs())
}

fn damaged(path: &Path, why: &dyn std::fmt::Display) -> IdentityError {
    IdentityError::Damaged { path: path.to_owned(), why: why.to_string() }
}
