//! The PagerDuty fake accepts, refuses and shows what PagerDuty would.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can not go on has failed"
)]

use campanile_local::fakes::pagerduty::PagerDutyFake;
use campanile_local::fakes::{Answer, CaughtRequest, Fake, Part, Shown};
use serde_json::{Value, json};

const KEY: &str = "0123456789abcdef0123456789ABCDEF";

fn pagerduty() -> PagerDutyFake {
    let fake = PagerDutyFake::new(|| "2026-11-23T04:05:06Z".parse().unwrap());
    fake.remove("f".repeat(32));
    fake
}

fn request(body: &str) -> CaughtRequest {
    let url = "https://events.pagerduty.com/v2/enqueue".parse().unwrap();
    CaughtRequest { method: "POST".into(), url, headers: Vec::new(), body: body.into() }
}

fn event(action: &str, key: &str) -> Value {
    let payload = json!({ "summary": "Boiler is off", "source": "boiler", "severity": "critical" });
    json!({ "routing_key": KEY, "event_action": action, "dedup_key": key, "payload": payload })
}

fn send(fake: &PagerDutyFake, event: &Value) -> Answer {
    fake.answer(&request(&event.to_string()))
}

fn body(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

/// What the incident says under this name.
fn field(shown: &Shown, name: &str) -> Option<String> {
    let Part::Embed { fields, .. } = &shown.parts[0] else { panic!("no card") };
    fields.iter().find(|field| field.name == name).map(|field| field.value.text.clone())
}

fn status(answer: &Answer) -> Option<String> {
    field(answer.shown.as_ref()?, "Status")
}

#[test]
fn refusals_are_in_pagerdutys_own_words() {
    for line in include_str!("pagerduty/refusals.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let answer = send(&pagerduty(), &case["body"]);
        assert_eq!(body(&answer), case["answer"], "{}", case["name"]);
        assert_eq!((answer.status, answer.shown), (400, None), "{}", case["name"]);
    }
}

#[test]
fn what_is_no_event_is_not_recognized() {
    for text in ["", "{", "[]", "7"] {
        let answer = pagerduty().answer(&request(text));
        let expected = json!({
            "status": "Unrecognized object",
            "message": "Event object format is unrecognized",
            "errors": ["JSON parse error"],
        });
        assert_eq!((answer.status, body(&answer)), (400, expected), "{text}");
    }
    let large = "x".repeat(512 * 1024 + 1);
    assert_eq!(pagerduty().answer(&request(&large)).status, 413);
    let get = CaughtRequest { method: "GET".into(), ..request("") };
    assert_eq!(pagerduty().answer(&get).status, 405);
    let change = CaughtRequest {
        url: "https://events.pagerduty.com/v2/change/enqueue".parse().unwrap(),
        ..request("{}")
    };
    assert_eq!(pagerduty().answer(&change).status, 404);
}

#[test]
fn limits_are_inclusive_and_count_characters() {
    let mut long = event("trigger", &"я".repeat(255));
    long["payload"]["summary"] = "😀".repeat(1024).into();
    long["payload"]["timestamp"] = "2015-07-17T08:42:58.315+0000".into();
    assert_eq!(send(&pagerduty(), &long).status, 202);
}

#[test]
fn an_event_is_accepted_with_its_key_or_a_new_one() {
    let fake = pagerduty();
    let expected = json!({ "status": "success", "message": "Event processed", "dedup_key": "boiler/off" });
    let answer = send(&fake, &event("trigger", "boiler/off"));
    assert_eq!((answer.status, body(&answer)), (202, expected));
    let mut nameless = event("trigger", "");
    nameless.as_object_mut().unwrap().remove("dedup_key");
    let keys: Vec<Value> = (0..2).map(|_| body(&send(&fake, &nameless))["dedup_key"].clone()).collect();
    assert_eq!(keys[0].as_str().unwrap().len(), 32);
    assert_ne!(keys[0], keys[1]);
}

#[test]
fn an_incident_is_shown_as_people_see_it() {
    let mut event = event("trigger", "k");
    event["payload"]["component"] = "burner".into();
    event["payload"]["custom_details"] = json!({ "temperature": 12.5, "note": "*cold*" });
    event["payload"]["timestamp"] = "2026-11-23T04:00:00Z".into();
    event["links"] = json!([{ "href": "https://a.b", "text": "Runbook" }]);
    event["client"] = "Campanile".into();
    let shown = send(&pagerduty(), &event).shown.unwrap();
    assert_eq!(
        (shown.message_id.as_str(), shown.author.as_deref(), shown.silent),
        ("k", Some("Campanile"), false)
    );
    assert_eq!(shown.to, "service of the integration …CDEF");
    for (name, value) in [
        ("Status", "Triggered"),
        ("Severity", "critical"),
        ("Source", "boiler"),
        ("component", "burner"),
        ("temperature", "12.5"),
        ("note", "*cold*"),
        ("Link", "Runbook"),
    ] {
        assert_eq!(field(&shown, name).as_deref(), Some(value), "{name}");
    }
    let Part::Embed { title, timestamp, .. } = &shown.parts[0] else { panic!("no card") };
    assert_eq!(title.as_ref().unwrap().text, "Boiler is off");
    assert_eq!(timestamp.as_deref(), Some("2026-11-23T04:00:00Z"));
}

#[test]
fn a_recovery_resolves_the_incident_and_another_problem_opens_a_new_one() {
    let fake = pagerduty();
    let opened = send(&fake, &event("trigger", "k"));
    let again = send(&fake, &event("trigger", "k"));
    assert_eq!(field(again.shown.as_ref().unwrap(), "Triggered again").as_deref(), Some("1"));
    let acknowledged = send(&fake, &event("acknowledge", "k"));
    assert_eq!(status(&acknowledged).as_deref(), Some("Acknowledged"));
    let still = send(&fake, &event("trigger", "k"));
    assert_eq!(status(&still).as_deref(), Some("Acknowledged"), "it stays so");
    assert!(still.shown.unwrap().silent);
    let resolved = send(&fake, &event("resolve", "k"));
    assert_eq!(status(&resolved).as_deref(), Some("Resolved"));
    let id = |answer: &Answer| answer.shown.as_ref().unwrap().message_id.clone();
    assert_eq!(id(&opened), id(&resolved));
    let next = send(&fake, &event("trigger", "k"));
    assert_eq!((status(&next).as_deref(), id(&next).as_str()), (Some("Triggered"), "k (2)"));
}

#[test]
fn what_is_about_no_open_incident_is_accepted_and_dropped() {
    let fake = pagerduty();
    for action in ["acknowledge", "resolve"] {
        let answer = send(&fake, &event(action, "k"));
        assert_eq!((answer.status, answer.shown), (202, None), "{action}");
    }
    send(&fake, &event("trigger", "k"));
    let mut other = event("resolve", "k");
    other["routing_key"] = "e".repeat(32).into();
    assert_eq!(send(&fake, &other).shown, None, "another integration");
    assert_eq!(status(&send(&fake, &event("resolve", "k"))).as_deref(), Some("Resolved"));
}

#[test]
fn an_incident_of_another_life_can_be_resolved() {
    let mut trigger = event("trigger", "");
    trigger.as_object_mut().unwrap().remove("dedup_key");
    let trigger = request(&trigger.to_string());
    let answer = pagerduty().answer(&trigger);
    let fake = pagerduty();
    fake.remember(&trigger, &answer);
    let key = body(&answer)["dedup_key"].as_str().unwrap().to_owned();
    let resolved = send(&fake, &event("resolve", &key));
    assert_eq!(status(&resolved).as_deref(), Some("Resolved"));
}
