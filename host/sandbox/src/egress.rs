//! The one way out for plugins.
//!
//! Order matters: the request is judged (`authorize`), then secrets are put in, then it leaves by a client that
//! follows no redirect, knows no proxy and connects only to judged addresses; the answer is read within a cap and
//! scrubbed before the plugin sees it.

use std::sync::Arc;
use std::time::Duration;

use campanile_core::description::SecretPlace;
use campanile_core::grant::Origin;
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::attempt::Channel;
use crate::bindings::campanile::channel::http::{Request, Response};
use crate::limits;
use crate::secrets::reference::References;
use crate::secrets::signature;
use crate::secrets::substitute::{BodyEncoding, Substitution};

pub mod address;
pub(crate) mod authorize;
mod client;
pub mod denial;
pub(crate) mod failure;
pub(crate) mod outlet;
mod resolver;
pub(crate) mod traffic;

use authorize::{Authorized, authorize};
use denial::Denial;
use failure::SendFailure;
use traffic::Traffic;

/// Carries the URL that a caught request was meant for.
pub const ORIGINAL_URL: &str = "campanile-original-url";

/// Carries the name of the channel that a caught request belongs to.
pub const CHANNEL: &str = "campanile-channel";

/// Carries the id of the delivery that a caught request belongs to.
pub const DELIVERY: &str = "campanile-delivery";

/// Carries the number of the attempt that a caught request belongs to.
pub const ATTEMPT: &str = "campanile-attempt";

/// Why egress can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum EgressError {
    /// The TLS or HTTP library refuses its configuration.
    #[error("the HTTP client can't be set up: {0}")]
    Client(String),
    /// The address to send caught requests to is not usable.
    #[error(
        "CAMPANILE_CATCH is `{0}`, which is not an http URL without path, for example `http://127.0.0.1:7701`"
    )]
    Catch(String),
}

/// The HTTP clients of the process, shared by all plugins so that connections are reused.
#[derive(Clone, Debug)]
pub struct Egress {
    clients: Arc<client::Clients>,
    catch: Option<Url>,
}

/// Whose request it is.
pub(crate) struct Sender {
    pub(crate) channel: Arc<Channel>,
    /// The delivery's id.
    pub(crate) delivery: String,
    /// The number of the attempt.
    pub(crate) attempt: u32,
}

impl Egress {
    /// Requests go where they are meant to go.
    ///
    /// # Errors
    /// [`EgressError::Client`].
    pub fn live() -> Result<Self, EgressError> {
        Ok(Self { clients: Arc::new(client::Clients::new()?), catch: None })
    }

    /// After all checks, every request goes to `catch` instead, with its path and query, but for those of channels that are
    /// [live](Channel::live). Headers tell whose it is and where it was going: [`ORIGINAL_URL`], [`CHANNEL`], [`DELIVERY`] and
    /// [`ATTEMPT`], which no plugin can set.
    ///
    /// # Errors
    /// [`EgressError`].
    pub fn caught(catch: &str) -> Result<Self, EgressError> {
        let url = Url::parse(catch).ok().filter(|url| url.scheme() == "http" && url.path() == "/");
        let url = url.ok_or_else(|| EgressError::Catch(catch.to_owned()))?;
        Ok(Self { catch: Some(url), ..Self::live()? })
    }

    /// Whether requests are caught.
    #[must_use]
    pub fn is_caught(&self) -> bool {
        self.catch.is_some()
    }

    /// Judges `request` and puts secrets in: what comes back must not be shown to anybody.
    pub(crate) fn prepare(
        &self,
        sender: &Sender,
        references: &mut References,
        request: Request,
    ) -> Result<Prepared, SendFailure> {
        let channel = &*sender.channel;
        let authorized = authorize(&request, &channel.allow)?;
        let (private, origin) = (authorized.private, authorized.origin.clone());
        let (outgoing, secret) = complete(channel, references, authorized, request.body)?;
        let catch = self.catch.as_ref().filter(|_| !channel.is_live);
        let outgoing = match catch {
            Some(catch) => redirected(outgoing, catch, sender)?,
            None => outgoing,
        };
        Ok(Prepared { outgoing, origin, private, caught: catch.is_some(), secret })
    }

    /// Sends what was prepared for `channel`, and reads the answer. `traffic` has counted it as started.
    pub(crate) async fn exchange(
        &self,
        channel: &Channel,
        prepared: Prepared,
        timeout: Duration,
        traffic: &Traffic,
    ) -> Result<Response, SendFailure> {
        let client = self.clients.choose(prepared.caught, prepared.private);
        let exchange = client::exchange(client, prepared.outgoing, &prepared.origin);
        let answer = tokio::time::timeout(timeout, exchange).await.unwrap_or(Err(SendFailure::Timeout));
        let answer = answer.and_then(|response| scrubbed(channel, response, prepared.secret));
        traffic.ended(answer.as_ref().map_or_else(SendFailure::request_sent, |_| true), answer.is_ok());
        if let Ok(response) = &answer {
            traffic.answered(response.status);
        }
        answer
    }
}

/// A request with its secrets in it, and where it may go.
pub(crate) struct Prepared {
    outgoing: reqwest::Request,
    origin: Origin,
    private: bool,
    caught: bool,
    /// A secret is in it.
    secret: bool,
}

