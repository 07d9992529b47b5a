use super::*;

fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Response { status, headers, body: body.as_bytes().to_vec() }
}

fn reason_of(status: u16, headers: &[(&str, &str)], body: &str) -> Reason {
    read(&response(status, headers, body)).unwrap_err().reason
}

#[test]
fn dc_20_success_gives_the_id_if_there_is_one() {
    let sent = |status, body| read(&response(status, &[], body)).unwrap();
    let message = r#"{"id":"7","channel_id":"8","content":"x"}"#;
    assert_eq!(sent(200, message), Sent { message: "7".into(), channel: "8".into() });
    for (status, body) in [(204, ""), (200, "<html>"), (200, ""), (200, "[]"), (201, "{}")] {
        assert_eq!(sent(status, body), Sent::default(), "{status} {body}");
    }
}

#[test]
fn rate_limits_are_waited_for_as_long_as_told_and_no_shorter() {
    let shared = r#"{"message":"The resource is being rate limited.","retry_after":1336.57,"global":false}"#;
    let blocked = r#"{"message":"You are being blocked from accessing our API temporarily","code":0}"#;
    for (id, headers, body, milliseconds) in [
        ("DC-21", &[("retry-after", "1")][..], "", 1000),
        (
            "DC-22",
            &[],
            r#"{"message":"You are being rate limited.","retry_after":0.376,"global":false}"#,
            376,
        ),
        ("DC-22 rounded up", &[], r#"{"retry_after":0.3761}"#, 377),
        ("DC-22 the body wins", &[("retry-after", "1")], r#"{"retry_after":0.376}"#, 376),
        ("DC-23", &[("retry-after", "invalid")], "", 0),
        ("DC-23 negative", &[("retry-after", "-3")], "", 0),
        ("DC-23 not a number", &[("retry-after", "NaN")], r#"{"retry_after":"soon"}"#, 0),
        ("DC-23 endless", &[("retry-after", "1e300")], "", 0),
        ("DC-24", &[("retry-after", "400")], "", 400_000),
        ("DC-24 fraction", &[("retry-after", "0.5")], "{}", 500),
        ("DC-24 months", &[("retry-after", "99999999")], "", u32::MAX),
        ("DC-25", &[("x-ratelimit-scope", "shared"), ("x-ratelimit-remaining", "9")], shared, 1_336_570),
        ("DC-26", &[], blocked, 300_000),
        ("DC-26 page", &[("content-type", "text/html")], "<html>error code: 1015</html>", 300_000),
        ("DC-26 page with a longer time", &[("retry-after", "900")], "error code: 1015", 900_000),
        ("code 0 with a time", &[], r#"{"code":0,"retry_after":2}"#, 2000),
    ] {
        assert_eq!(reason_of(429, headers, body), Reason::RateLimited(milliseconds), "{id}");
    }
    let cloudflare = r#"{"message":"internal network error","code":40333}"#;
    assert_eq!(reason_of(403, &[], cloudflare), Reason::RateLimited(300_000), "DC-26");
}

#[test]
fn dc_28_refusals_are_told_apart_by_their_code() {
    let form = |errors: &str| format!(r#"{{"message":"Invalid Form Body","code":50035,"errors":{errors}}}"#);
    let content = form(r#"{"content":{"_errors":[{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be …"}]}}"#);
    let name = form(r#"{"username":{"_errors":[{"code":"USERNAME_INVALID_CONTAINS","message":"…"}]}}"#);
    let both = form(r#"{"username":{"_errors":[]},"embeds":{"_errors":[]}}"#);
    let code = |code: u32| format!(r#"{{"message":"…","code":{code}}}"#);
    for (status, body, reason) in [
        (400, content, Reason::ContentRefused),
        (400, both, Reason::ContentRefused),
        (400, form("{}"), Reason::ContentRefused),
        (400, name, Reason::Misconfigured),
        (400, code(50006), Reason::ContentRefused),
        (413, code(40005), Reason::ContentRefused),
        (413, "<html>".into(), Reason::ContentRefused),
        (400, code(200_000), Reason::ContentRefused),
        (401, code(50027), Reason::Misconfigured),
        (404, code(10015), Reason::Misconfigured),
        (404, code(0), Reason::Misconfigured),
        (403, code(50013), Reason::Misconfigured),
        (400, code(10003), Reason::Misconfigured),
        (400, code(50083), Reason::Misconfigured),
        (400, code(40067), Reason::Misconfigured),
        (400, code(220_001), Reason::Misconfigured),
        (400, code(220_003), Reason::Misconfigured),
        (400, code(1), Reason::Rejected),
        (400, r#"{"webhook_id":["Value \"x\" is not snowflake."]}"#.into(), Reason::Rejected),
    ] {
        assert_eq!(reason_of(status, &[], &body), reason, "{status} {body}");
    }
}

/// The statuses of Alertmanager's `notify/test/test.go`.
#[test]
fn dc_29_every_status_has_its_reason() {
    for status in [200, 201, 202, 203, 204, 205, 206, 207, 208, 226] {
        assert!(read(&response(status, &[], "")).is_ok(), "{status}");
    }
    for status in [408, 425, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511, 599] {
        assert_eq!(reason_of(status, &[], "<html>"), Reason::Transient, "{status}");
    }
    for status in [300, 301, 302, 303, 304, 307, 308, 401, 403, 404] {
        assert_eq!(reason_of(status, &[], ""), Reason::Misconfigured, "{status}");
    }
    for status in [
        400, 402, 405, 406, 407, 409, 410, 411, 412, 414, 415, 416, 417, 418, 421, 422, 423, 424, 426, 428,
        431, 451,
    ] {
        assert_eq!(reason_of(status, &[], ""), Reason::Rejected, "{status}");
    }
    assert_eq!(reason_of(429, &[], ""), Reason::RateLimited(0));
}

#[test]
fn the_detail_has_the_providers_words_in_one_bounded_line() {
    let detail = |body: &str| read(&response(400, &[], body)).unwrap_err().detail;
    let body = r#"{"message":"Invalid Form Body","code":50035,"errors":{"embeds":{"0":{"title":{"_errors":
        [{"code":"BASE_TYPE_MAX_LENGTH","message":"Must be 256 or fewer in length."}]}}}}}"#;
    let expected = "Discord answered 400: Invalid Form Body (code 50035); embeds.0.title: Must be 256 or fewer in length.";
    assert_eq!(detail(body), expected);
    assert_eq!(detail("<html>"), "Discord answered 400");
    let long = format!(r#"{{"message":"a\nb {}"}}"#, "x".repeat(5000));
    assert!(detail(&long).starts_with("Discord answered 400: a b x") && detail(&long).chars().count() <= 400);
}
