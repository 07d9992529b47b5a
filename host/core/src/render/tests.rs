mod kinds;
mod summary;

use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::notification::Severity;
use crate::transition::{DeviceState, Policy, Standing, arrive};

const RECEIVED: i64 = 1_795_406_708_000; // 2026-11-23T04:05:08Z

fn event(change: impl FnOnce(&mut Value)) -> Event {
    let mut payload = json!({
        "event_id": "019aaf3c-7d00-7cc3-98c4-dc0c0c07398f",
        "device_id": "home-heating",
        "status": "INACTIVE",
        "previous": "ACTIVE",
        "occurred_at": "2026-11-23T04:05:06Z",
        "reading": { "flow": 21.5 },
    });
    change(&mut payload);
    let envelope = json!({ "payload": payload, "received_at": RECEIVED });
    Event::from_value(&envelope, Timestamp::UNIX_EPOCH).unwrap()
}

fn route() -> Route {
    Route::to_all(Vec::new())
}

fn with_templates(title: &str, body: &str, format: TextFormat) -> Route {
    let title = Some(Template::compile(title, TextFormat::Text).unwrap());
    let body = Some(Template::compile(body, format).unwrap());
    Route { title, body, format, ..route() }
}

/// What is told of an event that the route alerts on.
fn render(route: &Route, change: impl FnOnce(&mut Value)) -> RenderedNotification {
    let event = event(change);
    let policy = Policy { stale_wait: Duration::ZERO, ..route.policy.clone() };
    let (standing, now) = (Standing { bad: true, was_bad: None }, event.received_at.unwrap());
    let arrival = arrive(&DeviceState::default(), &event, standing, &policy, now);
    route.render(&event, arrival.verdict.news().unwrap(), now)
}

fn with_severity(severity: Severity) -> Route {
    Route { policy: Policy { severity, ..Policy::default() }, ..route() }
}

#[test]
fn without_templates_people_read_what_changed_and_when() {
    let rendered = render(&route(), |_| ());
    insta::assert_json_snapshot!(rendered.notification, @r#"
    {
      "event-id": "019aaf3c-7d00-7cc3-98c4-dc0c0c07398f",
      "device-id": "home-heating",
      "status": "INACTIVE",
      "severity": "error",
      "title": "home-heating: INACTIVE",
      "body": "home-heating changed from ACTIVE to INACTIVE at 2026-11-23 04:05:06 UTC.",
      "body-format": "text",
      "occurred-at": "2026-11-23T04:05:06Z",
      "fields": [
        {
          "name": "Previous",
          "value": "ACTIVE"
        },
        {
          "name": "Reading",
          "value": "{\"flow\":21.5}"
        },
        {
          "name": "Time",
          "value": "2026-11-23 04:05:06 UTC"
        }
      ],
      "event-json": "{\"device_id\":\"home-heating\",\"event_id\":\"019aaf3c-7d00-7cc3-98c4-dc0c0c07398f\",\"occurred_at\":\"2026-11-23T04:05:06Z\",\"previous\":\"ACTIVE\",\"reading\":{\"flow\":21.5},\"status\":\"INACTIVE\"}"
    }
    "#);
    assert_eq!(rendered.problems, [""; 0]);
}

#[test]
fn what_the_device_did_not_send_is_not_told() {
    let notification = render(&route(), |it| {
        it["previous"] = Value::Null;
        it["reading"] = Value::Null;
    })
    .notification;
    assert_eq!(notification.body, "home-heating reported INACTIVE at 2026-11-23 04:05:06 UTC.");
    assert_eq!(notification.fields.len(), 1);
}

#[test]
fn an_alert_is_an_error_unless_the_route_says_otherwise() {
    assert_eq!(render(&route(), |_| ()).notification.severity, Severity::Error);
    let critical = with_severity(Severity::Critical);
    assert_eq!(render(&critical, |_| ()).notification.severity, Severity::Critical);
}

#[test]
fn a_stale_event_says_so_and_is_less_urgent() {
    let at = |time: &'static str, severity| {
        let notification =
            render(&with_severity(severity), |it| it["occurred_at"] = time.into()).notification;
        (notification.title, notification.severity)
    };
    let fresh = ("home-heating: INACTIVE".to_owned(), Severity::Critical);
    assert_eq!(at("2026-11-23T03:50:08Z", Severity::Critical), fresh, "exactly 15 minutes");
    let stale = |severity| ("home-heating: INACTIVE (3 h ago)".to_owned(), severity);
    assert_eq!(at("2026-11-23T01:05:06Z", Severity::Critical), stale(Severity::Warning));
    assert_eq!(at("2026-11-23T01:05:06Z", Severity::Info), stale(Severity::Info));
}

