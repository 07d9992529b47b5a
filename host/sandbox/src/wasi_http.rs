//! `wasi:http/outgoing-handler`: the way out for languages that bring an HTTP client of their own, such as JavaScript's `fetch`.
//!
//! A request is gathered and handed to the attempt's outlet, as `http.send` does; the answer comes back whole. Nothing is decided
//! here: what one way allows or refuses, the other does too. What differs is that requests are made beside the guest, several at
//! a time, and that bodies wait in the host: both are bounded here.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, header, request};
use http_body_util::{BodyExt as _, Full};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wasmtime_wasi_http::{Error, ForbiddenHeaderFilter, RequestOptions, WasiBody, WasiHttpHooks};

use crate::bindings::campanile::channel::http::{Request, Response};
use crate::egress::denial::Denial;
use crate::egress::failure::SendFailure;
use crate::egress::outlet::Outlet;
use crate::limits;

/// What `wasi:http` asks the host.
pub(crate) struct Hooks {
    /// Nothing while a plugin describes itself.
    outlet: Option<Arc<Outlet>>,
    /// Places for requests under way.
    places: Arc<Semaphore>,
    /// Bytes for answers that are not read.
    unread: Arc<Semaphore>,
}

type Answer = (http::Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>);

impl Hooks {
    pub(crate) fn new(outlet: Option<Arc<Outlet>>) -> Self {
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        Self { outlet, places: semaphore(limits::FETCHES), unread: semaphore(limits::UNREAD) }
    }
}

impl WasiHttpHooks for Hooks {
    /// The outlet knows what may not be set, and says so to the operator too.
    fn forbidden_header_filter(&mut self) -> ForbiddenHeaderFilter {
        Arc::new(|_| false)
    }

    /// It follows from the URL.
    fn set_host_header(&mut self) -> bool {
        false
    }

    fn p2_outgoing_body_chunk_size(&mut self) -> usize {
        limits::BODY_CHUNK
    }

    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<Answer, Error>> + Send> {
        let outlet = self.outlet.clone();
        let (places, unread) = (Arc::clone(&self.places), Arc::clone(&self.unread));
        Box::new(async move {
            let outlet = outlet.ok_or_else(|| error(Denial::Describing.into()))?;
            let timeout = options.and_then(|options| options.first_byte_timeout);
            // The semaphore is never closed.
            let place = places.acquire_owned().await;
            let answer = fetch(&outlet, request, timeout).await.map_err(error)?;
            drop(place);
            let held = u32::try_from(size(&answer)).unwrap_or(u32::MAX);
            let held = unread.try_acquire_many_owned(held).map_err(|_| Error::ConnectionLimitReached)?;
            let done: Box<dyn Future<Output = _> + Send> = Box::new(async { Ok(()) });
            Ok((incoming(answer, held)?, done))
        })
    }
}

async fn fetch(
    outlet: &Outlet,
    request: http::Request<WasiBody>,
    timeout: Option<Duration>,
) -> Result<Response, SendFailure> {
    let (parts, body) = request.into_parts();
    let body = gathered(body).await?;
    outlet.send(outgoing(&parts, body)?, timeout).await
}

/// The whole body in one piece: a guest that writes byte by byte must not cost more memory than one that does not.
async fn gathered(mut body: WasiBody) -> Result<Vec<u8>, SendFailure> {
    let mut whole = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| SendFailure::Invalid("its body was not finished".into()))?;
        // Trailers stay here: they are headers that nobody has judged.
        let Ok(data) = frame.into_data() else { continue };
        if whole.len() + data.len() > limits::REQUEST_BODY {
            return Err(SendFailure::TooLarge);
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole)
}

/// The same request, as `http.send` takes it.
fn outgoing(parts: &request::Parts, body: Vec<u8>) -> Result<Request, SendFailure> {
    let mut headers = Vec::with_capacity(parts.headers.len());
    for (name, value) in &parts.headers {
        // It was held against the body while that was written; the HTTP library sets it again.
        if name == header::CONTENT_LENGTH {
            continue;
        }
        let text = value.to_str().map_err(|_| SendFailure::Invalid(format!("header `{name}`")))?;
        headers.push((name.to_string(), text.to_owned()));
    }
    let (method, url) = (parts.method.to_string(), parts.uri.to_string());
    Ok(Request { method, url, headers, body, timeout_ms: 0 })
}

/// Bytes that the answer takes while it waits to be read.
fn size(answer: &Response) -> usize {
    let headers: usize = answer.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    answer.body.len() + headers
}

/// The answer, which holds `unread` until the guest has read it or thrown it away.
fn incoming(answer: Response, unread: OwnedSemaphorePermit) -> Result<http::Response<WasiBody>, Error> {
    let mut response = http::Response::new(());
    *response.status_mut() =
        http::StatusCode::from_u16(answer.status).map_err(|_| Error::HttpProtocolError)?;
    for (name, value) in answer.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Error::HttpProtocolError)?;
        // Masks have lengths of their own, and a client may hold the body against it.
        let value = match name == header::CONTENT_LENGTH {
            true => HeaderValue::from(answer.body.len()),
            false => HeaderValue::from_bytes(value.as_bytes()).map_err(|_| Error::HttpProtocolError)?,
        };
        response.headers_mut().append(name, value);
    }
    let body = Full::new(Bytes::from(answer.body)).map_err(|never| match never {}).map_frame(move |frame| {
        let _held = &unread;
        frame
    });
    Ok(response.map(|()| body.boxed_unsync()))
}

/// What `wasi:http` has for it. The attempt's outcome says more.
fn error(failure: SendFailure) -> Error {
    match failure {
        SendFailure::Denied(Denial::PrivateAddress { .. } | Denial::ForbiddenAddress { .. }) => {
            Error::DestinationIpProhibited
        }
        SendFailure::Denied(_) => Error::HttpRequestDenied,
        SendFailure::Invalid(detail) => Error::InternalError(Some(detail)),
        SendFailure::TooLarge => Error::HttpRequestBodySize(Some(limits::REQUEST_BODY as u64)),
        SendFailure::AnswerTooLarge => Error::HttpResponseBodySize(Some(limits::RESPONSE_BODY as u64)),
        SendFailure::Timeout => Error::HttpResponseTimeout,
        SendFailure::NotConnected(_) => Error::ConnectionRefused,
        SendFailure::Broken(_) => Error::HttpResponseIncomplete,
    }
}
