//! Attempts from beginning to end: what is asked of the host, and what the host hears back.

use campanile_channel::testing::{ScriptedHost, attempt, notification};
use campanile_channel::{Channel, Failure, Reason, Receipt, SendReason};
use my_channel::{MyChannel, Settings};

fn deliver(host: &mut ScriptedHost) -> Result<Receipt, Failure> {
    let settings = Settings { url: "https://chat.example.com/api".into(), sender: "Bell".into() };
    MyChannel::deliver(&notification(), &settings, &attempt(), host)
}

#[test]
fn a_notification_is_posted_with_the_key_in_a_header() {
    let mut host = ScriptedHost::with_secrets(&["api-key"]).answer(201, &[], r#"{"id":"7"}"#);
    assert_eq!(deliver(&mut host).unwrap().message_id, "7");
    let request = &host.requests[0];
    assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", "https://chat.example.com/api"));
    let headers = [
        ("content-type".to_owned(), "application/json".to_owned()),
        ("authorization".to_owned(), "Bearer SECRET-api-key".to_owned()),
        ("idempotency-key".to_owned(), attempt().delivery_id),
    ];
    assert_eq!(request.headers, headers);
    let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
    assert_eq!(body["title"], "Heating is off");
}

#[test]
fn a_refusal_and_a_lost_connection_are_failures() {
    let host = || ScriptedHost::with_secrets(&["api-key"]);
    let refused = deliver(&mut host().answer(403, &[], "")).unwrap_err();
    assert_eq!(refused.reason, Reason::Misconfigured);
    let lost = deliver(&mut host().fail(SendReason::Timeout, true)).unwrap_err();
    assert_eq!(lost.reason, Reason::Transient);
}

#[test]
fn without_the_key_nothing_is_sent() {
    let mut host = ScriptedHost::default();
    assert_eq!(deliver(&mut host).unwrap_err().reason, Reason::Misconfigured);
    assert!(host.requests.is_empty());
}
