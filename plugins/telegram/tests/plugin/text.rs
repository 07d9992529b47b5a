//! What people read: title, body and fields within the limit.

use campanile_channel::testing::ScriptedHost;
use campanile_channel::{Channel, Presentation, Reason, Severity, TextFormat};
use campanile_telegram::Telegram;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{SENT, chat_1, field, first, host, notification, parameters, shown};

/// The text of the only message that shows a plain notification without markup.
fn plain(title: &str, body: &str) -> String {
    let sent = shown(&notification(title, body, TextFormat::Text), &chat_1(json!({"parse-mode": "none"})));
    assert_eq!(sent.len(), 1);
    sent[0]["text"].as_str().unwrap().to_owned()
}

#[test]
fn a_message_has_title_body_and_fields_from_top_to_bottom() {
    let mut notification = notification("Heating: INACTIVE", "No heat since <03:12>.\n", TextFormat::Text);
    notification.fields = vec![field("Previous", "ACTIVE"), field("Reading", "t = 12\n°C")];
    let text = |presentation| {
        let mut host = host(&[(200, SENT)]);
        Telegram::deliver(
            &notification,
            &chat_1(json!({})),
            &super::Attempt { presentation, ..first() },
            &mut host,
        )
        .unwrap();
        let sent = parameters(&host).remove(0);
        (sent["text"].as_str().unwrap().to_owned(), sent["parse_mode"].clone())
    };
    let rich = "🔴 <b>Heating: INACTIVE</b>\nNo heat since &lt;03:12&gt;.\n\n<b>Previous:</b> ACTIVE\n<b>Reading:</b> t = 12 °C";
    let plain = "🔴 Heating: INACTIVE\nNo heat since <03:12>.\n\nPrevious: ACTIVE\nReading: t = 12 °C";
    assert_eq!(text(Presentation::Rich), (rich.to_owned(), json!("HTML")));
    assert_eq!(text(Presentation::Plain), (plain.to_owned(), Value::Null), "TG-58");
    assert_eq!(text(Presentation::Minimal), ("Heating: INACTIVE".to_owned(), Value::Null), "TG-58");
}

#[test]
fn parts_that_are_missing_leave_no_gap() {
    let mut only_fields = notification("T", " ", TextFormat::Text);
    only_fields.fields = vec![field("a", "b")];
    assert_eq!(shown(&only_fields, &chat_1(json!({})))[0]["text"], "🔴 <b>T</b>\n<b>a:</b> b");
    assert_eq!(plain("", "body"), "🔴 body");
    assert_eq!(plain("title\r\nin lines", ""), "🔴 title in lines");
}

#[test]
fn each_severity_has_its_symbol() {
    let symbols = [Severity::Debug, Severity::Info, Severity::Warning, Severity::Error, Severity::Critical]
        .map(|severity| {
            let notification = super::Notification { severity, ..notification("T", "", TextFormat::Text) };
            shown(&notification, &chat_1(json!({})))[0]["text"].as_str().unwrap().chars().next().unwrap()
        });
    assert_eq!(symbols, ['⚪', '🟢', '🟡', '🔴', '🚨']);
}

#[test]
fn tg_20_without_parse_mode_text_is_unchanged() {
    assert_eq!(plain("T", "<code>x < y</code>"), "🔴 T\n<code>x < y</code>");
}

#[test]
fn tg_22_text_that_looks_like_html_is_shown_as_it_is() {
    let notification = notification(
        "🚨 Change detected for <i>Apprise Test Title</i>",
        "<a href=\"http://localhost\">x</a>",
        TextFormat::Text,
    );
    assert_eq!(
        shown(&notification, &chat_1(json!({})))[0]["text"],
        "🔴 <b>🚨 Change detected for &lt;i&gt;Apprise Test Title&lt;/i&gt;</b>\n&lt;a href=&quot;http://localhost&quot;&gt;x&lt;/a&gt;"
    );
}

