//! Who may ask, and what a browser may do with the answer.
//!
//! The server listens on the loopback interface, but every page that a browser shows may send requests there. So a request
//! must name this server (or a page reached it by a name of its own), and what changes something must come from our own page or
//! from no page at all.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{
    self, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::problem::Problem;
use super::site::Site;

/// The longest that any answer but the feed takes: more than the longest wait that can be asked for.
const PATIENCE: Duration = Duration::from_secs(90);

/// Nothing but our own files; no inline script or style, no frame, no form that leads away.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Lets a request through, or refuses it; and sends every answer with the headers that bind the browser.
pub(super) async fn guard(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let mut response = match check(&site, &request) {
        Ok(()) => match tokio::time::timeout(PATIENCE, next.run(request)).await {
            Ok(response) => response,
            Err(_) => {
                let detail = "The request took too long; send its body at once.";
                Problem::new(StatusCode::REQUEST_TIMEOUT, detail).into_response()
            }
        },
        Err(refused) => refused.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn check(site: &Site, request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    // An absolute target would name another host than the header does.
    let named = request.uri().authority().map(http::uri::Authority::as_str).or_else(|| text(headers, &HOST));
    if !named.is_some_and(|host| site.is_own_name(host)) {
        let detail = format!("This server answers to 127.0.0.1:{0} and localhost:{0} only.", site.port);
        return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, detail));
    }
    let asks_only = matches!(*request.method(), Method::GET | Method::HEAD);
    let site_of_page = text(headers, &HeaderName::from_static("sec-fetch-site"));
    let is_own_page = matches!(site_of_page, None | Some("same-origin" | "none"));
    if asks_only {
        // A link from elsewhere may lead to a page, but no other page reads the API or follows the feed.
        return if is_own_page || !request.uri().path().starts_with("/api/") {
            Ok(())
        } else {
            Err(foreign())
        };
    }
    let is_own_origin = text(headers, &ORIGIN)
        .is_none_or(|origin| origin.strip_prefix("http://").is_some_and(|host| site.is_own_name(host)));
    if !is_own_page || !is_own_origin || (headers.contains_key(ORIGIN) && text(headers, &ORIGIN).is_none()) {
        return Err(foreign());
    }
    // A form of another site can't send this type without being asked first.
    if *request.method() != Method::DELETE && !is_json(headers) {
        let detail =
            "Send JSON: the header `content-type: application/json`, and `{}` if there is nothing to say.";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    Ok(())
}

fn foreign() -> Problem {
    let detail =
        "The request comes from a page of another site. Use this server's own page, or a tool such as curl.";
    Problem::new(StatusCode::FORBIDDEN, detail)
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = text(headers, &CONTENT_TYPE).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

fn text<'h>(headers: &'h HeaderMap, name: &header::HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
