//! One caught request from the socket to the answer.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use tokio::sync::watch;
use url::Url;

use super::connection::Breaker;
use super::{Faults, ORIGINAL_URL, Selector};
use crate::fakes::{self, Answer, CaughtRequest, Fake};
use crate::fault::{EffectKind, rate_limited};
use crate::inbox::Inbox;

/// The largest body of a request: twice what the sandbox lets a plugin send.
const MAX_BODY: usize = 2 * 1024 * 1024;

/// What all requests share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) address: SocketAddr,
    pub(super) fakes: Vec<(Selector, Arc<dyn Fake>)>,
    pub(super) inbox: Arc<Inbox>,
    pub(super) faults: Faults,
    pub(super) stopped: watch::Receiver<bool>,
}

/// What happens to a request in the end.
enum Reaction {
    Answer(Answer),
    Lost(Answer),
    Reset,
    Hang,
}

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new().fallback(catch).layer(DefaultBodyLimit::max(MAX_BODY)).with_state(shared)
}

/// Returns when the catcher stops or is dropped.
pub(super) async fn until_stopped(mut stopped: watch::Receiver<bool>) {
    stopped.wait_for(|stopped| *stopped).await.ok();
}

async fn catch(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(breaker): ConnectInfo<Breaker>,
    parts: Parts,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let request = match caught(&shared, &parts, body) {
        Ok(request) => request,
        Err(refusal) => return refusal.into_response(),
    };
    // A provider goes on with a request when the client has lost patience, so this must not end with the connection.
    let work = tokio::spawn(Arc::clone(&shared).handle(request));
    match work.await {
        Ok(Reaction::Answer(answer)) => respond(answer),
        Ok(Reaction::Hang) => {
            until_stopped(shared.stopped.clone()).await;
            broken(&breaker)
        }
        // An error means that the fake broke, which has been reported by the panic itself.
        Ok(Reaction::Reset | Reaction::Lost(_)) | Err(_) => broken(&breaker),
    }
}

impl Shared {
    /// What the provider does, whether somebody waits for it or not.
    async fn handle(self: Arc<Self>, request: CaughtRequest) -> Reaction {
        let (reaction, fault) = self.react(&request).await;
        let answer = match &reaction {
            Reaction::Answer(answer) | Reaction::Lost(answer) => Some(answer.clone()),
            Reaction::Reset | Reaction::Hang => None,
        };
        self.inbox.record(jiff::Timestamp::now(), request, answer, fault);
        reaction
    }

    async fn react(&self, request: &CaughtRequest) -> (Reaction, Option<String>) {
        let now = tokio::time::Instant::now().into_std();
        let Some((effect, fault)) = self.faults.strike(request, now) else {
            return (self.undisturbed(request), None);
        };
        tokio::select! {
            () = tokio::time::sleep(effect.latency) => {}
            () = until_stopped(self.stopped.clone()) => return (Reaction::Reset, Some(fault)),
        }
        let reaction = match effect.kind {
            EffectKind::Pass => Reaction::Answer(self.answer(request)),
            EffectKind::RateLimited(wait) => {
                Reaction::Answer(rate_limited(request, wait, jiff::Timestamp::now()))
            }
            EffectKind::Status(fixed) => Reaction::Answer(Answer {
                status: fixed.status,
                headers: fixed.headers,
                body: fixed.body.unwrap_or_else(|| in_words(fixed.status)).into_bytes(),
                shown: None,
            }),
            EffectKind::Garbage(bytes) => Reaction::Answer(garbage(bytes)),
            EffectKind::Lost => Reaction::Lost(self.answer(request)),
            EffectKind::Reset => Reaction::Reset,
            EffectKind::Hang => Reaction::Hang,
        };
        (reaction, Some(fault))
    }

    /// What the provider does by itself.
    fn undisturbed(&self, request: &CaughtRequest) -> Reaction {
        let fake = self.fakes.iter().find(|(selector, _)| selector.matches(request));
        match fake.map(|(_, fake)| fake.react(request)) {
            Some(fakes::Reaction::Reset) => Reaction::Reset,
            Some(fakes::Reaction::Hang) => Reaction::Hang,
            Some(fakes::Reaction::Answer(answer)) => Reaction::Answer(answer),
            None => Reaction::Answer(self.answer(request)),
        }
    }

    /// What the provider would say.
    fn answer(&self, request: &CaughtRequest) -> Answer {
        match self.fakes.iter().find(|(selector, _)| selector.matches(request)) {
            Some((_, fake)) => fake.answer(request),
            None => Answer {
                status: 501,
                headers: Vec::new(),
                body: b"no fake plays this provider; add one to the catcher".to_vec(),
                shown: None,
            },
        }
    }
}

/// The request as the plugin made it, or why it can not be one.
fn caught(
    shared: &Shared,
    parts: &Parts,
    body: Result<Bytes, BytesRejection>,
) -> Result<CaughtRequest, (StatusCode, String)> {
    // The sandbox asks for the address. A page in a browser could come by a name of its own (DNS rebinding).
    let own = shared.address.to_string();
    if parts.headers.get(header::HOST).is_none_or(|host| host.as_bytes() != own.as_bytes()) {
        return Err((StatusCode::MISDIRECTED_REQUEST, format!("this server answers to the host {own} only")));
    }
    let url = original_url(&parts.headers).map_err(|text| (StatusCode::BAD_REQUEST, text))?;
    let body = body.map_err(|rejection| {
        (rejection.status(), format!("{}; at most {MAX_BODY} bytes", rejection.body_text()))
    })?;
    let headers = parts.headers.iter().filter(|(name, _)| *name != ORIGINAL_URL && *name != header::HOST);
    let headers = headers.map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let host = ("host".to_owned(), url[url::Position::BeforeHost..url::Position::AfterPort].to_owned());
    Ok(CaughtRequest {
        method: parts.method.as_str().to_owned(),
        headers: std::iter::once(host).chain(headers).collect(),
        body: body.to_vec(),
        url,
    })
}

fn original_url(headers: &HeaderMap) -> Result<Url, String> {
    let value = headers.get(ORIGINAL_URL).ok_or_else(|| {
        format!("the header {ORIGINAL_URL} is missing: this server takes requests that the sandbox redirects")
    })?;
    let text = String::from_utf8_lossy(value.as_bytes());
    let url = Url::parse(&text).map_err(|error| format!("{ORIGINAL_URL} is not a URL: {error}"))?;
    if matches!(url.scheme(), "http" | "https") {
        Ok(url)
    } else {
        Err(format!("{ORIGINAL_URL} is not an http URL"))
    }
}

fn garbage(body: Vec<u8>) -> Answer {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Answer { status: 200, headers, body, shown: None }
}

fn in_words(status: u16) -> String {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    status.canonical_reason().unwrap_or("unknown status").to_owned()
}

/// `answer` on the wire. A header that HTTP does not allow is left out.
fn respond(answer: Answer) -> Response {
    let mut response = answer.body.into_response();
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().clear();
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// An answer that never leaves: writing it ends the connection.
fn broken(breaker: &Breaker) -> Response {
    breaker.trip();
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}
