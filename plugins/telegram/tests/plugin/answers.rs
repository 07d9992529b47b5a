//! What becomes of a delivery by the provider's answer.

use campanile_channel::{Reason, SendReason};
use serde_json::json;

use super::{SENT, chat_1, deliver, first, host};

fn refused(code: u16, description: &str) -> String {
    json!({"ok": false, "error_code": code, "description": description}).to_string()
}

#[test]
fn tg_50_success_gives_a_receipt() {
    let receipt = deliver(&chat_1(json!({})), &first(), &mut host(&[(200, SENT)])).unwrap();
    assert_eq!((receipt.message_id.as_str(), receipt.target.as_str()), ("7", "1"));
    assert!(receipt.warnings.is_empty());
}

#[test]
fn refusals_are_told_apart_by_their_code_and_wording() {
    let rows = [
        ("TG-51", 200, 401, "Unauthorized", Reason::Misconfigured),
        ("TG-51", 200, 404, "Not Found", Reason::Misconfigured),
        ("TG-51", 421, 421, "Misdirected Request", Reason::Misconfigured),
        ("TG-52", 403, 403, "Forbidden: bot was blocked by the user", Reason::Rejected),
        ("TG-52", 403, 403, "Forbidden: user is deactivated", Reason::Rejected),
        ("TG-53", 400, 400, "Bad Request: chat not found", Reason::Misconfigured),
        ("TG-53", 400, 400, "Bad Request: message thread not found", Reason::Misconfigured),
        (
            "TG-53",
            400,
            400,
            "Bad Request: not enough rights to send text messages to the chat",
            Reason::Rejected,
        ),
        ("TG-53", 400, 400, "Bad Request: TOPIC_CLOSED", Reason::Rejected),
        ("TG-54", 500, 500, "Internal Server Error: restart", Reason::Transient),
        ("TG-54", 502, 502, "Bad Gateway", Reason::Transient),
        (
            "TG-58",
            400,
            400,
            "Bad Request: can't parse entities: Unsupported start tag \"br\" at byte offset 3",
            Reason::ContentRefused,
        ),
        ("TG-58", 400, 400, "Bad Request: message is too long", Reason::ContentRefused),
        ("TG-58", 400, 400, "Bad Request: Text must be non-empty", Reason::ContentRefused),
    ];
    for (id, status, code, description, reason) in rows {
        let mut host = host(&[(status, &refused(code, description))]);
        let failure = deliver(&chat_1(json!({})), &first(), &mut host).unwrap_err();
        assert_eq!(failure.reason, reason, "{id} {description}");
        assert!(failure.detail.starts_with(&format!("{code}: {description}")), "{id} {}", failure.detail);
        assert_eq!((host.requests.len(), failure.resume.as_str()), (1, ""), "{id}");
        assert!(!failure.detail.contains("SECRET"), "TG-62 {}", failure.detail);
    }
}

#[test]
fn a_demand_to_wait_is_passed_on_and_not_waited_for() {
    let with = |seconds: serde_json::Value| {
        let description = "Too Many Requests: retry after N";
        json!({"ok": false, "error_code": 429, "description": description, "parameters": {"retry_after": seconds}}).to_string()
    };
    let rows = [
        ("TG-55", 429, with(json!(5)), None, 5_000),
        ("TG-55", 429, with(json!(5)), Some("7"), 5_000),
        ("TG-55", 429, refused(429, "Too Many Requests"), Some("7"), 7_000),
        ("TG-55", 200, refused(429, "Too Many Requests"), None, 0),
        ("TG-55", 429, "<html>".to_owned(), Some("3"), 3_000),
        ("TG-55", 429, String::new(), Some("Wed, 21 Oct 2026 07:28:00 GMT"), 0),
        ("TG-56", 429, with(json!(86_400)), None, 86_400_000),
        ("TG-56", 429, with(json!(u64::MAX)), None, u32::MAX),
    ];
    for (id, status, body, header, milliseconds) in rows {
        let headers: Vec<_> = header.map(|seconds| ("retry-after", seconds)).into_iter().collect();
        let mut host = host(&[]).answer(status, &headers, &body);
        let failure = deliver(&chat_1(json!({})), &first(), &mut host).unwrap_err();
        assert_eq!(failure.reason, Reason::RateLimited(milliseconds), "{id} {body}");
        assert_eq!(host.requests.len(), 1, "{id}");
    }
}

#[test]
fn tg_59_an_answer_that_can_not_be_read_is_never_success() {
    let rows = [
        (200, ""),
        (200, "null"),
        (200, "[]"),
        (200, "{\"ok\":\"true\"}"),
        (502, "<html>502</html>"),
        (999, ""),
    ];
    for (status, body) in rows {
        let failure = deliver(&chat_1(json!({})), &first(), &mut host(&[(status, body)])).unwrap_err();
        assert_eq!(failure.reason, Reason::Transient, "{status} {body}");
        assert_eq!(failure.detail, format!("HTTP {status} without a readable answer"));
    }
}

#[test]
fn somebody_else_who_answers_in_telegrams_place_needs_a_person() {
    for status in [302, 401, 403, 404] {
        let failure =
            deliver(&chat_1(json!({})), &first(), &mut host(&[(status, "<html>no</html>")])).unwrap_err();
        assert_eq!(failure.reason, Reason::Misconfigured, "{status}");
        assert_eq!(failure.detail, format!("HTTP {status} without a readable answer; check api-url"));
    }
}

#[test]
fn tg_60_no_answer_is_transient_whatever_broke() {
    let reasons = [
        SendReason::Network("connection refused".into()),
        SendReason::Network("connection reset".into()),
        SendReason::Timeout,
    ];
    for reason in reasons {
        let mut host = host(&[]).fail(reason, true);
        let failure = deliver(&chat_1(json!({})), &first(), &mut host).unwrap_err();
        assert_eq!((failure.reason, host.requests.len()), (Reason::Transient, 1));
    }
}

#[test]
fn what_the_host_refuses_is_for_the_operator() {
    let mut denied = host(&[]).fail(SendReason::Denied("add `allow = [...]`".into()), false);
    let failure = deliver(&chat_1(json!({})), &first(), &mut denied).unwrap_err();
    assert_eq!((failure.reason, failure.detail.as_str()), (Reason::Misconfigured, "add `allow = [...]`"));

    let mut without_token = super::ScriptedHost::with_secrets(&[]);
    let failure = deliver(&chat_1(json!({})), &first(), &mut without_token).unwrap_err();
    assert_eq!((failure.reason, without_token.requests.len()), (Reason::Misconfigured, 0));
}

#[test]
fn a_description_is_bounded_and_in_one_line() {
    let mut host = host(&[(400, &refused(400, &"x\n\u{1b}".repeat(100_000)))]);
    let failure = deliver(&chat_1(json!({})), &first(), &mut host).unwrap_err();
    assert_eq!(failure.detail.chars().count(), "400: ".len() + 300);
    assert!(!failure.detail.contains(char::is_control));
}
