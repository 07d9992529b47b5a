//! The two services, and the client that both are sent to with.

use std::sync::Arc;
use std::time::Duration;

use lambda_runtime::Error;
use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use serde_json::{Value, json};

use crate::message::Transition;

/// For a request with its answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Discord blocks requests without one.
const NAME: &str =
    concat!("DiscordBot (https://github.com/campanile-iot/campanile, ", env!("CARGO_PKG_VERSION"), ")");

pub(crate) struct Sender {
    client: reqwest::Client,
    telegram: String,
    chat_id: String,
    discord: String,
}

impl Sender {
    /// Everything is set up here, in the init phase.
    pub(crate) fn from_environment() -> Result<Self, Error> {
        let api = std::env::var("TELEGRAM_API_URL").unwrap_or_else(|_| "https://api.telegram.org".to_owned());
        let token = std::env::var("TELEGRAM_BOT_TOKEN")?;
        Ok(Self {
            client: reqwest::Client::builder()
                .tls_backend_preconfigured(tls()?)
                .no_proxy()
                .timeout(TIMEOUT)
                .build()?,
            telegram: format!("{api}/bot{token}/sendMessage"),
            chat_id: std::env::var("TELEGRAM_CHAT_ID")?,
            discord: format!("{}?wait=true", std::env::var("DISCORD_WEBHOOK_URL")?),
        })
    }

    /// Both at once; if one of them fails, so does the invocation.
    pub(crate) async fn send(&self, transition: &Transition) -> Result<Value, Error> {
        let telegram = self.post(&self.telegram, transition.telegram(&self.chat_id));
        let discord = self.post(&self.discord, transition.discord());
        tokio::try_join!(telegram, discord)?;
        Ok(json!({ "result": "delivered" }))
    }

    /// The address has a secret in it, so errors are told without.
    async fn post(&self, url: &str, body: Value) -> Result<(), Error> {
        let request = self.client.post(url).header(USER_AGENT, NAME).header(CONTENT_TYPE, "application/json");
        let answer = request.body(body.to_string()).send().await.map_err(reqwest::Error::without_url)?;
        let answer = answer.error_for_status().map_err(reqwest::Error::without_url)?;
        answer.bytes().await.map_err(reqwest::Error::without_url)?;
        Ok(())
    }
}

/// As `bootstrap` does it: Mozilla's roots are compiled in, and ring is the provider.
fn tls() -> Result<rustls::ClientConfig, Error> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(versions.with_root_certificates(roots).with_no_client_auth())
}
