//! `wasi:http/outgoing-handler`: the way out for languages that bring an HTTP client of their own, such as JavaScript's `fetch`.
//!
//! A request is gathered and handed to the attempt's outlet, as `http.send` does; the answer comes back whole. Nothing is decided
//! here: what one way allows or refuses, the other does too.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, header, request};
use http_body_util::{BodyExt as _, Full, Limited};
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
    /// Places for requests under way and answers that are not read: `http.send` has one of each at a time.
    places: Arc<Semaphore>,
}

type Answer = (http::Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>);

impl Hooks {
    pub(crate) fn new(outlet: Option<Arc<Outlet>>) -> Self {
        Self { outlet, places: Arc::new(Semaphore::new(limits::FETCHES)) }
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

    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<Answer, Error>> + Send> {
        let outlet = self.outlet.clone();
        let place = Arc::clone(&self.places).try_acquire_owned();
        Box::new(async move {
            let place = place.map_err(|_| Error::ConnectionLimitReached)?;
            let outlet = outlet.ok_or_else(|| error(Denial::Describing.into()))?;
            let timeout = options.and_then(|options| options.first_byte_timeout);
            let answer = fetch(&outlet, request, timeout).await.map_err(error)?;
            let done: Box<dyn Future<Output = _> + Send> = Box::new(async { Ok(()) });
            Ok((incoming(answer, place)?, done))
        })
    }
}

async fn fetch(
    outlet: &Outlet,
    request: http::Request<WasiBody>,
    timeout: Option<Duration>,
) -> Result<Response, SendFailure> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, limits::REQUEST_BODY).collect().await.map_err(|error| {
        match error.downcast::<http_body_util::LengthLimitError>() {
            Ok(_) => SendFailure::TooLarge,
            Err(_) => SendFailure::Invalid("its body was not finished".into()),
        }
    })?;
    outlet.send(outgoing(&parts, body.to_bytes())?, timeout).await
}

/// The same request, as `http.send` takes it.
fn outgoing(parts: &request::Parts, body: Bytes) -> Result<Request, SendFailure> {
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
    Ok(Request { method, url, headers, body: body.into(), timeout_ms: 0 })
}

/// The answer, which holds `place` until the guest has read it or thrown it away.
fn incoming(answer: Response, place: OwnedSemaphorePermit) -> Result<http::Response<WasiBody>, Error> {
    let mut response = http::Response::new(());
    *response.status_mut() =
        http::StatusCode::from_u16(answer.status).map_err(|_| Error::HttpProtocolError)?;
    for (name, value) in answer.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Error::HttpProtocolError)?;
        // Scrubbed text is text; a value that no header can carry is left out rather than guessed.
        let Ok(value) = HeaderValue::from_str(&value) else { continue };
        response.headers_mut().append(name, value);
    }
    let body = Full::new(Bytes::from(answer.body)).map_err(|never| match never {}).map_frame(move |frame| {
        let _held = &place;
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
