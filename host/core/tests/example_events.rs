//! The events in `examples/events` are what their names say, and make readable notifications out of the box.

#![expect(clippy::unwrap_used, reason = "a helper that can not do its work fails the test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use campanile_core::event::{Event, EventError, PAYLOAD_BYTES};
use campanile_core::notification::Severity;
use campanile_core::route::Route;
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
    let read = |event: &Event| {
        let notification = route.render(event, Timestamp::UNIX_EPOCH).notification;
        (notification.title, notification.severity)
    };
    let valid: BTreeMap<String, (String, Severity)> = examples()
        .iter()
        .filter(|(name, _)| !name.starts_with("invalid-"))
        .map(|(name, event)| (name.clone(), read(event.as_ref().unwrap())))
        .collect();
    let expected = [
        ("heating-active", "home-heating: ACTIVE", Severity::Info),
        ("heating-inactive", "home-heating: INACTIVE", Severity::Error),
        ("hostile-markup", "heating</b>@everyone{{ now }}: INACTIVE", Severity::Error),
        ("odd-unicode", "küche-heizung-🏠: INACTIVE", Severity::Error),
        ("stale", "home-heating: INACTIVE (3 h ago)", Severity::Warning),
        ("too-long", "home-heating: INACTIVE", Severity::Error),
    ];
    let expected = expected.map(|(name, title, severity)| (name.to_owned(), (title.to_owned(), severity)));
    assert_eq!(valid, BTreeMap::from(expected));
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
