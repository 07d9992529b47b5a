//! Attempts from beginning to end: what is asked of the host, and what the host hears back.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use campanile_channel::testing::ScriptedHost;
use campanile_channel::{
    Attempt, Channel, Failure, Notification, Presentation, Reason, Receipt, Request, SendReason, Severity,
    TextFormat,
};
use campanile_discord::Discord;
use serde_json::{Value, json};

const SAVED: &str = r#"{"id":"7","channel_id":"8"}"#;

fn notification(title: &str, body: &str) -> Notification {
    Notification {
        event_id: "0193".into(),
        device_id: "".into(),
        status: "INACTIVE".into(),
        severity: Severity::Critical,
        title: title.into(),
        body: body.into(),
        body_format: TextFormat::Text,
        occurred_at: "2026-11-23T04:05:06Z".into(),
        fields: vec![],
        event_json: r#"{"status":"INACTIVE"}"#.into(),
    }
}

fn attempt() -> Attempt {
    Attempt {
        delivery_id: "0193:bell".into(),
        number: 1,
        presentation: Presentation::Rich,
        remaining_ms: 10_000,
        resume: String::new(),
        earlier: None,
    }
}

fn host() -> ScriptedHost {
    ScriptedHost::with_secrets(&["webhook-url"])
}

fn deliver(
    host: &mut ScriptedHost,
    body: &str,
    settings: Value,
    attempt: &Attempt,
) -> Result<Receipt, Failure> {
    let settings = serde_json::from_value(settings).unwrap();
    Discord::deliver(&notification("Test Title", body), &settings, attempt, host)
}

