//! Certificate signing requests as openssl makes them: which get a certificate, and which a sentence.
//!
//! The requests in `tests/requests` are named for their keys and signatures; nobody has those keys. All name `somebody-else`.

use campanile_broker::{Authority, IdentityError, RequestError};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tempfile::TempDir;
use x509_parser::certificate::X509Certificate;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::pem::parse_x509_pem;
use x509_parser::prelude::FromDer;

fn authority() -> (TempDir, Authority) {
    let dir = tempfile::tempdir().unwrap();
    let authority = Authority::open(dir.path()).unwrap();
    (dir, authority)
}

/// Why there is no certificate.
fn refused(authority: &Authority, request: &str) -> RequestError {
    match authority.sign(request, "heating").unwrap_err() {
        IdentityError::Request(error) => error,
        error => panic!("{error}"),
    }
}

#[test]
fn the_certificate_is_for_the_very_key_and_for_nothing_else_that_was_asked_for() {
    let (_dir, authority) = authority();
    for request in [
        include_str!("../requests/p256-sha384.pem"),
        include_str!("../requests/p384-sha256.pem"),
        include_str!("../requests/rsa-2048.pem"),
        // It asks for another name and to be an authority, and for something that nobody knows.
        include_str!("../requests/extensions.pem"),
    ] {
        let signed = authority.sign(request, "heating").unwrap();
        let der = CertificateDer::from_pem_slice(signed.pem.as_bytes()).unwrap();
        let (_, certificate) = X509Certificate::from_der(&der).unwrap();
        let (_, pem) = parse_x509_pem(request.as_bytes()).unwrap();
        let (_, asked) = X509CertificationRequest::from_der(&pem.contents).unwrap();
        assert_eq!(certificate.public_key().raw, asked.certification_request_info.subject_pki.raw);
        assert_eq!(certificate.subject().to_string(), "CN=heating");
        assert!(certificate.subject_alternative_name().unwrap().is_none());
        assert!(!certificate.is_ca());
        let usage = certificate.extended_key_usage().unwrap().unwrap().value;
        assert!(usage.client_auth && !usage.server_auth && !usage.any, "{usage:?}");
    }
}

#[test]
fn a_request_that_is_no_good_is_told_why() {
    let (dir, authority) = authority();
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let good = include_str!("../requests/p384-sha256.pem");
    for (request, expected) in [
        (include_str!("../requests/forged.pem"), RequestError::Signature),
        (include_str!("../requests/p256-sha512.pem"), RequestError::Algorithm),
        (include_str!("../requests/rsa-1024.pem"), RequestError::Key),
        (include_str!("../requests/p521.pem"), RequestError::Key),
        (include_str!("../requests/secp256k1.pem"), RequestError::Key),
        (include_str!("../requests/ed25519.pem"), RequestError::Key),
        ("", RequestError::Pem),
        ("heating", RequestError::Pem),
        (authority.ca(), RequestError::Pem),
        (&key, RequestError::PrivateKey),
        (&good.replace("MII", "AII"), RequestError::Damaged),
        (&good.replace("MII", "!II"), RequestError::Damaged),
        (good.split("-----END").next().unwrap(), RequestError::Damaged),
    ] {
        assert_eq!(refused(&authority, request), expected, "{request}");
    }
    assert!(!dir.path().join("index.txt").exists(), "nothing was issued");
}

#[test]
fn the_same_request_gets_another_certificate_each_time() {
    let (_dir, authority) = authority();
    let request = include_str!("../requests/rsa-2048.pem");
    let serials: Vec<String> = ["heating", "heating"]
        .map(|device| authority.sign(request, device).unwrap())
        .iter()
        .map(|signed| {
            let der = CertificateDer::from_pem_slice(signed.pem.as_bytes()).unwrap();
            X509Certificate::from_der(&der).unwrap().1.raw_serial_as_string()
        })
        .collect();
    assert_ne!(serials[0], serials[1]);
    assert_eq!(authority.revoke("heating").unwrap(), 2);
}

#[test]
fn an_authority_does_not_issue_without_end() {
    let dir = tempfile::tempdir().unwrap();
    let lines = |count: u32| (0..count).map(|id| format!("{id:064x} heating valid\n")).collect::<String>();
    std::fs::write(dir.path().join("index.txt"), lines(9_999)).unwrap();
    let authority = Authority::open(dir.path()).unwrap();
    let request = include_str!("../requests/rsa-2048.pem");
    authority.sign(request, "heating").unwrap();
    let error = authority.sign(request, "heating").unwrap_err();
    assert!(matches!(error, IdentityError::Full(10_000)), "{error}");
    assert!(matches!(authority.issue("boiler").unwrap_err(), IdentityError::Full(_)));
}
