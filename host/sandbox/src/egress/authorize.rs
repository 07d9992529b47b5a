//! Decides whether a request may leave, from the request and the channel's grants alone. Pure.

use std::net::IpAddr;

use campanile_core::grant::{Grant, Origin};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::{Host, Url};

use super::address::{Reach, reach};
use super::denial::Denial;
use super::failure::SendFailure;
use crate::bindings::campanile::channel::http::Request;
use crate::limits;

/// Headers of the connection, not of the message (RFC 9110 section 7.6.1), and those that would change where it goes.
const HOST_HEADERS: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    super::ATTEMPT,
    super::CHANNEL,
    super::DELIVERY,
    super::ORIGINAL_URL,
];

/// A request in its parts, checked but with placeholders still in it.
#[derive(Debug)]
pub(crate) struct Authorized {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) origin: Origin,
    /// The grant says that addresses may be private.
    pub(crate) private: bool,
}

/// Checks everything but the body.
pub(crate) fn authorize(request: &Request, allow: &[Grant]) -> Result<Authorized, SendFailure> {
    let method = method(&request.method)?;
    let url = url(&request.url)?;
    let origin = Origin::of(&url).ok_or_else(|| Denial::Scheme { scheme: url.scheme().to_owned() })?;
    let Some(grant) = allow.iter().find(|grant| grant.origin == origin) else {
        return Err(Denial::NotAllowed { origin }.into());
    };
    literal_address(&url, &origin, grant.private)?;
    let headers = headers(&request.headers)?;
    if request.body.len() > limits::REQUEST_BODY {
        return Err(SendFailure::TooLarge);
    }
    Ok(Authorized { method, url, headers, origin, private: grant.private })
}

fn method(name: &str) -> Result<Method, SendFailure> {
    match name {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" => Ok(name.parse().unwrap_or_default()),
        _ => Err(SendFailure::Invalid(format!("method `{}`", name.escape_default()))),
    }
}

fn url(text: &str) -> Result<Url, SendFailure> {
    if text.len() > limits::URL_BYTES {
        return Err(SendFailure::TooLarge);
    }
    let mut url = Url::parse(text).map_err(|error| SendFailure::Invalid(format!("URL: {error}")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Denial::UserInfo.into());
    }
    url.set_fragment(None);
    Ok(url)
}

/// A URL with an address instead of a name never meets the resolver, so it is judged here. The URL parser has turned
/// every spelling (`0x7f.1`, `2130706433`, `127.1`) into the address.
fn literal_address(url: &Url, origin: &Origin, private: bool) -> Result<(), Denial> {
    let address = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        _ => return Ok(()),
    };
    judge(address, origin, private)
}

/// Refuses `address` if a request to `origin` may not go there.
pub(crate) fn judge(address: IpAddr, origin: &Origin, private: bool) -> Result<(), Denial> {
    let (host, address_text) = (origin.host().to_owned(), address.to_string());
    match reach(address) {
        Reach::Public => Ok(()),
        Reach::Private(_) if private => Ok(()),
        Reach::Private(kind) => {
            Err(Denial::PrivateAddress { origin: origin.clone(), host, address: address_text, kind })
        }
        Reach::Forbidden(kind) => Err(Denial::ForbiddenAddress { host, address: address_text, kind }),
    }
}