fn json_of(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

fn urls(host: &ScriptedHost) -> Vec<&str> {
    host.requests.iter().map(|request| request.url.as_str()).collect()
}

#[test]
fn dc_01_a_message_is_posted_as_alertmanager_does_and_pings_nobody() {
    let mut host = host().answer(200, &[], SAVED);
    let settings = json!({ "username": "Test Username", "avatar-url": "http://example.com/avatar.png" });
    let receipt = deliver(&mut host, "Test Message", settings, &attempt()).unwrap();
    assert_eq!(receipt, Receipt { message_id: "7".into(), target: "8".into(), warnings: vec![] });
    let request = &host.requests[0];
    assert_eq!(request.method, "POST");
    assert_eq!(request.url, "https://discord.com/api/v10/webhooks/SECRET-webhook-url?wait=true");
    let agent =
        format!("Campanile (https://github.com/campanile-iot/campanile, {})", env!("CARGO_PKG_VERSION"));
    let headers = [("content-type", "application/json".into()), ("user-agent", agent)];
    assert_eq!(request.headers, headers.map(|(name, value)| (name.to_owned(), value)));
    let expected = json!({
        // DC-16
        "embeds": [{ "title": "Test Title", "description": "Test Message", "color": 10_038_562, "timestamp": "2026-11-23T04:05:06Z" }],
        "username": "Test Username",
        "avatar_url": "http://example.com/avatar.png",
        "allowed_mentions": { "parse": [] },
    });
    assert_eq!(json_of(request), expected);
}

#[test]
fn dc_09_every_part_goes_to_the_thread() {
    let base = "https://discord.com/api/v10/webhooks/SECRET-webhook-url?wait=true";
    let long = "x".repeat(5000);
    let two_parts = |secrets: &[&str], settings: Value| {
        let saved = r#"{"id":"7","channel_id":"900"}"#;
        let mut host = ScriptedHost::with_secrets(secrets).answer(200, &[], saved).answer(200, &[], saved);
        let mut all = json!({ "overflow": "split" });
        all.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
        deliver(&mut host, &long, all, &attempt()).unwrap();
        host
    };
    let by_setting = two_parts(&["webhook-url", "webhook-url.thread_id"], json!({ "thread-id": 12345 }));
    assert_eq!(urls(&by_setting), [format!("{base}&thread_id=12345"), format!("{base}&thread_id=12345")]);
    let by_url = two_parts(&["webhook-url", "webhook-url.thread_id"], json!({}));
    assert_eq!(urls(&by_url), vec![format!("{base}&thread_id=SECRET-webhook-url.thread_id"); 2]);
    let by_name = two_parts(&["webhook-url", "webhook-url.thread_id"], json!({ "thread-name": "Boiler" }));
    assert_eq!(urls(&by_name), [base.to_owned(), format!("{base}&thread_id=900")]);
    let names = by_name.requests.iter().map(|request| json_of(request)["thread_name"].clone());
    assert_eq!(names.collect::<Vec<_>>(), [json!("Boiler"), Value::Null]);
}

#[test]
fn dc_10_only_ids_of_the_settings_may_be_pinged() {
    let mut host = host().answer(204, &[], "");
    let settings = json!({ "mention-users": [321], "mention-roles": ["654"] });
    deliver(&mut host, "@everyone and <@123> <@&456>", settings, &attempt()).unwrap();
    let request = json_of(&host.requests[0]);
    assert_eq!(request["allowed_mentions"], json!({ "parse": [], "users": ["321"], "roles": ["654"] }));
    assert_eq!(request["content"], "<@321> <@&654>");
}

#[test]
fn dc_11_silent_messages_have_the_flag() {
    let mut host = host().answer(204, &[], "");
    deliver(&mut host, "b", json!({ "silent": true }), &attempt()).unwrap();
    assert_eq!(json_of(&host.requests[0])["flags"], 4096);
}

#[test]
fn dc_14_nothing_to_read_is_rejected_without_a_request() {
    let mut host = host();
    let failure =
        Discord::deliver(&notification(" ", "\n"), &Default::default(), &attempt(), &mut host).unwrap_err();
    assert_eq!((failure.reason, failure.detail.as_str()), (Reason::Rejected, "empty"));
    assert!(host.requests.is_empty());
}

#[test]
fn dc_20_a_success_without_an_id_is_a_success() {
    for (status, body) in [(204, ""), (200, "<html>")] {
        let mut host = host().answer(status, &[], body);
        let receipt = deliver(&mut host, "b", json!({}), &attempt()).unwrap();
        assert_eq!(receipt, Receipt { message_id: "".into(), target: "".into(), warnings: vec![] });
    }
}

#[test]
fn dc_21_to_28_a_failure_is_one_request_and_tells_the_host_what_to_do() {
    for (id, status, headers, body, reason) in [
        ("DC-21", 429, &[("retry-after", "1")][..], "", Reason::RateLimited(1000)),
        ("DC-27", 500, &[], "", Reason::Transient),
        ("DC-28", 400, &[], r#"{"code":50035}"#, Reason::ContentRefused),
        ("DC-28", 401, &[], r#"{"code":50027}"#, Reason::Misconfigured),
        ("DC-28", 403, &[], "", Reason::Misconfigured),
        ("DC-28", 404, &[], r#"{"code":10015}"#, Reason::Misconfigured),
    ] {
        let mut host = host().answer(status, headers, body);
        let failure = deliver(&mut host, "b", json!({}), &attempt()).unwrap_err();
        assert_eq!(failure.reason, reason, "{id}");
        assert_eq!((host.requests.len(), failure.resume.as_str()), (1, ""), "{id}");
        assert!(!failure.detail.contains("SECRET"), "DC-31: {}", failure.detail);
    }
}

#[test]
fn dc_30_a_request_without_an_answer_may_work_later_unless_it_was_refused_here() {
    for (reason, expected) in [
        (SendReason::Timeout, Reason::Transient),
        (SendReason::Network("connection refused".into()), Reason::Transient),
        (SendReason::Network("connection reset".into()), Reason::Transient),
        (SendReason::Denied("not granted".into()), Reason::Misconfigured),
        (SendReason::Invalid("bad URL".into()), Reason::Rejected),
    ] {
        let mut host = host().fail(reason, true);
        assert_eq!(deliver(&mut host, "b", json!({}), &attempt()).unwrap_err().reason, expected);
    }
    let failure = deliver(&mut ScriptedHost::default(), "b", json!({}), &attempt()).unwrap_err();
    assert_eq!(failure.reason, Reason::Misconfigured, "no webhook");
}

#[test]
fn dc_32_the_event_is_attached_as_a_file_of_the_last_part() {
    let mut host = host().answer(200, &[], SAVED).answer(200, &[], SAVED);
    let settings = json!({ "attach-event": true, "overflow": "split" });
    deliver(&mut host, &"x".repeat(5000), settings, &attempt()).unwrap();
    assert_eq!(host.requests[0].headers[0].1, "application/json");
    let last = &host.requests[1];
    assert_eq!(last.headers[0].1, "multipart/form-data; boundary=campanile");
    let body = String::from_utf8(last.body.clone()).unwrap();
    let (_, payload) =
        body.split_once("name=\"payload_json\"\r\nContent-Type: application/json\r\n\r\n").unwrap();
    let payload: Value = serde_json::from_str(payload.split_once("\r\n--campanile").unwrap().0).unwrap();
    assert_eq!(payload["allowed_mentions"], json!({ "parse": [] }));

    let file = "--campanile\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"event.json\"\r\n\
                Content-Type: application/json\r\n\r\n{\"status\":\"INACTIVE\"}\r\n--campanile--\r\n";
    assert!(body.ends_with(file), "{body}");
}

#[test]
fn a_device_can_not_end_the_part_it_is_in() {
    let mut host = host().answer(200, &[], SAVED);
    deliver(&mut host, "x\r\n--campanile--\r\n", json!({ "attach-event": true }), &attempt()).unwrap();
    let body = String::from_utf8(host.requests[0].body.clone()).unwrap();
    assert_eq!(body.matches("\n--campanile").count(), 2, "one between the parts, one at the end: {body}");
}

#[test]
fn a_simpler_presentation_has_no_attachment() {
    let mut host = host().answer(200, &[], SAVED);
    let plain = Attempt { presentation: Presentation::Plain, ..attempt() };
    deliver(&mut host, "b", json!({ "attach-event": true }), &plain).unwrap();
    let expected = json!({ "content": "Test Title\nb", "allowed_mentions": { "parse": [] } });
    assert_eq!(json_of(&host.requests[0]), expected);
}

#[test]
fn parts_that_are_delivered_are_not_sent_again() {
    let settings = || json!({ "style": "text", "overflow": "split" });
    let body = "x".repeat(5500);
    let mut first = host().answer(200, &[], SAVED).answer(200, &[], r#"{"id":"9"}"#).answer(502, &[], "");
    let failure = deliver(&mut first, &body, settings(), &attempt()).unwrap_err();
    assert_eq!((failure.reason, failure.resume.as_str()), (Reason::Transient, "2,7,8"));

    let mut second = host().answer(200, &[], r#"{"id":"10"}"#);
    let again = Attempt { resume: failure.resume, number: 2, ..attempt() };
    let receipt = deliver(&mut second, &body, settings(), &again).unwrap();
    assert_eq!((receipt.message_id.as_str(), receipt.target.as_str()), ("7", "8"));
    assert_eq!(second.requests.len(), 1);
    let sent = first.requests.iter().take(2).chain(&second.requests);
    let all: String = sent.map(|request| json_of(request)["content"].as_str().unwrap().to_owned()).collect();
    assert_eq!(all.matches('x').count(), body.len());
}

fn after_an_alert() -> Attempt {
    let earlier = Receipt { message_id: "5".into(), target: "6".into(), warnings: vec![] };
    Attempt { earlier: Some(earlier), ..attempt() }
}

#[test]
fn an_earlier_message_is_edited_and_a_silent_one_added() {
    let mut host = host().answer(200, &[], r#"{"id":"5"}"#).answer(200, &[], SAVED);
    let receipt = deliver(&mut host, "up again", json!({ "username": "Bell" }), &after_an_alert()).unwrap();
    assert_eq!(receipt.message_id, "7");
    let [edit, new] = host.requests.as_slice() else { panic!("{:?}", host.requests) };
    assert_eq!(edit.method, "PATCH");
    assert_eq!(edit.url, "https://discord.com/api/v10/webhooks/SECRET-webhook-url/messages/5");
    let keys: Vec<String> = json_of(edit).as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        keys,
        ["allowed_mentions", "content", "embeds"],
        "an edit changes what people see and nothing else"
    );
    assert_eq!((json_of(edit)["content"].clone(), json_of(new)["flags"].clone()), (json!(""), json!(4096)));
}

#[test]
fn a_message_that_can_not_be_edited_is_replaced_by_the_new_one() {
    let gone = r#"{"message":"Unknown Message","code":10008}"#;
    let mut replaced = host().answer(404, &[], gone).answer(200, &[], SAVED);
    deliver(&mut replaced, "up again", json!({}), &after_an_alert()).unwrap();
    let line = "earlier message not edited: Discord answered 404: Unknown Message (code 10008)";
    assert!(replaced.lines[0].ends_with(line), "{:?}", replaced.lines);

    let mut lost = host().fail(SendReason::Timeout, true).answer(200, &[], SAVED);
    assert_eq!(deliver(&mut lost, "up again", json!({}), &after_an_alert()).unwrap().message_id, "7");

    let mut limited = host().answer(429, &[("retry-after", "2")], "");
    let failure = deliver(&mut limited, "up again", json!({}), &after_an_alert()).unwrap_err();
    assert_eq!((failure.reason, limited.requests.len()), (Reason::RateLimited(2000), 1));
}

#[test]
fn the_thread_made_for_an_alert_is_used_for_what_follows() {
    let mut host = host().answer(200, &[], SAVED).answer(200, &[], SAVED);
    deliver(&mut host, "up again", json!({ "thread-name": "Boiler" }), &after_an_alert()).unwrap();
    assert!(urls(&host).iter().all(|url| url.ends_with("thread_id=6")), "{:?}", urls(&host));
    assert_eq!(json_of(&host.requests[1]).get("thread_name"), None);
}
