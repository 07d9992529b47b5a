//! A device keeps its key and asks for a certificate.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use campanile_broker::Authority;
use campanile_dev::broker::{Listen, Outside};
use campanile_dev::feed::Happening;
use rcgen::{CertificateParams, KeyPair};
use reqwest::Method;
use rumqttc::{AsyncClient, ConnectionError, Event, MqttOptions, Packet, QoS, TlsConfiguration, Transport};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};

use crate::world::{Read, TOPIC, World};

/// Lets devices connect with certificates.
pub(crate) async fn listen(world: &World) {
    let authority = Authority::open(&world.system.data().identities()).unwrap();
    let mqtts = Some((SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), Arc::new(authority)));
    world.system.listen(Listen { mqtt: None, mqtts }).await.unwrap();
}

/// A request as a device makes it.
pub(crate) fn request(key: &KeyPair) -> String {
    CertificateParams::default().serialize_request(key).unwrap().pem().unwrap()
}

async fn ask(world: &World, device: &str, csr: &str) -> Read {
    world.send(Method::POST, "/api/identities", &json!({ "device": device, "csr": csr })).await
}

/// Publishes with what the answer says and the key that was never sent.
async fn publish(client_id: &str, identity: &Value, key: &KeyPair) -> Result<(), ConnectionError> {
    let certificate =
        |name: &str| CertificateDer::from_pem_slice(identity[name].as_str().unwrap().as_bytes()).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate("ca")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let config = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(vec![certificate("certificate")], key)
        .unwrap();
    let (host, port) =
        identity["mqtts"].as_str().unwrap().strip_prefix("mqtts://").unwrap().split_once(':').unwrap();
    let mut options = MqttOptions::new(client_id, host, port.parse().unwrap());
    options.set_transport(Transport::tls_with_config(TlsConfiguration::Rustls(Arc::new(config))));
    let (client, mut events) = AsyncClient::new(options, 10);
    let payload = json!({ "device_id": client_id, "status": "ACTIVE" }).to_string();
    client.publish(TOPIC, QoS::AtLeastOnce, false, payload).await.unwrap();
    let acknowledged = async {
        loop {
            if let Event::Incoming(Packet::PubAck(_)) = events.poll().await? {
                return Ok(());
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), acknowledged).await.unwrap()
}

#[tokio::test]
async fn a_device_that_keeps_its_key_publishes_with_its_certificate() {
    let world = World::start().await;
    listen(&world).await;
    let mut feed = world.system.feed.listen();
    let key = KeyPair::generate().unwrap();
    let answer = ask(&world, "home-heating", &request(&key)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let identity = answer.json();
    assert_eq!(identity["device"], "home-heating");
    assert!(!answer.text.contains("PRIVATE KEY"));
    let told = async {
        loop {
            if let Happening::Note(note) = feed.recv().await.unwrap() {
                return note;
            }
        }
    };
    let note = tokio::time::timeout(Duration::from_secs(10), told).await.unwrap();
    assert!(note.starts_with("home-heating has a new certificate"), "{note}");

    publish("home-heating", &identity, &key).await.unwrap();
    let events = world.json(&format!("/api/events?topic={TOPIC}")).await;
    let event = &events["events"][0];
    assert_eq!((&event["device"], &event["source"]), (&json!("home-heating"), &json!("mqtt")), "{event}");
    let event = world.json(&format!("/api/events/{}", event["id"])).await;
    assert_eq!(event["certificate-id"], identity["certificate-id"], "{event}");
    publish("another-device", &identity, &key).await.unwrap_err();
    assert_eq!(world.json("/api/events?device=another-device").await["events"], json!([]));
    world.stop().await;
}

#[tokio::test]
async fn what_is_no_request_or_no_name_is_told_why() {
    let world = World::start().await;
    listen(&world).await;
    let key = KeyPair::generate().unwrap();
    let good = request(&key);
    let forged = {
        let request = CertificateParams::default().serialize_request(&key).unwrap();
        let mut der = request.der().to_vec();
        *der.last_mut().unwrap() ^= 1;
        pem("CERTIFICATE REQUEST", &der)
    };
    let other_kind = request(&KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap());
    for (device, csr, part) in [
        ("home/heating", &*good, "`home/heating` can't be a device's name"),
        ("", &good, "1 to 128 letters"),
        (&"x".repeat(129), &good, "1 to 128 letters"),
        ("home-heating", "heating", "no PEM that begins with `-----BEGIN CERTIFICATE REQUEST-----`"),
        ("home-heating", &key.serialize_pem(), "private key, which stays on the device"),
        ("home-heating", &pem("CERTIFICATE REQUEST", b"heating"), "can't be read"),
        ("home-heating", &forged, "signature was not made with the key in it"),
        ("home-heating", &other_kind, "neither ECDSA P-256 or P-384 nor RSA"),
    ] {
        let refused = ask(&world, device, csr).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        let problem = refused.problem();
        assert!(problem.contains(part), "{problem}");
        assert!(!problem.contains("MI"), "nothing of what was sent is in it: {problem}");
    }
    let index = world.system.data().identities().join("index.txt");
    assert!(!index.exists(), "nothing was issued");
    world.stop().await;
}

#[tokio::test]
async fn it_takes_what_is_described_and_no_more() {
    let world = World::start().await;
    listen(&world).await;
    let csr = request(&KeyPair::generate().unwrap());
    for body in [
        json!({ "device": "home-heating" }),
        json!({ "csr": csr }),
        json!({ "device": "home-heating", "csr": csr, "key": "x" }),
    ] {
        let refused = world.send(Method::POST, "/api/identities", &body).await;
        assert_eq!(refused.status, 422, "{body}");
        assert!(refused.problem().contains("openapi"));
    }
    let large = csr + &"\n".repeat(300 * 1024);
    assert_eq!(ask(&world, "home-heating", &large).await.status, 413);
    world.stop().await;
}

#[tokio::test]
async fn who_takes_messages_from_another_broker_issues_nothing() {
    let world = World::start().await;
    // Nobody is there, which is no error.
    let outside = Outside { url: "mqtt://127.0.0.1:1".to_owned(), ca_file: None };
    world.system.listen_outside(outside).unwrap();
    let refused = ask(&world, "home-heating", &request(&KeyPair::generate().unwrap())).await;
    assert_eq!(refused.status, 404);
    assert!(refused.problem().contains("--broker"), "{}", refused.text);
    assert!(!world.system.data().identities().exists());
    world.stop().await;
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}
