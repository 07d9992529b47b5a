//! What the provider's answer means: it decides what Campanile does next.

use campanile_channel::text::{one_line, truncate};
use campanile_channel::{Failure, Reason, Response, ResponseExt};
use serde_json::Value;

/// Most characters of the provider's own words.
const WORDS: usize = 200;

/// The provider's id of the message, or why there is none.
pub(crate) fn read(response: &Response) -> Result<String, Failure> {
    let json = response.json();
    let text = |name: &str| json.get(name).and_then(Value::as_str).unwrap_or_default();
    let (reason, advice) = match response.status {
        200..300 => return Ok(text("id").to_owned()),
        // With a simpler presentation it may pass.
        400 | 413 | 422 => (Reason::ContentRefused, ""),
        401 | 403 => (Reason::Misconfigured, "; check `api-key`"),
        // A redirect is not followed: it would carry the key elsewhere.
        300..400 | 404 | 410 => (Reason::Misconfigured, "; check `url`"),
        429 => (Reason::RateLimited(response.retry_after().unwrap_or_default()), ""),
        503 => (response.retry_after().map_or(Reason::Transient, Reason::RateLimited), ""),
        408 | 425 | 500.. => (Reason::Transient, ""),
        _ => (Reason::Rejected, ""),
    };
    let words = truncate(&one_line(text("error")), WORDS);
    let colon = if words.is_empty() { "" } else { ": " };
    Err(Failure::new(reason, format!("answered {}{colon}{words}{advice}", response.status)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, retry_after: &str, body: &str) -> Result<String, Failure> {
        let headers = vec![("retry-after".to_owned(), retry_after.to_owned())];
        read(&Response { status, headers, body: body.as_bytes().to_vec() })
    }

    #[test]
    fn success_gives_the_id_if_there_is_one() {
        assert_eq!(answer(201, "", r#"{"id":"7"}"#), Ok("7".to_owned()));
        for body in ["", "<html>", "[]", r#"{"id":7}"#] {
            assert_eq!(answer(200, "", body), Ok(String::new()), "{body}");
        }
    }

    #[test]
    fn every_status_has_its_reason() {
        for (status, retry_after, reason) in [
            (301, "", Reason::Misconfigured),
            (400, "", Reason::ContentRefused),
            (401, "", Reason::Misconfigured),
            (402, "", Reason::Rejected),
            (403, "", Reason::Misconfigured),
            (404, "", Reason::Misconfigured),
            (408, "", Reason::Transient),
            (410, "", Reason::Misconfigured),
            (413, "", Reason::ContentRefused),
            (422, "", Reason::ContentRefused),
            (425, "", Reason::Transient),
            (429, "1.5", Reason::RateLimited(1500)),
            (429, "soon", Reason::RateLimited(0)),
            (500, "", Reason::Transient),
            (503, "2", Reason::RateLimited(2000)),
            (503, "", Reason::Transient),
        ] {
            assert_eq!(
                answer(status, retry_after, "").map_err(|failure| failure.reason),
                Err(reason),
                "{status}"
            );
        }
    }

    #[test]
    fn the_detail_has_the_providers_words_in_one_bounded_line() {
        let detail = |body: &str| answer(401, "", body).map_err(|failure| failure.detail);
        let expected = "answered 401: no such key; check `api-key`".to_owned();
        assert_eq!(detail(r#"{"error":"no\nsuch key"}"#), Err(expected));
        let long = format!(r#"{{"error":"{}"}}"#, "x".repeat(5000));
        assert!(detail(&long).is_err_and(|detail| detail.chars().count() < 300));
    }
}
