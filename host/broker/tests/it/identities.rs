//! TLS with certificates of devices, and the authority's files.

use std::fs;
use std::io::BufRead;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use campanile_broker::{Authority, Identity, IdentityError};
use rumqttc::{AsyncClient, ConnectionError, Event, MqttOptions, Packet, QoS, Transport};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::support::{Running, bounded};

/// What a device's program is configured with.
pub(crate) fn tls(ca: &Path, identity: Option<&Identity>) -> Transport {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(ca).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = match identity {
        Some(identity) => {
            let chain = vec![CertificateDer::from_pem_file(&identity.certificate).unwrap()];
            builder
                .with_client_auth_cert(chain, PrivateKeyDer::from_pem_file(&identity.key).unwrap())
                .unwrap()
        }
        None => builder.with_no_client_auth(),
    };
    Transport::tls_with_config(rumqttc::TlsConfiguration::Rustls(Arc::new(config)))
}

/// Connects, publishes with QoS 1 and waits for the acknowledgement.
async fn publish(running: &Running, client_id: &str, transport: Transport) -> Result<(), ConnectionError> {
    publish_to("localhost", running, client_id, transport).await
}

async fn publish_to(
    host: &str,
    running: &Running,
    client_id: &str,
    transport: Transport,
) -> Result<(), ConnectionError> {
    let mut options = MqttOptions::new(client_id, host, running.tls.port());
    options.set_transport(transport).set_keep_alive(Duration::from_secs(30));
    let (client, mut events) = AsyncClient::new(options, 10);
    client.publish("home/heating/status", QoS::AtLeastOnce, false, "{}").await.unwrap();
    bounded(async {
        loop {
            if let Event::Incoming(Packet::PubAck(_)) = events.poll().await? {
                return Ok(());
            }
        }
    })
    .await
}

#[tokio::test]
async fn a_device_with_its_certificate_is_taken_and_named() {
    let running = Running::start().await;
    let identity = running.authority.issue("heating").unwrap();
    publish(&running, "heating", tls(&running.authority.ca_file(), Some(&identity))).await.unwrap();
    let message = &running.journal.messages()[0];
    let principal = message.principal.as_ref().unwrap();
    assert_eq!(principal.certificate_id, identity.certificate_id);
    assert_eq!(principal.common_name.as_deref(), Some("heating"));
    let event = running.journal.all_until(|all| all.first().cloned()).await;
    assert!(String::from_utf8_lossy(&event.payload).contains(&identity.certificate_id));
}

#[tokio::test]
async fn nobody_else_is() {
    let mut running = Running::start().await;
    let ca = running.authority.ca_file();
    let heating = running.authority.issue("heating").unwrap();
    let foreign_dir = tempfile::tempdir().unwrap();
    let foreign = Authority::open(foreign_dir.path()).unwrap().issue("heating").unwrap();
    let revoked = running.authority.issue("revoked").unwrap();
    assert_eq!(running.authority.revoke("revoked").unwrap(), 1);
    for (client_id, identity, note) in [
        ("heating", None, "peer sent no certificates"),
        ("heating", Some(&foreign), "invalid peer certificate"),
        ("other", Some(&heating), "client id `other`, which does not match the certificate's name `heating`"),
        ("", Some(&heating), "does not match the certificate's name `heating`"),
        ("revoked", Some(&revoked), "has been revoked"),
    ] {
        let error = publish(&running, client_id, tls(&ca, identity)).await.unwrap_err();
        let said = running.note("refused").await;
        assert!(said.contains(note), "{note}: {said}; {error}");
    }
    assert!(running.journal.topics().is_empty());
    publish(&running, "heating", tls(&ca, Some(&heating))).await.unwrap();
}

#[tokio::test]
async fn who_does_not_name_the_server_is_taken_and_told() {
    let mut running = Running::start().await;
    let identity = running.authority.issue("heating").unwrap();
    let transport = tls(&running.authority.ca_file(), Some(&identity));
    publish_to("127.0.0.1", &running, "heating", transport).await.unwrap();
    running.note("without naming the server (SNI)").await;
}

