use campanile_channel::{Field, testing};
use proptest::prelude::*;

use super::*;

fn rich(notification: &Notification, settings: &Settings) -> Message {
    message(notification, settings, Presentation::Rich).unwrap()
}

fn with_body(body: &str) -> Notification {
    Notification { body: body.into(), fields: vec![], ..testing::notification() }
}

fn html(body: &str) -> Notification {
    Notification { body_format: TextFormat::Html, ..with_body(body) }
}

fn markdown() -> Settings {
    Settings { markdown: true, ..Settings::default() }
}

#[test]
fn title_body_and_fields_are_told() {
    let message = rich(&testing::notification(), &Settings::default());
    assert_eq!(message.title, "Heating is off");
    assert_eq!(message.text, "It was ACTIVE before.\n\nPrevious: ACTIVE");
    assert!(message.is_rich && !message.is_markdown);
    assert_eq!(
        rich(&testing::notification(), &markdown()).text,
        "It was ACTIVE before.\n\n**Previous:** ACTIVE"
    );
}

#[test]
fn markup_is_shown_only_where_the_settings_want_it_and_never_raw() {
    let body = html("<b>cold</b> &amp; dark_1*");
    let text = |settings: &Settings, presentation| message(&body, settings, presentation).unwrap().text;
    assert_eq!(text(&markdown(), Presentation::Rich), r"**cold** & dark_1\*");
    assert_eq!(text(&Settings::default(), Presentation::Rich), "cold & dark_1*");
    let plain = message(&body, &markdown(), Presentation::Plain).unwrap();
    assert_eq!((plain.text.as_str(), plain.is_markdown, plain.is_rich), ("cold & dark_1*", false, false));
}

#[test]
fn the_minimal_message_is_the_title_alone() {
    let minimal = message(&testing::notification(), &markdown(), Presentation::Minimal).unwrap();
    let expected = Message { text: "Heating is off".into(), is_minimal: true, ..Message::default() };
    assert_eq!(minimal, expected);
}

#[test]
fn a_message_needs_something_to_read() {
    let titled = Notification { title: " \u{200B}".into(), ..with_body("x") };
    assert_eq!(rich(&titled, &Settings::default()).text, "x");
    let alone = with_body(" \n");
    assert_eq!(
        rich(&alone, &Settings::default()),
        Message { text: "Heating is off".into(), is_rich: true, ..Message::default() }
    );
    let nothing = Notification { title: "\n".into(), ..alone };
    assert_eq!(message(&nothing, &Settings::default(), Presentation::Rich), None);
}

#[test]
fn fields_without_a_name_or_a_value_are_left_out() {
    let field = |name: &str, value: &str| Field { name: name.into(), value: value.into() };
    let fields = vec![field("a", ""), field(" ", "1"), field("b\nc", " 2\r\n3 ")];
    let notification = Notification { fields, ..with_body("x") };
    assert_eq!(rich(&notification, &Settings::default()).text, "x\n\nb c: 2\n3");
}

#[test]
fn the_body_gives_way_and_fields_stay() {
    let notification = Notification { body: "ж".repeat(5000), ..testing::notification() };
    let text = rich(&notification, &Settings::default()).text;
    assert!(text.len() <= TEXT && text.len() > TEXT - 4, "{}", text.len());
    assert!(text.ends_with("ж…\n\nPrevious: ACTIVE"));
    let title = Notification { title: "😀".repeat(1000), ..testing::notification() };
    let title = rich(&title, &Settings::default()).title;
    assert!(title.len() <= TITLE && title.ends_with("😀…"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_longer_than_the_server_takes(
        text in r"[ aж*_~`|<>#&!\[\]\\.\n-]{0,60}",
        times in 0_usize..200,
        fields in 0_usize..40,
        use_markdown in any::<bool>(),
        as_html in any::<bool>(),
    ) {
        let field = Field { name: text.clone(), value: text.clone() };
        let notification = Notification {
            title: text.repeat(times),
            body: text.repeat(times),
            body_format: if as_html { TextFormat::Html } else { TextFormat::Text },
            fields: vec![field; fields],
            ..testing::notification()
        };
        let settings = Settings { markdown: use_markdown, ..Settings::default() };
        for presentation in [Presentation::Rich, Presentation::Plain, Presentation::Minimal] {
            if let Some(message) = message(&notification, &settings, presentation) {
                prop_assert!(message.title.len() <= TITLE && message.text.len() <= TEXT);
                prop_assert!(!message.text.is_empty());
            }
        }
    }
}
