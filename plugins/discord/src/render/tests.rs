use campanile_channel::{Field, Severity};
use serde_json::{Value, json};

use super::*;

fn notification(title: &str, body: &str) -> Notification {
    Notification {
        event_id: "0193".into(),
        device_id: "home-heating".into(),
        status: "INACTIVE".into(),
        severity: Severity::Error,
        title: title.into(),
        body: body.into(),
        body_format: TextFormat::Text,
        occurred_at: "2026-11-23T04:05:06Z".into(),
        fields: Vec::new(),
        event_json: "{}".into(),
    }
}

fn with_fields(mut notification: Notification, fields: &[(&str, &str)]) -> Notification {
    let field = |(name, value): &(&str, &str)| Field { name: (*name).into(), value: (*value).into() };
    notification.fields = fields.iter().map(field).collect();
    notification
}

fn render(notification: &Notification, settings: Value) -> Vec<Message> {
    messages(notification, &serde_json::from_value(settings).unwrap(), Presentation::Rich)
}

fn one(notification: &Notification, settings: Value) -> Message {
    let messages = render(notification, settings);
    assert_eq!(messages.len(), 1);
    messages[0].clone()
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

fn size(message: &Message) -> usize {
    let sizes = message.embeds.iter().map(|embed| {
        let fields: usize = embed.fields.iter().map(|field| chars(&field.name) + chars(&field.value)).sum();
        let footer = embed.footer.as_ref().map_or(0, |footer| chars(&footer.text));
        chars(&embed.title) + chars(&embed.description) + fields + footer
    });
    sizes.sum()
}

#[test]
fn dc_01_a_card_has_title_description_fields_and_time() {
    let notification = with_fields(
        notification("Heating is INACTIVE", "since <just> now"),
        &[("Previous", "ACTIVE"), ("Reading", &"long ".repeat(20)), ("Empty", " "), ("", "nameless")],
    );
    let expected = json!({
        "content": "",
        "embeds": [{
            "title": "Heating is INACTIVE",
            "description": "since \\<just> now",
            "color": 10_038_562,
            "fields": [
                { "name": "Previous", "value": "ACTIVE", "inline": true },
                { "name": "Reading", "value": "long ".repeat(20).trim(), "inline": false },
            ],
            "footer": { "text": "home-heating" },
            "timestamp": "2026-11-23T04:05:06Z",
        }],
    });
    assert_eq!(serde_json::to_value(one(&notification, json!({}))).unwrap(), expected);
}

#[test]
fn dc_02_the_colour_is_that_of_the_severity() {
    for (severity, color) in [
        (Severity::Critical, 0x0099_2D22),
        (Severity::Error, 0x0099_2D22),
        (Severity::Warning, 0x0099_2D22),
        (Severity::Info, 0x002E_CC71),
        (Severity::Debug, 0x0095_A5A6),
    ] {
        let notification = Notification { severity, ..notification("t", "b") };
        assert_eq!(one(&notification, json!({})).embeds[0].color, color, "{severity:?}");
    }
}

#[test]
fn dc_03_long_texts_end_in_an_ellipsis_at_their_limit() {
    let embed = one(&notification(&"t".repeat(300), &"я".repeat(5000)), json!({})).embeds.remove(0);
    assert_eq!((chars(&embed.title), chars(&embed.description)), (256, 4096));
    assert!(embed.title.ends_with('…') && embed.description.ends_with('…'));
    let text = one(&notification("", &"😀".repeat(2500)), json!({ "style": "text" })).content;
    assert_eq!((chars(&text), text.ends_with('…')), (2000, true));
    let whole = one(&notification(&"t".repeat(256), &"d".repeat(4096)), json!({})).embeds.remove(0);
    assert!(!whole.title.ends_with('…') && !whole.description.ends_with('…'));
}

#[test]
fn dc_03_backslashes_count_and_are_never_cut_from_their_character() {
    let embed = one(&notification(&"_".repeat(300), &"*".repeat(5000)), json!({})).embeds.remove(0);
    assert_eq!(embed.title, format!("{}…", "\\_".repeat(127)));
    assert_eq!(embed.description, format!("{}…", "\\*".repeat(2047)));
}

#[test]
fn dc_04_no_message_holds_more_than_6000_characters() {
    let value = "v".repeat(1500);
    let fields: Vec<(&str, &str)> = (0..30).map(|_| ("name", value.as_str())).collect();
    let full = with_fields(notification(&"t".repeat(300), &"b".repeat(7500)), &fields);
    let cut = one(&full, json!({}));
    assert!(size(&cut) <= 6000 && chars(&cut.embeds[0].description) >= 1000, "{}", size(&cut));
    let split = render(&full, json!({ "overflow": "split" }));
    assert!(split.iter().all(|message| size(message) <= 6000 && message.embeds.len() == 1));
    let written: String = split.iter().map(|message| message.embeds[0].description.as_str()).collect();
    assert_eq!(written.matches('b').count(), 7500);
    let fields = split.iter().flat_map(|message| &message.embeds[0].fields);
    assert_eq!(fields.map(|field| field.value.matches('v').count()).sum::<usize>(), 30 * 1500);
}

#[test]
fn dc_05_fields_are_limited_in_number_and_length() {
    let (name, value) = ("n".repeat(300), "v".repeat(1100));
    let fields: Vec<(&str, &str)> = (0..26).map(|_| ("n", "v")).collect();
    let many = with_fields(notification("t", ""), &fields);
    assert_eq!(one(&many, json!({})).embeds[0].fields.len(), 25);
    let split = render(&many, json!({ "overflow": "split" }));
    assert_eq!(split.iter().map(|message| message.embeds[0].fields.len()).collect::<Vec<_>>(), [25, 1]);
    assert!(split[0].embeds[0].timestamp.is_empty() && !split[1].embeds[0].timestamp.is_empty());

    let long = with_fields(notification("t", ""), &[(&name, &value)]);
    let field = one(&long, json!({})).embeds[0].fields[0].clone();
    assert_eq!((chars(&field.name), chars(&field.value)), (256, 1024));
    let split = one(&long, json!({ "overflow": "split" })).embeds.remove(0);
    let lengths: Vec<usize> = split.fields.iter().map(|field| chars(&field.value)).collect();
    assert_eq!((lengths, split.fields[1].name.as_str()), (vec![1024, 76], "…"));
}

#[test]
fn dc_10_mentions_of_the_settings_are_in_the_text_and_those_of_devices_are_words() {
    let settings = json!({ "mention-users": ["321"], "mention-roles": [654] });
    let message = one(&notification("t", "@everyone and <@123> <@&456>"), settings.clone());
    assert_eq!(message.content, "<@321> <@&654>");
    assert_eq!(message.embeds[0].description, "@everyone and \\<@123> \\<@&456>");
    let text = json!({ "mention-users": ["321"], "style": "text", "overflow": "split" });
    let long = render(&notification("t", &"x".repeat(2500)), text);
    assert!(long[0].content.starts_with("<@321>\n**t**\n"), "{}", long[0].content);
    assert!(!long[1].content.contains("<@321>"));
    assert!(long.iter().all(|message| chars(&message.content) <= 2000));
}

#[test]
fn dc_12_a_long_title_and_a_long_body_are_told_in_order() {
    let body: String = (0..1000).map(|number| format!("{number:07} ")).collect();
    let title = "t".repeat(1024);
    let messages = render(&notification(&title, &body), json!({ "style": "text", "overflow": "split" }));
    assert!(messages.iter().all(|message| chars(&message.content) <= 2000));
    let all: Vec<&str> = messages.iter().map(|message| message.content.as_str()).collect();
    let all = all.join(" ");
    let words: Vec<&str> = all.split_whitespace().skip(1).collect();
    assert_eq!(words, body.split_whitespace().collect::<Vec<_>>());
    assert!(all.starts_with(&format!("**{title}**")));
    let cards = render(&notification(&title, &body), json!({ "overflow": "split" }));
    assert!(cards[0].embeds[0].description.starts_with(&title), "told in full below");
}

#[test]
fn dc_13_splitting_makes_no_message_too_many() {
    for (letter, length, count) in [("x", 2000, 1), ("x", 2001, 2), ("x", 6100, 4), ("я", 7000, 4)] {
        let settings = json!({ "style": "text", "overflow": "split" });
        let messages = render(&notification("", &letter.repeat(length)), settings);
        assert_eq!(messages.len(), count, "{length}");
        let all: String = messages.iter().map(|message| message.content.as_str()).collect();
        assert_eq!(all, letter.repeat(length));
    }
}

#[test]
fn dc_14_nothing_to_read_is_no_message() {
    for presentation in [Presentation::Rich, Presentation::Plain, Presentation::Minimal] {
        for style in ["embed", "text"] {
            let settings = json!({ "style": style, "mention-users": ["1"] });
            let settings = serde_json::from_value(settings).unwrap();
            assert_eq!(messages(&notification("\u{200B} \n", "\t \u{200B}"), &settings, presentation), []);
        }
    }
}

#[test]
fn the_body_gives_way_before_title_and_fields() {
    let full = with_fields(notification("Title", &"b".repeat(3000)), &[("Previous", "ACTIVE")]);
    let text = one(&full, json!({ "style": "text" })).content;
    assert!(text.starts_with("**Title**\nbbb") && text.ends_with("b…\n**Previous:** ACTIVE"), "{text}");
    assert!(chars(&text) > 1990 && chars(&text) <= 2000);
}

#[test]
fn simpler_presentations_have_neither_card_nor_markup() {
    let mut full = with_fields(notification("Title_1", "<b>b</b> &lt;i"), &[("Previous", "ACTIVE")]);
    full.body_format = TextFormat::Html;
    let simple = |presentation| messages(&full, &Settings::default(), presentation)[0].clone();
    let message = |content: &str| Message { content: content.into(), embeds: Vec::new() };
    assert_eq!(simple(Presentation::Plain), message("Title\\_1\nb \\<i\nPrevious: ACTIVE"));
    assert_eq!(simple(Presentation::Minimal), message("Title\\_1"));
    assert_eq!(one(&full, json!({})).embeds[0].description, "**b** \\<i");
    assert_eq!(
        one(&full, json!({ "style": "text" })),
        message("**Title\\_1**\n**b** \\<i\n**Previous:** ACTIVE")
    );
}