fn headers(given: &[(String, String)]) -> Result<HeaderMap, SendFailure> {
    let bytes: usize = given.iter().map(|(name, value)| name.len() + value.len()).sum();
    if given.len() > limits::REQUEST_HEADERS || bytes > limits::HEADER_BYTES {
        return Err(SendFailure::TooLarge);
    }
    let mut headers = HeaderMap::with_capacity(given.len());
    for (name, value) in given {
        let invalid = || SendFailure::Invalid(format!("header `{}`", name.escape_default()));
        let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid())?;
        if HOST_HEADERS.contains(&parsed.as_str()) {
            return Err(Denial::Header { name: parsed.to_string() }.into());
        }
        headers.append(parsed, HeaderValue::from_str(value).map_err(|_| invalid())?);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(origins: &[&str]) -> Vec<Grant> {
        let grant = |text: &&str| Grant { origin: Origin::parse(text).unwrap(), private: false };
        origins.iter().map(grant).collect()
    }

    fn request(url: &str, headers: &[(&str, &str)]) -> Request {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Request { method: "POST".into(), url: url.into(), headers, body: Vec::new(), timeout_ms: 0 }
    }

    fn denied(url: &str, allow: &[&str]) -> String {
        match authorize(&request(url, &[]), &grants(allow)) {
            Err(SendFailure::Denied(denial)) => denial.to_string(),
            other => panic!("{url}: {other:?}"),
        }
    }

    #[test]
    fn what_is_granted_passes() {
        let allowed = authorize(
            &request("https://API.example.com/a?b#c", &[("x-a", "b")]),
            &grants(&["https://api.example.com"]),
        );
        assert_eq!(allowed.unwrap().url.as_str(), "https://api.example.com/a?b");
    }

    #[test]
    fn another_host_scheme_or_port_is_denied_with_the_line_to_add() {
        let allow = ["https://api.example.com"];
        assert_eq!(
            denied("https://evil.example/x", &allow),
            "`https://evil.example` is not in the channel's allow list; to allow it: allow = [\"https://evil.example\"]"
        );
        for url in [
            "http://api.example.com/",
            "https://api.example.com:8443/",
            "https://api.example.com.evil.example/",
            "https://evil.example/https://api.example.com",
            "https://evil.example\\@api.example.com/",
            "https:evil.example",
        ] {
            assert!(denied(url, &allow).contains("not in the channel's allow list"), "{url}");
        }
    }

    #[test]
    fn a_user_before_the_host_is_denied() {
        for url in ["https://api.example.com@evil.example/", "https://api.example.com:x@evil.example/"] {
            assert_eq!(
                denied(url, &["https://api.example.com", "https://evil.example"]),
                Denial::UserInfo.to_string()
            );
        }
    }

    #[test]
    fn other_schemes_are_denied() {
        for url in ["file:///etc/passwd", "ftp://api.example.com/", "unix:/run/x"] {
            assert!(denied(url, &["https://api.example.com"]).contains("scheme"), "{url}");
        }
    }

    #[test]
    fn literal_private_addresses_are_denied_in_every_spelling_even_if_the_origin_is_granted() {
        for url in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://017700000001/",
            "https://127.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://192.168.1.1/",
            "https://[fd00::1]/",
        ] {
            let origin = Origin::of(&Url::parse(url).unwrap()).unwrap().to_string();
            assert!(denied(url, &[&origin]).contains("private = true"), "{url}");
        }
        assert!(
            denied("https://169.254.169.254/latest/", &["https://169.254.169.254"])
                .contains("no channel may reach")
        );
    }

    #[test]
    fn headers_of_the_connection_are_denied() {
        for name in
            ["Host", "HOST", "content-length", "Transfer-Encoding", "connection", "proxy-authorization"]
        {
            let denied =
                authorize(&request("https://a.example/", &[(name, "x")]), &grants(&["https://a.example"]));
            assert!(matches!(denied, Err(SendFailure::Denied(Denial::Header { .. }))), "{name}");
        }
    }

    #[test]
    fn a_plugin_can_not_say_whose_request_it_is() {
        for name in ["campanile-channel", "Campanile-Delivery", "CAMPANILE-ATTEMPT", "campanile-original-url"]
        {
            let denied =
                authorize(&request("https://a.example/", &[(name, "x")]), &grants(&["https://a.example"]));
            assert!(matches!(denied, Err(SendFailure::Denied(Denial::Header { .. }))), "{name}");
        }
    }

    #[test]
    fn broken_requests_are_invalid() {
        let allow = grants(&["https://a.example"]);
        let invalid = |request: Request| matches!(authorize(&request, &allow), Err(SendFailure::Invalid(_)));
        assert!(invalid(request("https://a.example/", &[("x", "a\r\nb: c")])));
        assert!(invalid(request("https://a.example/", &[("x y", "a")])));
        assert!(invalid(request("/relative", &[])));
        assert!(invalid(Request { method: "CONNECT".into(), ..request("https://a.example/", &[]) }));
    }
}
