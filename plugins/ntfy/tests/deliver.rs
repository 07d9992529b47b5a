//! Attempts from beginning to end: what is asked of the host, and what the host hears back.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use campanile_channel::testing::{ScriptedHost, attempt, notification};
use campanile_channel::{
    Attempt, Channel, Failure, Notification, Presentation, Reason, Receipt, Request, SendReason, Severity,
};
use campanile_ntfy::Ntfy;
use serde_json::{Value, json};

const PUBLISHED: &str = r#"{"id":"hwQ2YpKdmg","event":"message","sequence_id":"s-1"}"#;

fn host() -> ScriptedHost {
    ScriptedHost::with_secrets(&["topic"])
}

fn deliver(host: &mut ScriptedHost, settings: Value, attempt: &Attempt) -> Result<Receipt, Failure> {
    Ntfy::deliver(&notification(), &serde_json::from_value(settings).unwrap(), attempt, host)
}

fn json_of(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

fn in_presentation(presentation: Presentation) -> Attempt {
    Attempt { presentation, ..attempt() }
}

#[test]
fn a_notification_is_published_as_json_to_the_root_of_the_server() {
    let mut host = host().answer(200, &[], PUBLISHED);
    let receipt = deliver(&mut host, json!({}), &attempt()).unwrap();
    assert_eq!(receipt, Receipt { message_id: "s-1".into(), target: "".into(), warnings: vec![] });
    let request = &host.requests[0];
    assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", "https://ntfy.sh/"));
    let agent = concat!("Campanile/", env!("CARGO_PKG_VERSION"));
    let headers = [("content-type", "application/json"), ("user-agent", agent)];
    assert_eq!(request.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let mut payload = json_of(request);
    let sequence = payload.as_object_mut().unwrap().remove("sequence_id").unwrap();
    assert_eq!(sequence.as_str().unwrap().len(), 32);
    let expected = json!({
        "topic": "SECRET-topic",
        "title": "Heating is off",
        "message": "It was ACTIVE before.\n\nPrevious: ACTIVE",
        "priority": 5,
        "tags": ["rotating_light"],
    });
    assert_eq!(payload, expected);
}

#[test]
fn settings_add_what_the_provider_offers() {
    let settings = json!({
        "server": "https://ntfy.example.com/",
        "priority": 1,
        "tags": ["house", "+1"],
        "click": "https://grafana.example.com/d/heating",
        "icon": "https://example.com/bell.png",
        "markdown": true,
    });
    let mut host = ScriptedHost::with_secrets(&["topic", "token"]).answer(200, &[], PUBLISHED);
    deliver(&mut host, settings, &attempt()).unwrap();
    let request = &host.requests[0];
    assert_eq!(request.url, "https://ntfy.example.com/");
    assert!(request.headers.contains(&("authorization".into(), "Bearer SECRET-token".into())));
    let payload = json_of(request);
    assert_eq!(payload["priority"], 1);
    assert_eq!(payload["tags"], json!(["rotating_light", "house", "+1"]));
    assert_eq!(payload["click"], "https://grafana.example.com/d/heating");
    assert_eq!(payload["icon"], "https://example.com/bell.png");
    assert_eq!(payload["markdown"], true);
}

#[test]
fn each_presentation_lacks_what_may_have_been_refused_in_the_one_before() {
    let settings =
        json!({ "click": "https://x.example/", "icon": "https://x.example/a.png", "markdown": true });
    let names = |presentation| {
        let mut host = host().answer(200, &[], PUBLISHED);
        deliver(&mut host, settings.clone(), &in_presentation(presentation)).unwrap();
        let payload = json_of(&host.requests[0]);
        payload.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
    };
    let rich = "click icon markdown message priority sequence_id tags title topic";
    assert_eq!(names(Presentation::Rich), rich);
    assert_eq!(names(Presentation::Plain), "message priority sequence_id tags title topic");
    assert_eq!(names(Presentation::Minimal), "message priority sequence_id topic");
}

#[test]
fn the_severity_decides_how_loud_it_is() {
    for (severity, priority, tag) in [
        (Severity::Debug, 1, "white_circle"),
        (Severity::Info, 2, "green_circle"),
        (Severity::Warning, 3, "yellow_circle"),
        (Severity::Error, 4, "red_circle"),
        (Severity::Critical, 5, "rotating_light"),
    ] {
        let mut host = host().answer(200, &[], PUBLISHED);
        let notification = Notification { severity, ..notification() };
        let settings = serde_json::from_value(json!({})).unwrap();
        Ntfy::deliver(&notification, &settings, &attempt(), &mut host).unwrap();
        let payload = json_of(&host.requests[0]);
        assert_eq!((&payload["priority"], &payload["tags"]), (&json!(priority), &json!([tag])));
    }
}

#[test]
fn every_attempt_of_a_delivery_is_the_same_notification_on_the_screen() {
    let sequence = |attempt: Attempt| {
        let mut host = host().answer(200, &[], PUBLISHED);
        deliver(&mut host, json!({}), &attempt).unwrap();
        json_of(&host.requests[0])["sequence_id"].clone()
    };
    assert_eq!(
        sequence(attempt()),
        sequence(Attempt { number: 2, ..in_presentation(Presentation::Minimal) })
    );
    assert_ne!(sequence(attempt()), sequence(Attempt { delivery_id: "other".into(), ..attempt() }));
}

#[test]
fn a_recovery_takes_the_place_of_its_alert() {
    let earlier = Receipt { message_id: "s-1".into(), target: String::new(), warnings: vec![] };
    let recovery = Attempt { earlier: Some(earlier), ..attempt() };
    let mut new = host().answer(200, &[], PUBLISHED);
    let receipt = deliver(&mut new, json!({}), &recovery).unwrap();
    assert_eq!((receipt.message_id.as_str(), new.requests.len()), ("s-1", 1));
    assert_eq!(json_of(&new.requests[0])["sequence_id"], "s-1");
    assert!(new.lines.is_empty());
    // A server that knows no sequences shows a second message.
    let mut old = host().answer(200, &[], r#"{"id":"2"}"#);
    assert_eq!(deliver(&mut old, json!({}), &recovery).unwrap().message_id, "2");
    assert!(old.lines[0].starts_with("Level::Info: this server knows no sequences"), "{:?}", old.lines);
}

#[test]
fn without_a_topic_nothing_is_asked() {
    let mut host = ScriptedHost::with_secrets(&["token"]);
    assert_eq!(deliver(&mut host, json!({}), &attempt()).unwrap_err().reason, Reason::Misconfigured);
    let empty = Notification { title: " ".into(), body: String::new(), fields: vec![], ..notification() };
    let settings = serde_json::from_value(json!({})).unwrap();
    let failure = Ntfy::deliver(&empty, &settings, &attempt(), &mut host).unwrap_err();
    assert_eq!(failure.reason, Reason::Rejected);
    assert!(host.requests.is_empty());
}

#[test]
fn what_the_server_refuses_and_what_never_came_back_are_failures() {
    let forbidden = r#"{"code":40301,"http":403,"error":"forbidden","link":""}"#;
    let mut refused = host().answer(403, &[], forbidden);
    let failure = deliver(&mut refused, json!({}), &attempt()).unwrap_err();
    assert_eq!(failure.reason, Reason::Misconfigured);
    let expected = "ntfy answered 403: forbidden (code 40301); check whether `token` may write to the topic";
    assert_eq!(failure.detail, expected);
    let mut lost = host().fail(SendReason::Timeout, true);
    assert_eq!(deliver(&mut lost, json!({}), &attempt()).unwrap_err().reason, Reason::Transient);
}
