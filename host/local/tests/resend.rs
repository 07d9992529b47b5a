//! The Resend fake accepts, refuses and shows what Resend would.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::sync::atomic::{AtomicI64, Ordering};

use campanile_local::fakes::resend::{Key, ResendFake};
use campanile_local::fakes::{Answer, CaughtRequest, Fake, Part};
use jiff::Timestamp;
use serde_json::{Value, json};

fn resend() -> ResendFake {
    with_clock(|| "2026-11-23T04:05:06Z".parse().unwrap())
}

fn with_clock(clock: fn() -> Timestamp) -> ResendFake {
    let fake = ResendFake::new(clock);
    for (key, what) in [
        ("re_unknown", Key::Unknown),
        ("re_inactive", Key::Inactive),
        ("re_suspended", Key::Suspended),
        ("re_daily", Key::OverDailyQuota),
        ("re_monthly", Key::OverMonthlyQuota),
        ("re_testing", Key::Testing { owner: "owner@example.com".into() }),
    ] {
        fake.configure(key, what);
    }
    fake.unverify("new.example");
    fake
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> CaughtRequest {
    let given = |name: &str| headers.iter().any(|(given, _)| *given == name);
    let authorization = (!given("authorization")).then_some(("authorization", "Bearer re_123"));
    let headers = headers.iter().copied().chain(authorization);
    CaughtRequest {
        method: method.into(),
        url: format!("https://api.resend.com{path}").parse().unwrap(),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        body: body.to_string().into(),
    }
}

fn email(more: &Value) -> Value {
    let mut email =
        json!({ "from": "Boiler <bell@example.com>", "to": "ann@example.org", "subject": "Boiler is off" });
    email.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    email
}

fn send(fake: &ResendFake, headers: &[(&str, &str)], body: &Value) -> Answer {
    fake.answer(&request("POST", "/emails", headers, body))
}

fn body(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

#[test]
fn refusals_are_in_resends_own_words() {
    for line in include_str!("resend/refusals.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| case[name].as_str().unwrap();
        let headers = case["headers"].as_object().unwrap();
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
        let answer = resend().answer(&request(text("method"), text("path"), &headers, &case["body"]));
        assert_eq!(body(&answer), case["answer"], "{}", case["name"]);
        assert_eq!(u64::from(answer.status), case["answer"]["statusCode"], "{}", case["name"]);
        assert_eq!(answer.shown, None, "{}", case["name"]);
    }
    let garbage = CaughtRequest { body: b"{".to_vec(), ..request("POST", "/emails", &[], &json!({})) };
    assert_eq!(body(&resend().answer(&garbage))["name"], "validation_error");
}

#[test]
fn limits_are_inclusive() {
    let tag = json!({ "name": "n".repeat(256), "value": "v".repeat(256) });
    for more in [
        json!({ "text": "x", "to": vec!["ann@example.org"; 50] }),
        json!({ "text": "", "tags": [tag] }),
        json!({ "html": "x", "attachments": [{ "filename": "a.txt", "content": "YQ==" }, { "path": "https://a.b/c.png" }] }),
        json!({ "text": "x", "headers": { "X-Entity-Ref-ID": "1" }, "cc": [], "reply_to": null }),
    ] {
        assert_eq!(send(&resend(), &[], &email(&more)).status, 200, "{more}");
    }
    let key = "k".repeat(256);
    assert_eq!(send(&resend(), &[("idempotency-key", &key)], &email(&json!({ "text": "x" }))).status, 200);
    let own = email(&json!({ "text": "x", "to": "owner@example.com" }));
    assert_eq!(send(&resend(), &[("authorization", "Bearer re_testing")], &own).status, 200);
}

#[test]
fn an_email_is_shown_as_people_see_it() {
    let more = json!({
        "html": "<h1>Boiler</h1><p>is <b>off</b> &amp; cold</p>",
        "text": "never seen",
        "cc": ["Bob <bob@example.org>"],
        "reply_to": "help@example.com",
        "attachments": [{ "filename": "event.json", "content": "e30=" }],
    });
    let answer = send(&resend(), &[], &email(&more));
    let id = body(&answer)["id"].as_str().unwrap().to_owned();
    let shown = answer.shown.unwrap();
    assert_eq!(
        (shown.message_id, shown.to.as_str(), shown.author.as_deref()),
        (id, "ann@example.org", Some("Boiler"))
    );
    let Part::Embed { title, description, fields, footer, .. } = &shown.parts[0] else { panic!("no card") };
    assert_eq!(title.as_ref().unwrap().text, "Boiler is off");
    let description = description.as_ref().unwrap();
    assert_eq!((description.text.as_str(), description.styles.len()), ("Boiler\n\nis off & cold", 2));
    let rows: Vec<(&str, &str)> =
        fields.iter().map(|field| (field.name.as_str(), field.value.text.as_str())).collect();
    let expected = [
        ("From", "Boiler <bell@example.com>"),
        ("To", "ann@example.org"),
        ("Cc", "Bob <bob@example.org>"),
        ("Reply to", "help@example.com"),
    ];
    assert_eq!(rows, expected);
    assert_eq!(footer.as_deref(), Some("📎 event.json"));
}

#[test]
fn an_idempotency_key_sends_once_and_only_one_thing() {
    let fake = resend();
    let headers = [("idempotency-key", "evt/1")];
    let first = send(&fake, &headers, &email(&json!({ "text": "x" })));
    let again = send(&fake, &headers, &email(&json!({ "text": "x" })));
    assert_eq!((again.status, body(&again)), (200, body(&first)));
    assert_eq!(again.shown, None, "nobody sees it twice");
    let other = send(&fake, &headers, &email(&json!({ "text": "y" })));
    assert_eq!((other.status, &body(&other)["name"]), (409, &json!("invalid_idempotent_request")));
    let mine =
        send(&fake, &[("authorization", "Bearer re_other"), headers[0]], &email(&json!({ "text": "y" })));
    assert_eq!(mine.status, 200, "keys are an account's own");
    let refused = send(&fake, &[("idempotency-key", "evt/2")], &email(&json!({})));
    let repaired = send(&fake, &[("idempotency-key", "evt/2")], &email(&json!({ "text": "x" })));
    assert_eq!((refused.status, repaired.status), (422, 200), "what was not sent is not known");
}

#[test]
fn an_idempotency_key_is_known_for_a_day() {
    static NOW: AtomicI64 = AtomicI64::new(1_795_000_000);
    let fake = with_clock(|| Timestamp::from_second(NOW.load(Ordering::Relaxed)).unwrap());
    let sent = || {
        let answer = send(&fake, &[("idempotency-key", "evt/1")], &email(&json!({ "text": "x" })));
        body(&answer)["id"].clone()
    };
    let first = sent();
    NOW.fetch_add(24 * 60 * 60 - 1, Ordering::Relaxed);
    assert_eq!(sent(), first);
    NOW.fetch_add(1, Ordering::Relaxed);
    assert_ne!(sent(), first);
}

#[test]
fn an_idempotency_key_of_another_life_is_known() {
    let request =
        request("POST", "/emails", &[("idempotency-key", "evt/1")], &email(&json!({ "text": "x" })));
    let answer = resend().answer(&request);
    let fake = resend();
    fake.remember(&request, &answer);
    assert_eq!(body(&fake.answer(&request)), body(&answer));
}