#[test]
fn a_clock_that_is_ahead_is_told() {
    let body = render(&route(), |it| it["occurred_at"] = "2027-01-01T00:00:00Z".into()).notification.body;
    assert!(
        body.ends_with(
            "at 2026-11-23 04:05:08 UTC. This is when it was received: the device's clock is ahead."
        )
    );
}

#[test]
fn templates_decide_what_people_read() {
    let route = with_templates(
        "Heating\n  is {{ event.status | lower }}",
        "<b>{{ event.reading.note }}</b>",
        TextFormat::Html,
    );
    let notification = render(&route, |it| it["reading"] = json!({ "note": "a < b" })).notification;
    assert_eq!(notification.title, "Heating is inactive");
    assert_eq!((notification.body.as_str(), notification.body_format), ("<b>a &lt; b</b>", TextFormat::Html));
}

#[test]
fn a_template_that_fails_never_loses_the_alert() {
    let route = with_templates("{{ event.reading | round }}", "{{ event.reading.a }} ", TextFormat::Html);
    let rendered = render(&route, |_| ());
    assert_eq!(rendered.notification.title, "home-heating: INACTIVE");
    assert_eq!(rendered.notification.body_format, TextFormat::Text);
    assert!(rendered.notification.body.starts_with("home-heating changed from ACTIVE"));
    let problems: Vec<&str> =
        rendered.problems.iter().map(|problem| problem.split(" (").next().unwrap()).collect();
    assert_eq!(
        problems,
        [
            "route `default`: title: invalid operation: cannot round value",
            "route `default`: body: undefined value",
            "route `default`: body: nothing was rendered; the built-in text takes its place",
        ],
        "{:?}",
        rendered.problems
    );
}

#[test]
fn long_texts_are_cut() {
    let long = "я".repeat(60_000);
    let route = with_templates("{{ event.reading }}", "{{ event.reading }}", TextFormat::Text);
    let notification = render(&route, |it| {
        it["reading"] = long.into();
        it["occurred_at"] = "2026-11-23T01:05:06Z".into();
    })
    .notification;
    assert!(notification.title.len() <= TITLE_BYTES && notification.title.ends_with("… (3 h ago)"));
    assert!(notification.body.len() <= BODY_BYTES && notification.body.ends_with('…'));
    let reading = &notification.fields[1].value;
    assert!(reading.len() <= FIELD_BYTES && reading.ends_with('…'));
}

proptest! {
    #[test]
    fn whatever_a_device_sends_can_be_read(reading: String, device in "[^\\p{C}\\s]{1,30}") {
        let route = with_templates("{{ event.reading }}", "<i>{{ event.reading }}</i>", TextFormat::Html);
        let notification = render(&route, |it| {
            it["reading"] = reading.into();
            it["device_id"] = device.into();
        })
        .notification;
        prop_assert!(!notification.title.trim().is_empty() && notification.title.len() <= TITLE_BYTES);
        prop_assert!(!notification.title.chars().any(crate::text::is_invisible));
        let inner = notification.body.strip_prefix("<i>").and_then(|body| body.strip_suffix("</i>"));
        prop_assert!(!inner.unwrap().contains(['<', '>', '"']), "{}", notification.body);
    }
}
