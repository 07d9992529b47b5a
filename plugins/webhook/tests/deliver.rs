//! Attempts from beginning to end: what is asked of the host, and what the host hears back.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use campanile_channel::testing::ScriptedHost;
use campanile_channel::{
    Attempt, Channel, Failure, Field, Notification, Presentation, Reason, Receipt, SendReason, Severity,
    TextFormat,
};
use campanile_webhook::Webhook;
use serde_json::{Value, json};

fn notification() -> Notification {
    Notification {
        event_id: "0193".into(),
        device_id: "home-heating".into(),
        status: "INACTIVE".into(),
        severity: Severity::Critical,
        title: "Heating is off".into(),
        body: "<b>cold</b>".into(),
        body_format: TextFormat::Html,
        occurred_at: "2026-11-23T04:05:06Z".into(),
        fields: vec![Field { name: "Previous".into(), value: "ACTIVE".into() }],
        event_json: r#"{"status":"INACTIVE","reading":1.10000000000000000001}"#.into(),
    }
}

fn deliver(host: &mut ScriptedHost, settings: Value) -> Result<Receipt, Failure> {
    let attempt = Attempt {
        delivery_id: "0193:office".into(),
        number: 2,
        presentation: Presentation::Plain,
        remaining_ms: 10_000,
        resume: String::new(),
        earlier: None,
    };
    Webhook::deliver(&notification(), &serde_json::from_value(settings).unwrap(), &attempt, host)
}

fn url() -> Value {
    json!({ "url": "https://example.com/hook" })
}

#[test]
fn the_payload_is_the_notification_with_the_event_as_it_was_sent() {
    let mut host = ScriptedHost::default().answer(200, &[], "");
    let receipt = deliver(&mut host, url()).unwrap();
    assert_eq!(receipt, Receipt { message_id: "".into(), target: "".into(), warnings: vec![] });
    let request = &host.requests[0];
    assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", "https://example.com/hook"));
    let expected = concat!(
        r#"{"type":"device.status","timestamp":"2026-11-23T04:05:06Z","data":{"event_id":"0193","#,
        r#""device_id":"home-heating","status":"INACTIVE","severity":"critical","title":"Heating is off","#,
        r#""body":"<b>cold</b>","body_format":"html","occurred_at":"2026-11-23T04:05:06Z","#,
        r#""fields":[{"name":"Previous","value":"ACTIVE"}],"#,
        r#""event":{"status":"INACTIVE","reading":1.10000000000000000001}}}"#,
    );
    assert_eq!(String::from_utf8_lossy(&request.body), expected);
}

#[test]
fn headers_identify_the_delivery_and_sign_it_only_with_a_secret() {
    let agent = concat!("Campanile/", env!("CARGO_PKG_VERSION"));
    let common = [("content-type", "application/json"), ("user-agent", agent), ("webhook-id", "0193:office")];
    let signed = [("webhook-signature", "SECRET-signing-secret"), ("authorization", "SECRET-authorization")];
    for (secrets, more) in [(&[][..], &[][..]), (&["signing-secret", "authorization"], &signed)] {
        let mut host = ScriptedHost::with_secrets(secrets).answer(204, &[], "");
        deliver(&mut host, url()).unwrap();
        let headers: Vec<(&str, &str)> =
            host.requests[0].headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(headers, [&common, more].concat());
    }
}

#[test]
fn method_and_further_headers_come_from_the_settings() {
    let mut host = ScriptedHost::default().answer(200, &[], "");
    let settings =
        json!({ "url": "http://10.0.0.1:8080/x?y=1", "method": "PUT", "headers": { "x-team": "ops" } });
    deliver(&mut host, settings).unwrap();
    assert_eq!(host.requests[0].method, "PUT");
    assert_eq!(host.requests[0].headers[0], ("x-team".to_owned(), "ops".to_owned()));
}

#[test]
fn only_2xx_is_success() {
    for status in [200, 201, 202, 204, 299] {
        assert!(
            deliver(&mut ScriptedHost::default().answer(status, &[], "<html>"), url()).is_ok(),
            "{status}"
        );
    }
    let hint = |value: &'static str| [("retry-after", value)];
    for (status, headers, reason) in [
        (301, [("location", "https://example.org/new?token=1")], Reason::Rejected),
        (400, hint("1"), Reason::Rejected),
        (401, hint("1"), Reason::Misconfigured),
        (403, hint("1"), Reason::Misconfigured),
        (404, hint("1"), Reason::Rejected),
        (408, hint("1"), Reason::Transient),
        (410, hint("1"), Reason::Misconfigured),
        (425, hint("1"), Reason::Transient),
        (429, hint("1.0001"), Reason::RateLimited(1001)),
        (429, hint("Wed, 21 Oct 2026 07:28:00 GMT"), Reason::RateLimited(0)),
        (500, hint("1"), Reason::Transient),
        (503, hint("2"), Reason::RateLimited(2000)),
        (503, hint("soon"), Reason::Transient),
        (599, hint("1"), Reason::Transient),
    ] {
        let mut host = ScriptedHost::default().answer(status, &headers, "");
        assert_eq!(deliver(&mut host, url()).unwrap_err().reason, reason, "{status} {headers:?}");
    }
    let mut host = ScriptedHost::default().fail(SendReason::Timeout, true);
    assert_eq!(deliver(&mut host, url()).unwrap_err().reason, Reason::Transient);
}

#[test]
fn the_detail_tells_what_to_do_in_the_endpoints_words() {
    let detail = |status, headers: &[(&str, &str)], body: &str| {
        deliver(&mut ScriptedHost::default().answer(status, headers, body), url()).unwrap_err().detail
    };
    assert_eq!(
        detail(401, &[], "{\"error\":\n\"bad token\"}"),
        "endpoint answered 401; check the secrets: {\"error\": \"bad token\"}"
    );
    assert_eq!(detail(500, &[], &"x".repeat(5000)).chars().count(), "endpoint answered 500: ".len() + 200);
    let moved = |location| detail(308, &[("location", location)], "");
    let text = "endpoint answered 308; redirects are not followed: set `url` to ";
    assert_eq!(moved("https://example.org/new?token=1"), format!("{text}https://example.org/"));
    assert_eq!(moved("/elsewhere"), format!("{text}where it leads"));
    assert!(detail(410, &[], "").contains("remove the channel"));
}

#[test]
fn an_event_that_is_not_json_is_rejected_without_a_request() {
    let broken = Notification { event_json: "{".into(), ..notification() };
    let attempt = Attempt {
        delivery_id: "d".into(),
        number: 1,
        presentation: Presentation::Rich,
        remaining_ms: 1000,
        resume: String::new(),
        earlier: None,
    };
    let mut host = ScriptedHost::default();
    let settings = serde_json::from_value(url()).unwrap();
    assert_eq!(
        Webhook::deliver(&broken, &settings, &attempt, &mut host).unwrap_err().reason,
        Reason::Rejected
    );
    assert!(host.requests.is_empty());
}
