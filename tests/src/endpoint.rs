//! A server on this machine that stands for a provider when nothing is caught.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use campanile_local::fakes::{Answer, CaughtRequest};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Says what a request is answered.
pub type Behaviour = fn(&CaughtRequest) -> Answer;

/// A running server; it stops when it is dropped.
#[derive(Debug)]
pub struct Endpoint {
    origin: String,
    state: Arc<Received>,
    server: JoinHandle<std::io::Result<()>>,
}

#[derive(Debug)]
struct Received {
    origin: String,
    behaviour: Behaviour,
    requests: Mutex<Vec<CaughtRequest>>,
}

impl Endpoint {
    /// Serves on a free port of the loopback interface.
    pub async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Received { origin: origin.clone(), behaviour, requests: Mutex::default() });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&state));
        let server = tokio::spawn(axum::serve(listener, router).into_future());
        Self { origin, state, server }
    }

    /// For example `http://127.0.0.1:40123`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// What was received, oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<CaughtRequest> {
        self.state.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(state): State<Arc<Received>>, parts: Parts, body: Bytes) -> Response {
    let text = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let request = CaughtRequest {
        method: parts.method.to_string(),
        url: format!("{}{}", state.origin, parts.uri).parse().unwrap(),
        headers: parts.headers.iter().map(text).collect(),
        body: body.to_vec(),
    };
    let answer = (state.behaviour)(&request);
    state.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    let mut headers = HeaderMap::new();
    for (name, value) in answer.headers {
        headers.append(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
    }
    headers.entry(header::CONTENT_TYPE).or_insert(HeaderValue::from_static("text/plain"));
    (StatusCode::from_u16(answer.status).unwrap(), headers, answer.body).into_response()
}