/// Puts secrets in and signs: from here on the request must not be shown to anybody. Says whether a secret is in it.
fn complete(
    channel: &Channel,
    references: &mut References,
    authorized: Authorized,
    body: Vec<u8>,
) -> Result<(reqwest::Request, bool), SendFailure> {
    let Authorized { method, url, mut headers, origin, .. } = authorized;
    let bound = channel.hosts.contains(&origin);
    let mut substitution = Substitution::new(&channel.secrets, references, bound);
    let url = complete_url(&url, &mut substitution)?;
    let encoding =
        headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(BodyEncoding::of);
    let body = substitution.body(body, encoding.unwrap_or(BodyEncoding::Raw))?;
    sign(&mut headers, &body, &mut substitution)?;
    complete_headers(&mut headers, &mut substitution)?;
    let secret = substitution.finish();
    if secret {
        searchable(&mut headers)?;
    }
    if !headers.contains_key(http::header::USER_AGENT) {
        headers.insert(http::header::USER_AGENT, HeaderValue::from_static(client::USER_AGENT));
    }
    let mut outgoing = reqwest::Request::new(method, url);
    *outgoing.headers_mut() = headers;
    *outgoing.body_mut() = Some(body.into());
    Ok((outgoing, secret))
}

/// Asks for the whole answer, as it is: secrets are looked for in it.
fn searchable(headers: &mut HeaderMap) -> Result<(), SendFailure> {
    if headers.contains_key(http::header::RANGE) {
        return Err(Denial::Range.into());
    }
    headers.insert(http::header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    Ok(())
}

fn complete_url(url: &Url, substitution: &mut Substitution<'_>) -> Result<Url, SendFailure> {
    let path = substitution.text(url.path(), SecretPlace::Path)?;
    let query = url.query().map(|query| substitution.text(query, SecretPlace::Query)).transpose()?;
    let mut complete = url.clone();
    complete.set_path(&path);
    complete.set_query(query.as_deref());
    Ok(complete)
}

fn complete_headers(headers: &mut HeaderMap, substitution: &mut Substitution<'_>) -> Result<(), SendFailure> {
    for value in headers.values_mut() {
        let Ok(text) = value.to_str() else { continue };
        let replaced = substitution.text(text, SecretPlace::Header)?;
        if replaced != text {
            *value = HeaderValue::from_str(&replaced).map_err(|_| Denial::Secret {
                name: "in a header".into(),
                reason: "its value has characters that no header can carry".into(),
            })?;
            value.set_sensitive(true);
        }
    }
    Ok(())
}

/// Replaces a placeholder in `webhook-signature` by the signature of the request as it leaves.
fn sign(
    headers: &mut HeaderMap,
    body: &[u8],
    substitution: &mut Substitution<'_>,
) -> Result<(), SendFailure> {
    const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
    let Some(placeholder) = headers.get(&SIGNATURE).and_then(|value| value.to_str().ok()) else {
        return Ok(());
    };
    let Some(secret) = substitution.whole(placeholder, SecretPlace::StandardWebhooks)? else { return Ok(()) };
    let failed = |error: signature::SignatureError| Denial::Secret {
        name: "of the signature".into(),
        reason: error.to_string(),
    };
    let id = headers.get("webhook-id").and_then(|value| value.to_str().ok());
    let id = id.ok_or_else(|| failed(signature::SignatureError::NoId))?;
    let timestamp = jiff::Timestamp::now().as_second();
    let signed = signature::standard_webhooks(secret, id, timestamp, body).map_err(failed)?;
    let signed = HeaderValue::from_str(&signed).map_err(|error| SendFailure::Invalid(error.to_string()))?;
    headers.insert(SIGNATURE, signed);
    headers.insert(HeaderName::from_static("webhook-timestamp"), HeaderValue::from(timestamp));
    Ok(())
}

/// The same request, addressed to the catcher.
fn redirected(
    mut request: reqwest::Request,
    catch: &Url,
    sender: &Sender,
) -> Result<reqwest::Request, SendFailure> {
    let original = request.url().as_str().to_owned();
    let mut url = catch.clone();
    url.set_path(request.url().path());
    url.set_query(request.url().query());
    *request.url_mut() = url;
    let attempt = sender.attempt.to_string();
    for (name, text) in [
        (ORIGINAL_URL, &original),
        (CHANNEL, &sender.channel.name),
        (DELIVERY, &sender.delivery),
        (ATTEMPT, &attempt),
    ] {
        let value = HeaderValue::from_bytes(text.as_bytes());
        let value = value.map_err(|error| SendFailure::Invalid(error.to_string()))?;
        request.headers_mut().insert(HeaderName::from_static(name), value);
    }
    Ok(request)
}

/// The answer without secrets. One that can't be searched although a secret was in the request is withheld.
fn scrubbed(channel: &Channel, mut response: Response, secret: bool) -> Result<Response, SendFailure> {
    let encoded = |(name, value): &(String, String)| {
        name == "content-encoding" && !value.trim().eq_ignore_ascii_case("identity")
    };
    if secret && response.headers.iter().any(encoded) {
        let reason =
            "the answer is compressed, which the host did not ask for: it can't be searched for secrets";
        return Err(SendFailure::Broken(reason.into()));
    }
    let scrubber = channel.scrubber();
    response.body = scrubber.bytes(response.body);
    for (_, value) in &mut response.headers {
        *value = scrubber.text(std::mem::take(value));
    }
    // A mask may be longer than what it stands for.
    if response.body.len() > limits::RESPONSE_BODY {
        return Err(SendFailure::AnswerTooLarge);
    }
    Ok(response)
}
