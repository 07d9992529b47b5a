use serde_json::json;

use super::*;
use crate::event::Event;

fn event() -> Event {
    let event = json!({
        "payload": {
            "device_id": "home</b>", "status": "INACTIVE", "occurred_at": "2026-11-23T01:05:06Z",
            "reading": { "flow": 21.5, "note": "{{ now }} <b>", "rooms": ["a", "b"] }, "room": "cellar",
        },
        "client_id": "home</b>", "trace_id": "t", "received_at": 1_795_406_708_000_i64,
    });
    Event::from_value(&event, jiff::Timestamp::UNIX_EPOCH).unwrap()
}

fn render(source: &str, format: TextFormat) -> Result<Rendered, TemplateError> {
    Template::compile(source, format)?.render(&context(&event(), jiff::Timestamp::UNIX_EPOCH))
}

fn text(source: &str) -> String {
    let rendered = render(source, TextFormat::Text).unwrap();
    assert_eq!(rendered.note, None);
    rendered.text
}

fn holds(source: &str) -> Result<bool, TemplateError> {
    Condition::compile(source)?.holds(&context(&event(), jiff::Timestamp::UNIX_EPOCH))
}

#[test]
fn values_of_the_event_are_shown_as_they_are() {
    assert_eq!(text("{{ event.device_id }} {{ event.reading.note }}"), "home</b> {{ now }} <b>");
    assert_eq!(text("{{ event.payload.room }} {{ event.reading.rooms | join('+') }}"), "cellar a+b");
}

#[test]
fn html_escapes_what_the_device_sent_and_keeps_what_the_template_says() {
    let html = render("<b>{{ event.device_id }}</b>", TextFormat::Html).unwrap().text;
    assert_eq!(html, "<b>home&lt;&#x2f;b&gt;</b>");
}

#[test]
fn times_are_readable() {
    assert_eq!(text("{{ event.occurred_at | time }}"), "2026-11-23 01:05:06 UTC");
    assert_eq!(text("{{ event.occurred_at | ago }}"), "3 h ago");
    assert_eq!(text("{{ 3900 | duration }}"), "1 h 5 min");
}

#[test]
fn a_value_that_the_event_lacks_is_left_out_and_noted() {
    let rendered = render("flow {{ event.reading.temperature.inlet }}!", TextFormat::Text).unwrap();
    assert_eq!(rendered.text, "flow !");
    assert_eq!(rendered.note.as_deref(), Some("undefined value (`.temperature.inlet`)"));
    assert_eq!(
        text("{% if event.reading.temperature %}a{% else %}b{% endif %}"),
        "b",
        "asking is no mistake"
    );
}

#[test]
fn too_much_work_is_an_error() {
    let busy = "{% for a in range(1000) %}{% for b in range(1000) %}x{% endfor %}{% endfor %}";
    assert!(render(busy, TextFormat::Text).unwrap_err().message.contains("fuel"));
    assert!(render("{{ 'x' * 99999999 }}", TextFormat::Text).is_err());
}

#[test]
fn mistakes_are_found_when_compiling() {
    let table = [
        ("{{ event.staus }}", "an event has no `staus`", Some(3..14), Some("did you mean `status`?")),
        ("a {{ evnt.status }}", "there is no `evnt`", Some(5..16), Some("did you mean `event`?")),
        ("{{ event.status | uper }}", "unknown filter: filter uper is unknown", Some(18..22), None),
        (
            "{% include 'x' %}",
            "template not found: tried to include non-existing template 'x'",
            Some(3..14),
            None,
        ),
    ];
    for (source, message, range, help) in table {
        let error = Template::compile(source, TextFormat::Text).unwrap_err();
        assert!(error.message.starts_with(message), "{source}: {error:?}");
        assert_eq!(error.help.as_deref(), help, "{source}");
        assert_eq!(error.range, range, "{source}");
    }
    // DC-15
    assert!(Template::compile("{{ ", TextFormat::Text).unwrap_err().message.starts_with("syntax error"));
}

#[test]
fn conditions_are_expressions() {
    for (source, expected) in [
        ("true", true),
        ("event.status == 'INACTIVE' and event.reading.flow > 20", true),
        ("event.status in ['LOST', 'FAULT']", false),
        ("event.topic is none and event.device_id is startingwith 'home'", true),
        ("event.reading.pressure", false),
    ] {
        assert_eq!(holds(source), Ok(expected), "{source}");
    }
    assert!(Condition::compile("event.status ==").is_err());
    assert!(Condition::compile("event.status = 'INACTIVE'").is_err());
    assert!(holds("event.reading.pressure < 5").is_err(), "a missing reading is no number");
}