#[test]
fn long_text_is_cut_to_4096_code_points_after_parsing() {
    // Symbol, space, `T` and line end come first.
    let room = 4096 - 4;
    let rows = [
        ("TG-33", "y".repeat(5000), format!("{}…", "y".repeat(room - 1))),
        ("TG-38", "😀".repeat(room), "😀".repeat(room)),
        ("TG-38", "😀".repeat(room + 1), format!("{}…", "😀".repeat(room - 1))),
        ("TG-38", "я".repeat(3000), "я".repeat(3000)),
    ];
    for (id, body, expected) in rows {
        assert_eq!(plain("T", &body), format!("🔴 T\n{expected}"), "{id}");
    }
    let body = format!("<b>{}</b>", "x".repeat(5000));
    let sent = shown(&notification("T", &body, TextFormat::Html), &chat_1(json!({})));
    assert_eq!(sent[0]["text"], format!("🔴 <b>T</b>\n<b>{}…</b>", "x".repeat(room - 1)), "TG-34");
    let body = format!("{}<b>a</b>", "A".repeat(4089));
    let sent = shown(&notification("T", &body, TextFormat::Html), &chat_1(json!({})));
    assert_eq!(sent[0]["text"], format!("🔴 <b>T</b>\n{}<b>a</b>", "A".repeat(4089)), "TG-37");
}

#[test]
fn the_body_gives_way_before_fields_and_title() {
    let mut long = notification("T", &"y".repeat(5000), TextFormat::Text);
    long.fields = vec![field("Previous", "ACTIVE")];
    let text = shown(&long, &chat_1(json!({"parse-mode": "none"})))[0]["text"].as_str().unwrap().to_owned();
    assert_eq!(text.chars().count(), 4096);
    assert!(text.starts_with("🔴 T\nyyy") && text.ends_with("yyy…\n\nPrevious: ACTIVE"));

    long.title = "t".repeat(8000);
    let text = shown(&long, &chat_1(json!({"parse-mode": "none"})))[0]["text"].as_str().unwrap().to_owned();
    assert_eq!(text, format!("🔴 {}…", "t".repeat(4093)));
}

#[test]
fn split_text_is_sent_whole_and_in_order() {
    let split = |body: &str, format| {
        let sent = shown(&notification("T", body, format), &chat_1(json!({"overflow": "split"})));
        sent.iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let body = format!("<b>{}</b>TAIL_SHOULD_NOT_BE_BOLD", "x".repeat(4990));
    let messages = split(&body, TextFormat::Html);
    assert_eq!(messages[0], format!("🔴 <b>T</b>\n<b>{}</b>", "x".repeat(4092)), "TG-35");
    assert_eq!(messages[1..], [format!("<b>{}</b>TAIL_SHOULD_NOT_BE_BOLD", "x".repeat(898))], "TG-35");

    let body = format!("<pre>{}</pre>", "line.with.dots-and-dashes_under ".repeat(200));
    let messages = split(&body, TextFormat::Html);
    assert_eq!(messages.len(), 2, "TG-36");
    assert!(
        messages.iter().all(|text| text.matches("<pre>").count() == 1 && text.ends_with("</pre>")),
        "TG-36"
    );

    let link = format!("<a href=\"https://example.com/{}\">x</a>", "u".repeat(4970));
    assert_eq!(split(&link, TextFormat::Html), ["🔴 <b>T</b>\nx"], "TG-36");
}

#[test]
fn tg_39_a_notification_without_anything_to_read_is_rejected_unsent() {
    let rows = [
        ("", " \n\t ", Presentation::Rich),
        ("\u{200B}", "\u{FEFF}", Presentation::Plain),
        (" ", "b", Presentation::Minimal),
    ];
    for (title, body, presentation) in rows {
        let mut host = ScriptedHost::with_secrets(&["bot-token"]);
        let notification = notification(title, body, TextFormat::Text);
        let attempt = super::Attempt { presentation, ..first() };
        let failure = Telegram::deliver(&notification, &chat_1(json!({})), &attempt, &mut host).unwrap_err();
        assert_eq!((failure.reason, failure.resume.as_str()), (Reason::Rejected, ""));
        assert!(failure.detail.starts_with("empty"), "{}", failure.detail);
        assert!(host.requests.is_empty());
    }
}

#[test]
fn tg_40_control_characters_are_replaced() {
    let device: String = serde_json::from_str(r#""a\u0000b\u0007\u2028c""#).unwrap();
    assert_eq!(plain(&device, &device), "🔴 a\u{FFFD}b\u{FFFD} c\na\u{FFFD}b\u{FFFD}\nc");
}

proptest! {
    #[test]
    fn tg_41_escaped_html_reads_as_the_text(body in "\\PC{1,60}") {
        prop_assume!(!body.trim().is_empty());
        let sent = shown(&notification("T", &body, TextFormat::Text), &chat_1(json!({})));
        let text = sent[0]["text"].as_str().unwrap().strip_prefix("🔴 <b>T</b>\n").unwrap_or_default();
        let read = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        prop_assert!(!text.contains(['<', '>']));
        prop_assert_eq!(campanile_channel::text::clean(body.trim()), read);
    }
}
