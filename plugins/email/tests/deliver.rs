//! Attempts from beginning to end: what is asked of the host, and what the host hears back.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use campanile_channel::testing::{ScriptedHost, attempt, notification};
use campanile_channel::{
    Attempt, Channel, Failure, Notification, Presentation, Reason, Receipt, Request, SendReason, Severity,
};
use campanile_email::Email;
use serde_json::{Value, json};

const SENT: &str = r#"{"id":"49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"}"#;

fn host() -> ScriptedHost {
    ScriptedHost::with_secrets(&["api-key"])
}

fn settings() -> Value {
    json!({ "from": "Campanile <alerts@example.com>", "to": "ops@example.com", "format": "text" })
}

fn deliver(host: &mut ScriptedHost, settings: Value, attempt: &Attempt) -> Result<Receipt, Failure> {
    Email::deliver(&notification(), &serde_json::from_value(settings).unwrap(), attempt, host)
}

fn json_of(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers.iter().find(|(header, _)| header == name).map_or("", |(_, value)| value.as_str())
}

#[test]
fn a_notification_is_sent_as_an_email() {
    let mut host = host().answer(200, &[], SENT);
    let receipt = deliver(&mut host, settings(), &attempt()).unwrap();
    let expected = Receipt {
        message_id: "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794".into(),
        target: "ops@example.com".into(),
        warnings: vec![],
    };
    assert_eq!(receipt, expected);
    let request = &host.requests[0];
    assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", "https://api.resend.com/emails"));
    assert_eq!(header(request, "authorization"), "Bearer SECRET-api-key");
    assert_eq!(header(request, "user-agent"), concat!("Campanile/", env!("CARGO_PKG_VERSION")));
    let expected = json!({
        "from": "Campanile <alerts@example.com>",
        "to": ["ops@example.com"],
        "subject": "Heating is off",
        "text": "Heating is off\n\nIt was ACTIVE before.\n\nPrevious: ACTIVE",
        "headers": { "Auto-Submitted": "auto-generated", "Importance": "high" },
        "tags": [{ "name": "severity", "value": "critical" }, { "name": "device", "value": "home-heating" }],
    });
    assert_eq!(json_of(request), expected);
}

#[test]
fn settings_add_what_the_provider_offers() {
    let settings = json!({
        "from": "alerts@example.com",
        "to": "On call <oncall@example.com>",
        "reply-to": "ops@example.com",
        "subject-prefix": "[heating]",
        "api-url": "https://resend.internal.example.com/",
    });
    let mut host = host().answer(200, &[], SENT);
    assert_eq!(deliver(&mut host, settings, &attempt()).unwrap().target, "On call <oncall@example.com>");
    let request = &host.requests[0];
    assert_eq!(request.url, "https://resend.internal.example.com/emails");
    let payload = json_of(request);
    assert_eq!(payload["reply_to"], "ops@example.com");
    assert_eq!(payload["subject"], "[heating] Heating is off");
    assert!(payload["html"].as_str().unwrap().contains("Heating is off</h1>"));
}

#[test]
fn a_delivery_that_is_tried_again_is_sent_once() {
    let asked = |attempt: Attempt| {
        let mut host = host().answer(200, &[], SENT);
        deliver(&mut host, settings(), &attempt).unwrap();
        let request = host.requests.remove(0);
        (header(&request, "idempotency-key").to_owned(), request.body)
    };
    assert_eq!(asked(attempt()), asked(Attempt { number: 2, ..attempt() }));
    let plain = Attempt { presentation: Presentation::Plain, ..attempt() };
    assert_ne!(asked(attempt()).0, asked(plain).0);
    assert_ne!(asked(attempt()).0, asked(Attempt { delivery_id: "other".into(), ..attempt() }).0);
}

#[test]
fn an_email_that_was_sent_with_other_words_is_delivered_with_a_warning() {
    let body = r#"{"statusCode":409,"message":"This idempotency key …","name":"invalid_idempotent_request"}"#;
    let mut host = host().answer(409, &[], body);
    let receipt = deliver(&mut host, settings(), &attempt()).unwrap();
    assert_eq!(receipt.message_id, "");
    assert_eq!(receipt.warnings, ["an earlier attempt had sent it, with other words"]);
}

#[test]
fn a_recovery_is_an_email_of_its_own() {
    let earlier = Receipt { message_id: "1".into(), target: "ops@example.com".into(), warnings: vec![] };
    let mut host = host().answer(200, &[], SENT);
    deliver(&mut host, settings(), &Attempt { earlier: Some(earlier), ..attempt() }).unwrap();
    assert_eq!(host.requests.len(), 1);
    assert_eq!(host.requests[0].method, "POST");
}

#[test]
fn a_device_can_not_break_out_of_a_tag_or_a_header() {
    let notification = Notification {
        device_id: "Käse \"x\r\ny".into(),
        severity: Severity::Info,
        title: "a\r\nBcc: all@example.com".into(),
        ..notification()
    };
    let mut host = host().answer(200, &[], SENT);
    let settings = serde_json::from_value(settings()).unwrap();
    Email::deliver(&notification, &settings, &attempt(), &mut host).unwrap();
    let payload = json_of(&host.requests[0]);
    assert_eq!(payload["tags"][1]["value"], "K_se__x__y");
    assert_eq!(payload["subject"], "a Bcc: all@example.com");
    assert_eq!(payload["headers"], json!({ "Auto-Submitted": "auto-generated" }));
}

#[test]
fn without_a_key_or_something_to_read_nothing_is_asked() {
    let mut none = ScriptedHost::default();
    assert_eq!(deliver(&mut none, settings(), &attempt()).unwrap_err().reason, Reason::Misconfigured);
    let empty = Notification { title: " ".into(), body: String::new(), fields: vec![], ..notification() };
    let settings = serde_json::from_value(settings()).unwrap();
    let failure = Email::deliver(&empty, &settings, &attempt(), &mut none).unwrap_err();
    assert_eq!(failure.reason, Reason::Rejected);
    assert!(none.requests.is_empty());
}

#[test]
fn what_resend_refuses_and_what_never_came_back_are_failures() {
    let quota = r#"{"statusCode":429,"message":"You have exceeded your daily email sending quota.","name":"daily_quota_exceeded"}"#;
    let failure = deliver(&mut host().answer(429, &[], quota), settings(), &attempt()).unwrap_err();
    assert_eq!(failure.reason, Reason::Misconfigured);
    let expected = "Resend answered 429: You have exceeded your daily email sending quota. (daily_quota_exceeded); \
                    the plan's quota is used up";
    assert_eq!(failure.detail, expected);
    let mut lost = host().fail(SendReason::Timeout, true);
    assert_eq!(deliver(&mut lost, settings(), &attempt()).unwrap_err().reason, Reason::Transient);
}
