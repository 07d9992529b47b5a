//! The HTTP clients and one exchange with them. Knows nothing of plugins, grants or secrets.

use std::error::Error as _;
use std::sync::Arc;

use campanile_core::grant::Origin;

use super::EgressError;
use super::authorize::judge;
use super::failure::SendFailure;
use super::resolver::{CheckedResolver, RefusedAddress};
use crate::bindings::campanile::channel::http::Response;
use crate::limits;

/// Sent unless the plugin chose its own: Discord blocks requests without one.
pub(super) const USER_AGENT: &str =
    concat!("Campanile (https://github.com/campanile-iot/campanile, ", env!("CARGO_PKG_VERSION"), ")");

/// One client per kind of address: a resolver belongs to its client.
#[derive(Debug)]
pub(super) struct Clients {
    public: reqwest::Client,
    private: reqwest::Client,
    catch: reqwest::Client,
}

impl Clients {
    pub(super) fn new() -> Result<Self, EgressError> {
        let tls = tls()?;
        let build = |builder: reqwest::ClientBuilder| {
            builder.build().map_err(|error| EgressError::Client(error.without_url().to_string()))
        };
        let checked = |private| builder(&tls).dns_resolver(Arc::new(CheckedResolver { private }));
        Ok(Self {
            public: build(checked(false))?,
            private: build(checked(true))?,
            catch: build(builder(&tls))?,
        })
    }

    pub(super) fn choose(&self, caught: bool, private: bool) -> &reqwest::Client {
        match (caught, private) {
            (true, _) => &self.catch,
            (false, true) => &self.private,
            (false, false) => &self.public,
        }
    }
}

fn builder(tls: &rustls::ClientConfig) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls.clone())
        // A redirect could lead anywhere and would carry the secrets along: it is an answer like any other.
        .redirect(reqwest::redirect::Policy::none())
        // HTTP_PROXY of the environment would see every request.
        .no_proxy()
        // A request that was written is never sent again by the library: that decision is the router's.
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(limits::CONNECT_TIMEOUT)
        .pool_idle_timeout(limits::IDLE_CONNECTION)
}

/// Mozilla's roots are compiled in: the same everywhere, and nothing to read at a cold start.
fn tls() -> Result<rustls::ClientConfig, EgressError> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| EgressError::Client(error.to_string()))?;
    Ok(versions.with_root_certificates(roots).with_no_client_auth())
}

/// Sends `request` and reads the whole answer. Time is the caller's: dropping the future gives up.
pub(super) async fn exchange(
    client: &reqwest::Client,
    request: reqwest::Request,
    origin: &Origin,
) -> Result<Response, SendFailure> {
    let mut answer = client.execute(request).await.map_err(|error| failure(error, origin))?;
    let status = answer.status().as_u16();
    let headers = headers(answer.headers())?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| broken(&error.without_url()))? {
        if body.len() + chunk.len() > limits::RESPONSE_BODY {
            return Err(SendFailure::AnswerTooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Response { status, headers, body })
}

fn headers(received: &http::HeaderMap) -> Result<Vec<(String, String)>, SendFailure> {
    let bytes: usize = received.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if bytes > limits::HEADER_BYTES {
        return Err(SendFailure::AnswerTooLarge);
    }
    let text = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    Ok(received.iter().map(text).collect())
}

/// The URL is taken out first: it holds secrets.
fn failure(error: reqwest::Error, origin: &Origin) -> SendFailure {
    let error = error.without_url();
    if let Some(refused) = refused_address(&error) {
        let denial = judge(refused, origin, false).err();
        return denial.map_or_else(|| SendFailure::NotConnected(error.to_string()), SendFailure::Denied);
    }
    if error.is_builder() {
        return SendFailure::Invalid(cause(&error));
    }
    if error.is_connect() {
        return SendFailure::NotConnected(format!("no connection to `{origin}`: {}", cause(&error)));
    }
    broken(&error)
}

fn broken(error: &reqwest::Error) -> SendFailure {
    SendFailure::Broken(format!("the connection broke: {}", cause(error)))
}

fn refused_address(error: &reqwest::Error) -> Option<std::net::IpAddr> {
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(refused) = inner.downcast_ref::<RefusedAddress>() {
            return Some(refused.0);
        }
        source = inner.source();
    }
    None
}

/// The innermost cause: what the operating system or the peer said.
fn cause(error: &reqwest::Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(inner) = innermost.source() {
        innermost = inner;
    }
    innermost.to_string()
}
