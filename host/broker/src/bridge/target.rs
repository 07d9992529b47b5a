//! The other broker's address, and the options for its client. No message has the URL in it: passwords stand there.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use rumqttc::{MqttOptions, TlsConfiguration, Transport};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use url::Url;

use super::BridgeConfig;
use crate::topic::Filter;

/// As most clients have it.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// The largest packet that is read; other brokers have no limit. What is larger than AWS IoT would take is left out.
const MAX_PACKET: usize = 16 * 1024 * 1024;

/// Why there is no connection to another broker.
#[derive(Debug, thiserror::Error)]
pub enum BridgeError {
    /// The URL of the broker can't be right.
    #[error("the broker's URL is not mqtt://HOST:PORT or mqtts://HOST:PORT: {0}")]
    Url(String),
    /// A filter can't be subscribed to.
    #[error("the filter `{filter}` {why}")]
    Filter {
        /// The filter.
        filter: String,
        /// What is wrong with it.
        why: String,
    },
    /// The certificates can't be read.
    #[error("can't read certificates from {path}: {why}")]
    CaFile {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
}

pub(super) fn filters(config: &BridgeConfig) -> Result<Vec<Filter>, BridgeError> {
    let parse = |filter: &String| {
        Filter::parse(filter)
            .map_err(|error| BridgeError::Filter { filter: filter.clone(), why: error.to_string() })
    };
    config.filters.iter().map(parse).collect()
}

pub(super) fn options(config: &BridgeConfig) -> Result<MqttOptions, BridgeError> {
    let url = Url::parse(&config.url).map_err(|error| BridgeError::Url(error.to_string()))?;
    let (port, transport) = match url.scheme() {
        "mqtt" => (1883, Transport::tcp()),
        "mqtts" => (8883, tls(config.ca_file.as_deref())?),
        scheme => return Err(BridgeError::Url(format!("it begins with {scheme}:"))),
    };
    let host = url.host_str().filter(|host| !host.is_empty());
    let host = host.ok_or_else(|| BridgeError::Url("it names no host".to_owned()))?;
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(BridgeError::Url("there is something after the port".to_owned()));
    }
    // A literal address of IPv6 has brackets in URLs only.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let mut options = MqttOptions::new(&config.client_id, host, url.port().unwrap_or(port));
    options
        .set_transport(transport)
        .set_keep_alive(KEEP_ALIVE)
        .set_clean_session(false)
        .set_manual_acks(true)
        .set_max_packet_size(MAX_PACKET, MAX_PACKET);
    if !url.username().is_empty() {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        options.set_credentials(decoded(url.username()), decoded(url.password().unwrap_or_default()));
    }
    Ok(options)
}

fn tls(ca_file: Option<&Path>) -> Result<Transport, BridgeError> {
    let mut roots = rustls::RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(path) = ca_file {
        let failed = |error: &dyn std::fmt::Display| BridgeError::CaFile {
            path: path.to_owned(),
            why: error.to_string(),
        };
        for certificate in CertificateDer::pem_file_iter(path).map_err(|error| failed(&error))? {
            let certificate = certificate.map_err(|error| failed(&error))?;
            roots.add(certificate).map_err(|error| failed(&error))?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| BridgeError::Url(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Transport::tls_with_config(TlsConfiguration::Rustls(Arc::new(config))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<MqttOptions, BridgeError> {
        let (url, client_id) = (url.to_owned(), "campanile".to_owned());
        options(&BridgeConfig {
            url,
            client_id,
            filters: Vec::new(),
            device_in_topic: false,
            ca_file: None,
            notes: None,
        })
    }

    #[test]
    fn addresses_have_their_defaults_and_passwords_are_decoded() {
        for (url, host, port) in [
            ("mqtt://localhost", "localhost", 1883),
            ("mqtt://127.0.0.1:1884/", "127.0.0.1", 1884),
            ("mqtts://broker.example", "broker.example", 8883),
            ("mqtt://[::1]:1", "::1", 1),
        ] {
            assert_eq!(read(url).unwrap().broker_address(), (host.to_owned(), port), "{url}");
        }
        let login = read("mqtt://me:p%40ss@localhost").unwrap().credentials().unwrap();
        assert_eq!((login.username.as_str(), login.password.as_str()), ("me", "p@ss"));
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_password() {
        for url in
            ["localhost", "http://me:secret@x", "mqtt://", "mqtt://me:secret@x/topic", "mqtt://x:99999", ""]
        {
            let error = read(url).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
