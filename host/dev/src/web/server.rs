//! Connections: how many there are, how long they may take, and how they end.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use super::guard::guard;
use super::site::Site;
use super::{api, assets, page};

/// Connections at once: a browser has six for each window.
const CONNECTIONS: usize = 256;

/// The time for the head of a request, also for the next one on a connection.
const HEAD: Duration = Duration::from_secs(30);

/// The largest body: a message in base64, which is at most 128 KiB, and what is around it.
const MAX_BODY: usize = 256 * 1024;

/// The time that answers get when the server stops.
const GRACE: Duration = Duration::from_secs(3);

pub(super) fn router(site: Arc<Site>) -> Router {
    Router::new()
        .merge(api::router())
        .merge(assets::router())
        .merge(page::router())
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(Arc::clone(&site), guard))
        .with_state(site)
}

/// Answers until it is told to stop.
pub(super) async fn serve(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let open = GracefulShutdown::new();
    let mut stopping = pin!(async move {
        stopped.wait_for(|stopped| *stopped).await.ok();
    });
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            Some((place, listener.accept().await))
        };
        let (place, stream) = tokio::select! {
            () = &mut stopping => break,
            next = next => match next {
                Some((place, Ok((stream, _)))) => (place, stream),
                Some((_, Err(error))) => {
                    // Out of files, most likely: they come back when connections end.
                    tracing::debug!(%error, "a connection to the page was not accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
                None => break,
            },
        };
        let mut server = http1::Builder::new();
        server.timer(TokioTimer::new()).header_read_timeout(HEAD);
        let connection =
            server.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
        let connection = open.watch(connection);
        tokio::spawn(until_closed(connection, place));
    }
    drop(listener);
    tokio::time::timeout(GRACE, open.shutdown()).await.ok();
}

async fn until_closed<E: std::fmt::Display>(
    connection: impl Future<Output = Result<(), E>>,
    place: impl Send,
) {
    if let Err(error) = connection.await {
        tracing::trace!(%error, "a connection to the page broke");
    }
    drop(place);
}
