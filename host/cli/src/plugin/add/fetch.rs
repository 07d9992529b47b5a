//! Components over https.

use std::sync::Arc;
use std::time::Duration;

use campanile_sandbox::limits::COMPONENT_BYTES;
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, ClientBuilder, Response, StatusCode};
use rustls::RootCertStore;
use url::Url;

use super::source::public;
use crate::output::Step;
use crate::plugin::signature;
use crate::plugin::trust::TrustError;

const USER_AGENT: &str =
    concat!("Campanile (https://github.com/campanile-iot/campanile, ", env!("CARGO_PKG_VERSION"), ")");

/// Downloads lead from a project's page to a storage service and no further.
const REDIRECTS: usize = 5;

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);

/// Without a byte for so long, nothing more will come.
const SILENCE: Duration = Duration::from_secs(30);

const MB: f64 = 1_000_000.0;

/// Fetches files. It sends nothing that it was not given: no cookies, no credentials, no referrer.
#[derive(Debug)]
pub(super) struct Fetcher {
    client: Client,
}

impl Fetcher {
    /// Trusts Mozilla's roots, as plugins do.
    pub(super) fn new() -> Result<Self, TrustError> {
        Self::build(Client::builder(), RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
    }

    fn build(builder: ClientBuilder, roots: RootCertStore) -> Result<Self, TrustError> {
        let failed = |reason: String| TrustError::Fetch { url: "https:".into(), reason };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| failed(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let client = builder
            .tls_backend_preconfigured(tls)
            .https_only(true)
            .redirect(Policy::custom(redirected))
            .referer(false)
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .build()
            .map_err(|error| failed(cause(error)))?;
        Ok(Self { client })
    }

    /// The component at `url`, which may have as many bytes as one may.
    pub(super) async fn component(&self, url: &Url) -> Result<Vec<u8>, TrustError> {
        let answer = self.ask(url).await?;
        if !answer.status().is_success() {
            return Err(failed(url, format!("the server answered {}", answer.status())));
        }
        let step = Step::begin("fetching the component");
        step.watch(body(answer, url, COMPONENT_BYTES, &step)).await
    }

    /// The signature beside it; none if the server has no such file.
    pub(super) async fn signature(&self, url: &Url) -> Result<Option<String>, TrustError> {
        let mut url = url.clone();
        url.set_path(&format!("{}.minisig", url.path()));
        let answer = self.ask(&url).await?;
        match answer.status() {
            status if status.is_success() => {
                let step = Step::begin("fetching the signature");
                let bytes = body(answer, &url, signature::BYTES, &step).await?;
                Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
            }
            // Storage services say 403 of what is not there.
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::FORBIDDEN => Ok(None),
            status => Err(failed(&url, format!("the server answered {status}"))),
        }
    }

    async fn ask(&self, url: &Url) -> Result<Response, TrustError> {
        self.client.get(url.clone()).send().await.map_err(|error| failed(url, cause(error)))
    }
}

/// From https to nothing else, and not for ever.
fn redirected(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    if attempt.url().scheme() != "https" {
        return attempt.error("it leads to something else than https");
    }
    if attempt.previous().len() > REDIRECTS {
        return attempt.error("it leads on and on");
    }
    attempt.follow()
}

async fn body(mut answer: Response, url: &Url, most: u64, step: &Step) -> Result<Vec<u8>, TrustError> {
    let too_large = || TrustError::TooLarge(public(url));
    let length = answer.content_length();
    if length.is_some_and(|length| length > most) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| failed(url, cause(error)))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > most {
            return Err(too_large());
        }
        step.at(&progress(bytes.len() as u64, length));
    }
    Ok(bytes)
}

/// `3.1 of 12.0 MB`.
#[expect(clippy::cast_precision_loss, reason = "a component has far fewer than 2^52 bytes")]
fn progress(done: u64, length: Option<u64>) -> String {
    let done = done as f64 / MB;
    length.map_or_else(
        || format!("{done:.1} MB"),
        |length| format!("{done:.1} of {:.1} MB", length as f64 / MB),
    )
}

fn failed(url: &Url, reason: String) -> TrustError {
    TrustError::Fetch { url: public(url), reason }
}

/// The innermost cause, without the URL: what the operating system, the peer or our own rule said.
fn cause(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut innermost: &dyn std::error::Error = &error;
    while let Some(inner) = innermost.source() {
        innermost = inner;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests;
