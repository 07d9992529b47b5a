//! The webhook fake accepts what a receiver of Standard Webhooks would.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use campanile_local::fakes::webhook::{SigningSecret, WebhookFake};
use campanile_local::fakes::{Answer, CaughtRequest, Fake, Part};

/// The vector of the reference libraries: standard-webhooks/standard-webhooks `libraries/rust/src/lib.rs`, `test_sign`.
const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const ID: &str = "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk";
const SECONDS: i64 = 1_649_367_553;
const BODY: &str = r#"{"email":"test@example.com","username":"test_user"}"#;
const SIGNATURE: &str = "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=";

fn endpoint() -> WebhookFake {
    WebhookFake::new(|| "2022-04-07T21:39:13Z".parse().unwrap())
        .with_secret(SigningSecret::parse(SECRET).unwrap())
}

fn send(fake: &WebhookFake, method: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    fake.answer(&CaughtRequest {
        method: method.into(),
        url: "https://example.com/hook".parse().unwrap(),
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body: body.as_bytes().to_vec(),
    })
}

fn signed(timestamp: &str, signature: &str, body: &str) -> (u16, String) {
    let headers = [("webhook-id", ID), ("webhook-timestamp", timestamp), ("webhook-signature", signature)];
    let answer = send(&endpoint(), "POST", &headers, body);
    assert_eq!(answer.shown.is_some(), answer.status == 200);
    (answer.status, String::from_utf8(answer.body).unwrap())
}

#[test]
fn the_reference_vector_is_accepted() {
    let time = SECONDS.to_string();
    assert_eq!(signed(&time, SIGNATURE, BODY).0, 200);
    let others = "v1,tFtCZ5RDCPxzWQRWXWPgrCgE2frDBe9gjpbWQxnVfsQ= v1a,AAAA";
    assert_eq!(signed(&time, &format!("{others} {SIGNATURE}"), BODY).0, 200, "one of several");
}

#[test]
fn a_wrong_signature_is_refused_with_its_reason() {
    let time = SECONDS.to_string();
    let other_time = (SECONDS + 1).to_string();
    let mismatch = "`webhook-signature` has no `v1` signature that fits the body and this secret";
    for (timestamp, signature, body, reason) in [
        (time.as_str(), SIGNATURE, "{}", mismatch),
        (&other_time, SIGNATURE, BODY, mismatch),
        (&time, "v1,AAAA", BODY, mismatch),
        (&time, "", BODY, mismatch),
        (&time, &SIGNATURE.replace("v1,", "v2,"), BODY, mismatch),
        ("now", SIGNATURE, BODY, "`webhook-timestamp` is not a number of seconds"),
        ("-9223372036854775808", SIGNATURE, BODY, "`webhook-timestamp` is more than five minutes old"),
        ("1649367252", SIGNATURE, BODY, "`webhook-timestamp` is more than five minutes old"),
        ("1649367854", SIGNATURE, BODY, "`webhook-timestamp` is more than five minutes ahead"),
    ] {
        let (status, answer) = signed(timestamp, signature, body);
        assert_eq!(status, 401, "{timestamp} {signature}");
        assert_eq!(answer, serde_json::json!({ "error": reason }).to_string());
    }
}

#[test]
fn a_signature_needs_the_headers_that_it_signs() {
    let time = SECONDS.to_string();
    let all = [("webhook-id", ID), ("webhook-timestamp", &time), ("webhook-signature", SIGNATURE)];
    for missing in 0..2 {
        let some: Vec<(&str, &str)> = all.iter().copied().filter(|header| *header != all[missing]).collect();
        let answer = send(&endpoint(), "POST", &some, BODY);
        assert_eq!(answer.status, 401);
        assert!(String::from_utf8(answer.body).unwrap().contains(all[missing].0));
    }
}

#[test]
fn five_minutes_either_way_are_tolerated() {
    for seconds in [SECONDS - 300, SECONDS + 300] {
        let (_, answer) = signed(&seconds.to_string(), SIGNATURE, BODY);
        assert!(
            answer.contains("webhook-signature"),
            "the time is right, just not what was signed: {answer}"
        );
    }
}

#[test]
fn whatever_is_not_signed_is_accepted_and_shown() {
    for method in ["POST", "PUT"] {
        let answer = send(&endpoint(), method, &[("webhook-id", "evt:bell")], r#"{"a":[1]}"#);
        let shown = answer.shown.unwrap();
        assert_eq!(
            (answer.status, shown.message_id.as_str(), shown.to.as_str()),
            (200, "evt:bell", "https://example.com/hook")
        );
        let [Part::Text(text)] = shown.parts.as_slice() else { panic!("{shown:?}") };
        assert_eq!(text.text, "{\n  \"a\": [\n    1\n  ]\n}");
    }
    assert_eq!(send(&endpoint(), "GET", &[], "").status, 405);
    assert_eq!(send(&endpoint(), "POST", &[], "not JSON").status, 200);
}

#[test]
fn a_secret_is_base64_and_never_printed() {
    assert!(SigningSecret::parse("whsec_***").is_err());
    assert_eq!(format!("{:?}", SigningSecret::parse(SECRET).unwrap()), "SigningSecret(…)");
}
