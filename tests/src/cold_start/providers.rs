//! The server that stands for Telegram and Discord: it notes when requests arrive, and answers as the services would.

mod watched;

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use campanile_local::fakes::discord::DiscordFake;
use campanile_local::fakes::telegram::TelegramFake;
use campanile_local::fakes::{Answer, CaughtRequest, Fake as _};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use watched::{Watch, WatchedListener};

/// A running server; it stops when it is dropped.
#[derive(Debug)]
pub(super) struct Providers {
    origin: String,
    services: Arc<Services>,
    server: JoinHandle<io::Result<()>>,
}

#[derive(Debug)]
struct Services {
    telegram: TelegramFake,
    discord: DiscordFake,
    arrivals: Mutex<Vec<Arrival>>,
}

/// A request that was accepted, or refused.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    pub(super) first_byte: Instant,
    /// When its last byte was there.
    pub(super) complete: Instant,
    /// With the body, if it was refused.
    pub(super) answer: Result<(), String>,
}

impl Providers {
    /// Serves on a free port of the loopback interface.
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let services = Arc::new(Services {
            telegram: TelegramFake::new(Timestamp::now),
            discord: DiscordFake::new(Timestamp::now),
            arrivals: Mutex::default(),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&services));
        let service = router.into_make_service_with_connect_info::<Watch>();
        let server = tokio::spawn(axum::serve(WatchedListener(listener), service).into_future());
        Self { origin, services, server }
    }

    /// For example `http://127.0.0.1:40123`.
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// What has arrived since this was called last.
    pub(super) fn take(&self) -> Vec<Arrival> {
        std::mem::take(&mut self.services.arrivals.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Providers {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(
    State(services): State<Arc<Services>>,
    ConnectInfo(watch): ConnectInfo<Watch>,
    parts: Parts,
    body: Bytes,
) -> Response {
    let complete = Instant::now();
    let first_byte = watch.take().unwrap_or(complete);
    let is_telegram = parts.uri.path().starts_with("/bot");
    let origin = if is_telegram { "https://api.telegram.org" } else { "https://discord.com" };
    let text = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let request = CaughtRequest {
        method: parts.method.to_string(),
        url: format!("{origin}{}", parts.uri).parse().unwrap(),
        headers: parts.headers.iter().map(text).collect(),
        body: body.to_vec(),
    };
    let answer =
        if is_telegram { services.telegram.answer(&request) } else { services.discord.answer(&request) };
    let accepted = if answer.status < 300 {
        Ok(())
    } else {
        Err(format!("{} {}: {}", parts.uri, answer.status, String::from_utf8_lossy(&answer.body)))
    };
    let arrival = Arrival { first_byte, complete, answer: accepted };
    services.arrivals.lock().unwrap_or_else(PoisonError::into_inner).push(arrival);
    response(answer)
}

fn response(answer: Answer) -> Response {
    let mut headers = HeaderMap::new();
    for (name, value) in answer.headers {
        headers.append(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
    }
    (StatusCode::from_u16(answer.status).unwrap(), headers, answer.body).into_response()
}