#[tokio::test]
async fn who_is_revoked_while_connected_publishes_nothing_more() {
    let mut running = Running::start().await;
    let identity = running.authority.issue("heating").unwrap();
    let mut options = MqttOptions::new("heating", "localhost", running.tls.port());
    options.set_transport(tls(&running.authority.ca_file(), Some(&identity)));
    let (client, mut events) = AsyncClient::new(options, 10);
    bounded(events.poll()).await.unwrap();
    running.authority.revoke("heating").unwrap();
    client.publish("a", QoS::AtLeastOnce, false, "{}").await.unwrap();
    bounded(async { while events.poll().await.is_ok() {} }).await;
    running.note("its certificate has been revoked").await;
    assert!(running.journal.messages().is_empty());
}

#[tokio::test]
async fn a_device_that_keeps_its_key_gets_a_certificate_for_it() {
    for kind in [&rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ECDSA_P384_SHA384] {
        let running = Running::start().await;
        let key = rcgen::KeyPair::generate_for(kind).unwrap();
        // The name in the request is not asked for.
        let params = rcgen::CertificateParams::new(vec!["somebody-else".to_owned()]).unwrap();
        let request = params.serialize_request(&key).unwrap().pem().unwrap();
        let signed = running.authority.sign(&request, "heating").unwrap();
        let identity = Identity {
            device: "heating".to_owned(),
            certificate: running.dir.path().join("signed.pem"),
            key: running.dir.path().join("own-key.pem"),
            certificate_id: signed.id,
        };
        fs::write(&identity.certificate, signed.pem).unwrap();
        fs::write(&identity.key, key.serialize_pem()).unwrap();
        publish(&running, "heating", tls(&running.authority.ca_file(), Some(&identity))).await.unwrap();
        let principal = running.journal.messages()[0].principal.clone().unwrap();
        assert_eq!(principal.certificate_id, identity.certificate_id);
        assert_eq!(running.authority.revoke("heating").unwrap(), 1);
    }
}

#[test]
fn the_authority_is_the_same_after_a_restart_and_its_keys_are_its_owners() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("identities");
    let authority = Authority::open(&dir).unwrap();
    let first = authority.issue("heating").unwrap();
    let ca = fs::read(authority.ca_file()).unwrap();
    authority.issue("lost").unwrap();
    authority.revoke("lost").unwrap();
    drop(authority);
    let authority = Authority::open(&dir).unwrap();
    assert_eq!(fs::read(authority.ca_file()).unwrap(), ca);
    assert_eq!(authority.issue("heating").unwrap(), first);
    assert_eq!(authority.revoke("lost").unwrap(), 0);
    assert_ne!(authority.revoke("heating").unwrap(), 0);
    assert_ne!(authority.issue("heating").unwrap().certificate_id, first.certificate_id);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for folder in [&dir, &dir.join("devices")] {
        assert_eq!(mode(folder), 0o700, "{folder:?}");
    }
    for key in ["ca.key.pem", "server.key.pem", "devices/heating.key.pem"] {
        assert_eq!(mode(&dir.join(key)), 0o600, "{key}");
    }
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let authority = Authority::open(dir.path()).unwrap();
    for name in ["", "../ca", "a/b", ".", "a b", "\u{1b}[2J"] {
        for error in [
            authority.issue(name).unwrap_err(),
            authority.sign("", name).unwrap_err(),
            authority.revoke(name).unwrap_err(),
        ] {
            assert!(matches!(error, IdentityError::Name(_)), "{name}: {error}");
            assert!(!error.to_string().contains('\u{1b}'), "{error}");
        }
    }
}

#[test]
fn what_is_damaged_is_said_and_nothing_is_made_in_its_place() {
    for (file, text) in [("ca.cert.pem", ""), ("ca.key.pem", "x"), ("index.txt", "nonsense\n")] {
        let dir = tempfile::tempdir().unwrap();
        drop(Authority::open(dir.path()).unwrap());
        fs::write(dir.path().join(file), text).unwrap();
        let error = Authority::open(dir.path()).unwrap_err();
        assert!(matches!(&error, IdentityError::Damaged { path, .. } if path.ends_with(file)), "{error}");
    }
    let dir = tempfile::tempdir().unwrap();
    drop(Authority::open(dir.path()).unwrap());
    fs::remove_file(dir.path().join("ca.key.pem")).unwrap();
    assert!(Authority::open(dir.path()).is_err());
    let lines = fs::read(dir.path().join("ca.cert.pem")).unwrap();
    assert!(lines.lines().next().is_some());
}
