//! Parameters in headers and in the query, and who publishes (`readParam` of `server/util.go`, `maybeAuthenticate`).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::refusal::Refusal;
use crate::fakes::CaughtRequest;

/// The parameter with one of these names, which are in lower case: of a header, else of the query. It is not empty.
pub(super) fn parameter(request: &CaughtRequest, names: &[&str]) -> Option<String> {
    let header = names.iter().find_map(|name| request.header(name).filter(|value| !value.is_empty()));
    if let Some(header) = header {
        return Some(decoded(header.trim())).filter(|value| !value.is_empty());
    }
    let query = |name: &&str| {
        let mut pairs = request.url.query_pairs();
        pairs.find(|(key, value)| key == *name && !value.is_empty()).map(|(_, value)| value.trim().to_owned())
    };
    names.iter().find_map(query).filter(|value| !value.is_empty())
}

/// A flag: `1`, `yes` and `true` are true, and all else that is given is not.
pub(super) fn flag(request: &CaughtRequest, names: &[&str]) -> Option<bool> {
    parameter(request, names).map(|value| matches!(value.to_lowercase().as_str(), "1" | "yes" | "true"))
}

/// Text of a header, which may be an encoded word (RFC 2047): headers are ASCII, and notifications are not.
fn decoded(text: &str) -> String {
    encoded_word(text).unwrap_or_else(|| text.to_owned())
}

fn encoded_word(text: &str) -> Option<String> {
    let mut parts = text.strip_prefix("=?")?.strip_suffix("?=")?.splitn(3, '?');
    let (charset, encoding, content) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = match encoding {
        "B" | "b" => STANDARD.decode(content).ok()?,
        "Q" | "q" => quoted(content)?,
        _ => return None,
    };
    charset.eq_ignore_ascii_case("utf-8").then(|| String::from_utf8(bytes).ok())?
}

fn quoted(content: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = content.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'_' => b' ',
            b'=' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    Some(bytes)
}

/// The token or password of who publishes; none for anybody.
pub(super) fn token(request: &CaughtRequest) -> Result<Option<String>, Refusal> {
    let query = request.url.query_pairs().find(|(key, _)| key == "auth" || key == "authorization");
    let value = match (request.header("authorization"), query) {
        (Some(header), _) => header.trim().to_owned(),
        // The header as a parameter is in base64, so that it can be part of a URL.
        (None, Some((_, encoded))) => {
            let bytes = URL_SAFE_NO_PAD
                .decode(encoded.as_bytes())
                .or_else(|_| STANDARD_NO_PAD.decode(encoded.as_bytes()));
            bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(Refusal::unauthorized)?
        }
        (None, None) => return Ok(None),
    };
    let (scheme, secret) = value.split_once(' ').unwrap_or((&value, ""));
    let secret = secret.trim();
    match scheme.to_ascii_lowercase().as_str() {
        // Tokens are all of one form (`user/manager.go`), so one of another form is unknown.
        "bearer" if secret.starts_with("tk_") => Ok(Some(secret.to_owned())),
        "basic" => match STANDARD.decode(secret).ok().and_then(|pair| String::from_utf8(pair).ok()) {
            Some(pair) if pair.contains(':') => Ok(Some(pair)),
            _ => Err(Refusal::unauthorized()),
        },
        // Other headers are none for the server.
        "bearer" => Err(Refusal::unauthorized()),
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_may_be_encoded_words() {
        for (text, expected) in [
            ("=?UTF-8?B?w5Zs?=", "Öl"),
            ("=?utf-8?q?=C3=96l_und_Gas?=", "Öl und Gas"),
            ("=?latin1?q?=D6l?=", "=?latin1?q?=D6l?="),
            ("=?UTF-8?B?***?=", "=?UTF-8?B?***?="),
            ("plain", "plain"),
        ] {
            assert_eq!(decoded(text), expected);
        }
    }
}
