//! The events in `examples/events` are what their names say, and make readable notifications out of the box.

#![expect(clippy::unwrap_used, reason = "a helper that can not do its work fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use campanile_core::event::{Event, EventError, PAYLOAD_BYTES};
use campanile_core::notification::Severity;
use campanile_core::route::Route;
use campanile_core::transition::{DeviceState, Policy, arrive};
use jiff::Timestamp;

/// All examples by name. They have their time of receipt, so no clock is needed.
fn examples() -> BTreeMap<String, Result<Event, EventError>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/events");
    let example = |file: fs::DirEntry| {
        let name = file.path().file_stem().unwrap().to_str().unwrap().to_owned();
        (name, Event::parse(&fs::read(file.path()).unwrap(), Timestamp::UNIX_EPOCH))
    };
    fs::read_dir(folder).unwrap().map(|file| example(file.unwrap())).collect()
}

#[test]
fn valid_examples_make_readable_notifications() {
    let route = Route::to_all(Vec::new());
    let policy = Policy { stale_wait: Duration::ZERO, ..route.policy.clone() };
    let read = |event: &Event| {
        let now = event.received_at.unwrap();
        let arrival = arrive(&DeviceState::default(), event, route.standing(event, now).0, &policy, now);
        let notification = route.render(event, arrival.verdict.news()?, now).notification;
        Some((notification.title, notification.severity))
    };
    let valid: BTreeMap<String, Option<(String, Severity)>> = examples()
        .iter()
        .filter(|(name, _)| !name.starts_with("invalid-"))
        .map(|(name, event)| (name.clone(), read(event.as_ref().unwrap())))
        .collect();
    let expected = [
        ("heating-active", None),
        ("heating-inactive", Some(("home-heating: INACTIVE", Severity::Error))),
        ("hostile-markup", Some(("heating</b>@everyone{{ now }}: INACTIVE", Severity::Error))),
        ("odd-unicode", Some(("küche-heizung-🏠: INACTIVE", Severity::Error))),
        ("stale", Some(("home-heating: INACTIVE (3 h ago)", Severity::Warning))),
        ("too-long", Some(("home-heating: INACTIVE", Severity::Error))),
    ];
    let expected = expected
        .map(|(name, told)| (name.to_owned(), told.map(|(title, severity)| (title.to_owned(), severity))));
    assert_eq!(valid, BTreeMap::from(expected));
}

#[test]
fn an_example_that_was_kept_is_the_same_later() {
    let later = Timestamp::UNIX_EPOCH + Duration::from_secs(1_000_000);
    for event in examples().into_values().flatten() {
        let kept = event.envelope().to_string();
        assert_eq!(Event::parse(kept.as_bytes(), later), Ok(event));
    }
}

#[test]
fn invalid_examples_are_refused_with_the_reason() {
    let invalid: Vec<String> = examples()
        .into_iter()
        .filter(|(name, _)| name.starts_with("invalid-"))
        .map(|(name, event)| format!("{name}: {}", event.unwrap_err()))
        .collect();
    assert_eq!(
        invalid,
        [
            "invalid-not-an-object: the payload is text; publish a JSON object such as {\"device_id\": …, \"status\": …}",
            "invalid-spoofed-device: `device_id` is `home-heating`, but client `garage-door` published it; a device may speak only for itself",
            "invalid-wrong-type: `seq` is text (`\"forty-one\"`); send a whole number from 0 on",
        ]
    );
}

#[test]
fn the_long_example_is_longer_than_any_message_may_be() {
    let event = examples().remove("too-long").unwrap().unwrap();
    // Telegram takes 4096 code points, Discord 6000 in all embeds.
    assert!(event.reading["log"].as_str().unwrap().chars().count() > 6000);
    assert!(event.payload_json.len() < PAYLOAD_BYTES);
}
