use campanile_channel::{Field, Severity, testing};
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn settings(more: &serde_json::Value) -> Settings {
    let mut all = json!({ "from": "alerts@example.com", "to": "ops@example.com" });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

fn rich(notification: &Notification) -> Email {
    email(notification, &settings(&json!({})), Presentation::Rich).unwrap()
}

#[test]
fn both_parts_tell_title_body_and_fields() {
    let email = rich(&testing::notification());
    assert_eq!(email.subject, "Heating is off");
    assert_eq!(email.text, "Heating is off\n\nIt was ACTIVE before.\n\nPrevious: ACTIVE");
    let html = email.html.unwrap();
    for piece in [
        "border-left:4px solid #7b0f1c",
        ">Heating is off</h1>",
        ">It was ACTIVE before.</div>",
        ">Previous</td><td>ACTIVE</td></tr>",
        ">home-heating &middot; 2026-11-23T04:05:06Z</div>",
    ] {
        assert!(html.contains(piece), "{piece}: {html}");
    }
}

#[test]
fn html_is_left_out_where_it_is_not_wanted_or_was_refused() {
    let notification = testing::notification();
    let text = settings(&json!({ "format": "text" }));
    assert_eq!(email(&notification, &text, Presentation::Rich).unwrap().html, None);
    let plain = email(&notification, &settings(&json!({})), Presentation::Plain).unwrap();
    assert_eq!((plain.html, plain.is_rich), (None, false));
    assert_eq!(plain.text, rich(&notification).text);
    let minimal = email(&notification, &settings(&json!({})), Presentation::Minimal).unwrap();
    let title = "Heating is off".to_owned();
    assert_eq!(minimal, Email { subject: title.clone(), text: title, html: None, is_rich: false });
}

#[test]
fn hostile_text_reads_as_it_was_sent() {
    let hostile = "</div><script>alert(1)</script>\r\nBcc: all@example.com";
    let field = Field { name: hostile.into(), value: hostile.into() };
    let notification = Notification {
        device_id: hostile.into(),
        title: hostile.into(),
        body: hostile.into(),
        occurred_at: hostile.into(),
        fields: vec![field],
        ..testing::notification()
    };
    let email = rich(&notification);
    assert_eq!(email.subject, "</div><script>alert(1)</script> Bcc: all@example.com");
    let html = email.html.unwrap();
    assert!(!html.contains("<script>"), "{html}");
    assert_eq!(html.matches("&lt;script&gt;").count(), 6);
    assert_eq!(html.matches("<div").count(), html.matches("</div>").count());
}

#[test]
fn markup_of_a_template_is_shown_and_its_text_told() {
    let body = "<b>cold</b> &lt;5&gt; <script>x()</script>".to_owned();
    let html =
        Notification { body, body_format: TextFormat::Html, fields: vec![], ..testing::notification() };
    let email = rich(&html);
    assert!(email.html.unwrap().contains("<b>cold</b> &lt;5&gt;"));
    assert_eq!(email.text, "Heating is off\n\ncold <5>");
}

#[test]
fn a_subject_has_the_prefix_and_is_never_empty() {
    let subject = |title: &str, prefix: &str| {
        let notification = Notification { title: title.into(), ..testing::notification() };
        let settings = settings(&json!({ "subject-prefix": prefix }));
        email(&notification, &settings, Presentation::Rich).unwrap().subject
    };
    assert_eq!(subject("Off", "[heating]"), "[heating] Off");
    assert_eq!(subject("a\r\nb\u{2028}c", ""), "a b c");
    assert_eq!(subject(" \u{200B}", "[heating]"), "[heating] home-heating: INACTIVE");
    assert_eq!(subject(&"ж".repeat(9000), "").chars().count(), SUBJECT);
}

#[test]
fn an_email_needs_something_to_read() {
    let nothing =
        Notification { title: " ".into(), body: "\n".into(), fields: vec![], ..testing::notification() };
    assert_eq!(email(&nothing, &settings(&json!({})), Presentation::Rich), None);
    let untitled = Notification { body: "x".into(), ..nothing };
    assert_eq!(rich(&untitled).text, "x");
    assert_eq!(email(&untitled, &settings(&json!({})), Presentation::Minimal), None);
}

#[test]
fn each_severity_has_its_colour() {
    let severities =
        [Severity::Debug, Severity::Info, Severity::Warning, Severity::Error, Severity::Critical];
    let colours = severities.map(|severity| {
        let html = rich(&Notification { severity, ..testing::notification() }).html.unwrap();
        html.split("solid ").nth(1).unwrap()[..7].to_owned()
    });
    for (number, colour) in colours.iter().enumerate() {
        assert!(colour.starts_with('#') && !colours[..number].contains(colour), "{colours:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_part_is_longer_than_mail_programs_show(
        text in "[ aж<>&\"\n]{0,60}",
        times in 0_usize..1000,
        fields in 0_usize..100,
        as_html in any::<bool>(),
    ) {
        let long = text.repeat(times);
        let notification = Notification {
            device_id: long.clone(),
            title: long.clone(),
            body: long.clone(),
            body_format: if as_html { TextFormat::Html } else { TextFormat::Text },
            fields: vec![Field { name: text, value: long }; fields],
            ..testing::notification()
        };
        for presentation in [Presentation::Rich, Presentation::Plain, Presentation::Minimal] {
            if let Some(email) = email(&notification, &settings(&json!({})), presentation) {
                prop_assert!(!email.subject.is_empty() && email.subject.chars().count() <= SUBJECT);
                prop_assert!(!email.subject.contains(['\r', '\n']));
                prop_assert!(!email.text.is_empty() && email.text.len() <= PART, "{}", email.text.len());
                prop_assert!(email.html.is_none_or(|html| html.len() <= PART));
            }
        }
    }
}
