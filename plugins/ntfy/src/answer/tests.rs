use super::*;

fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Response { status, headers, body: body.as_bytes().to_vec() }
}

fn failure(status: u16, headers: &[(&str, &str)], body: &str) -> Failure {
    read(&response(status, headers, body)).unwrap_err()
}

/// The body of an error as the server writes it.
fn error(code: u64, words: &str) -> String {
    format!(r#"{{"code":{code},"http":{},"error":"{words}","link":"https://ntfy.sh/docs/"}}"#, code / 100)
}

#[test]
fn success_gives_the_id_and_the_sequence_if_the_server_knows_them() {
    let published = |body: &str| read(&response(200, &[], body)).unwrap();
    let message = r#"{"id":"hwQ2YpKdmg","time":1635528741,"event":"message","topic":"***","message":"x""#;
    assert_eq!(published(&format!("{message}}}")), Published { id: "hwQ2YpKdmg".into(), sequence: None });
    let sequence = Some("s-1".to_owned());
    let both = format!(r#"{message},"sequence_id":"s-1"}}"#);
    assert_eq!(published(&both), Published { id: "hwQ2YpKdmg".into(), sequence });
}

#[test]
fn a_server_that_is_not_ntfy_has_no_message() {
    for body in ["<html>", "", "[]", "{}", r#"{"id":7}"#] {
        let failure = failure(200, &[], body);
        assert_eq!(failure.reason, Reason::Misconfigured, "{body}");
        assert!(failure.detail.contains("`server`"));
    }
}

/// All that a publisher can get of `server/errors.go`.
#[test]
fn every_documented_error_has_its_reason() {
    use Reason::{ContentRefused, Misconfigured, RateLimited, Rejected, Transient};
    for (code, words, reason) in [
        (40000, "invalid request", ContentRefused),
        (40007, "invalid priority parameter", ContentRefused),
        (40009, "invalid request: topic invalid", Misconfigured),
        (40010, "invalid request: topic name is not allowed", Misconfigured),
        (40011, "invalid message: message must be UTF-8 encoded", ContentRefused),
        (40013, "invalid request: attachment URL is invalid", ContentRefused),
        (40014, "invalid request: attachments not allowed", ContentRefused),
        (40017, "invalid request: request body must be message JSON", Rejected),
        (40021, "invalid request: icon URL is invalid", ContentRefused),
        (40024, "invalid request: request body must be valid JSON", Rejected),
        (40057, "title too long", ContentRefused),
        (40058, "tags too long", ContentRefused),
        (40101, "unauthorized", Misconfigured),
        (40301, "forbidden", Misconfigured),
        (40401, "page not found", Misconfigured),
        (41301, "attachment too large, or bandwidth limit reached", ContentRefused),
        (41303, "JSON body too large", ContentRefused),
        (42901, "limit reached: too many requests", RateLimited(0)),
        (42904, "limit reached: the total number of topics on the server has been reached", Misconfigured),
        (42905, "limit reached: daily bandwidth reached", Misconfigured),
        (42908, "limit reached: daily message quota reached", Misconfigured),
        (42909, "limit reached: too many auth failures", Misconfigured),
        (50001, "internal server error", Transient),
        (50701, "cannot publish to UnifiedPush topic without previously active subscriber", Misconfigured),
    ] {
        let status = u16::try_from(code / 100).unwrap();
        let failure = failure(status, &[], &error(code, words));
        assert_eq!(failure.reason, reason, "{code} {words}");
        let beginning = format!("ntfy answered {status}: {words} (code {code})");
        assert!(failure.detail.starts_with(&beginning), "{}", failure.detail);
    }
}

#[test]
fn what_stands_between_us_and_the_server_is_understood_too() {
    for status in [408, 425, 500, 502, 503, 504, 507, 599] {
        assert_eq!(failure(status, &[], "<html>").reason, Reason::Transient, "{status}");
    }
    for status in [301, 302, 307, 308, 401, 403, 404, 405] {
        assert_eq!(failure(status, &[], "").reason, Reason::Misconfigured, "{status}");
    }
    for status in [402, 406, 409, 410, 418, 451] {
        assert_eq!(failure(status, &[], "").reason, Reason::Rejected, "{status}");
    }
    assert_eq!(failure(413, &[], "nginx").reason, Reason::ContentRefused);
    let hint = &[("retry-after", "2.5")];
    assert_eq!(failure(429, hint, "").reason, Reason::RateLimited(2500));
    assert_eq!(failure(503, hint, "").reason, Reason::RateLimited(2500));
}

#[test]
fn the_detail_is_one_bounded_line() {
    let detail = failure(400, &[], &error(40000, &format!("a\\nb {}", "x".repeat(5000)))).detail;
    assert!(detail.starts_with("ntfy answered 400: a b x") && detail.chars().count() <= WORDS, "{detail}");
    assert_eq!(failure(400, &[], "<html>").detail, "ntfy answered 400");
}
