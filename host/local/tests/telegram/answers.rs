//! What the fake accepts: answers as the Bot API gives them, messages as people see them.

use campanile_local::fakes::{Style, StyleKind};
use serde_json::{Value, json};

use crate::support::{NOW, ask, fake, post, shown_text};

fn send(body: &Value) -> Value {
    ask(&fake(), &post("sendMessage", body)).1
}

#[test]
fn a_sent_message_is_answered_in_full() {
    let body = json!({
        "chat_id": -1_001_234_567_890_i64,
        "message_thread_id": 7,
        "text": "<b>Heating</b> is <a href=\"https://example.com\">off</a>",
        "parse_mode": "HTML",
        "link_preview_options": { "is_disabled": true },
    });
    assert_eq!(
        send(&body),
        json!({
            "ok": true,
            "result": {
                "message_id": 1,
                "message_thread_id": 7,
                "is_topic_message": true,
                "from": {
                    "id": 123_456_789,
                    "is_bot": true,
                    "first_name": "Campanile",
                    "username": "fake123456789_bot",
                },
                "chat": {
                    "id": -1_001_234_567_890_i64,
                    "type": "supergroup",
                    "title": "Group -1001234567890",
                },
                "date": NOW,
                "text": "Heating is off",
                "entities": [
                    { "offset": 0, "length": 7, "type": "bold" },
                    { "offset": 11, "length": 3, "type": "text_link", "url": "https://example.com/" },
                ],
                "link_preview_options": { "is_disabled": true },
            },
        })
    );
}

#[test]
fn chats_are_of_the_kind_that_their_id_says() {
    for (id, kind) in [
        (json!(5), "private"),
        (json!("-5"), "group"),
        (json!(-1_001_234_567_890_i64), "supergroup"),
        (json!("@Some_Alerts"), "supergroup"),
    ] {
        let answer = send(&json!({ "chat_id": id, "text": "x" }));
        assert_eq!(answer["result"]["chat"]["type"], kind, "{answer}");
    }
}

#[test]
fn message_ids_count_up_in_each_chat() {
    let fake = fake();
    let ids: Vec<_> = [1, 1, 2, 1]
        .iter()
        .map(|chat| ask(&fake, &post("sendMessage", &json!({ "chat_id": chat, "text": "x" }))).1)
        .map(|answer| answer["result"]["message_id"].as_i64().unwrap())
        .collect();
    assert_eq!(ids, [1, 2, 1, 3]);
}

#[test]
fn the_bot_knows_itself() {
    let (_, answer, shown) = ask(&fake(), &post("getMe", &json!({})));
    assert_eq!(answer["result"]["id"], 123_456_789);
    assert_eq!(answer["result"]["is_bot"], true);
    assert!(shown.is_none());
}

#[test]
fn styles_are_ranges_of_bytes() {
    let markup = "я<b>я😀<i>я</i></b><pre><code class=\"language-rust\">x</code></pre><tg-emoji emoji-id=\"5\">😀</tg-emoji>";
    let body = json!({ "chat_id": 1, "text": markup, "parse_mode": "HTML" });
    let text = shown_text(ask(&fake(), &post("sendMessage", &body)).2);
    let style = |start, end, kind| Style { start, end, kind };
    assert_eq!(text.text, "яя😀яx😀");
    assert_eq!(
        text.styles,
        [
            style(2, 8, StyleKind::Bold),
            style(8, 10, StyleKind::Bold),
            style(8, 10, StyleKind::Italic),
            style(10, 11, StyleKind::Pre { language: Some("rust".to_owned()) }),
        ]
    );
}

#[test]
fn entities_may_be_given_without_markup() {
    let entities = json!([
        { "type": "bold", "offset": 0, "length": 3 },
        { "type": "text_link", "offset": "4", "length": "1", "url": "tg://user?id=5" },
        { "type": "hashtag", "offset": 0, "length": 99 },
    ]);
    // As text, the way a form has to send them; and never both ways at once.
    for (parameter, mode, count) in
        [(entities.clone(), "", 2), (json!(entities.to_string()), "", 2), (entities, "HTML", 0)]
    {
        let answer =
            send(&json!({ "chat_id": 1, "text": "a😀 b", "entities": parameter, "parse_mode": mode }));
        assert_eq!(answer["result"]["entities"].as_array().map_or(0, Vec::len), count, "{answer}");
    }
}

#[test]
fn entities_that_are_no_array_count_as_none() {
    for entities in [json!("["), json!("{}"), json!(7)] {
        assert_eq!(
            send(&json!({ "chat_id": 1, "text": "x", "entities": entities }))["ok"],
            true,
            "{entities}"
        );
    }
}

#[test]
fn beyond_a_hundred_entities_styles_are_lost_first() {
    let markup = format!("{}<a href=\"a.b\">link</a>", "<b>x</b>-".repeat(150));
    let answer = send(&json!({ "chat_id": 1, "text": markup, "parse_mode": "HTML" }));
    let entities = answer["result"]["entities"].as_array().unwrap();
    assert_eq!(entities.len(), 100);
    assert_eq!(entities.last().unwrap()["type"], "text_link");
}

#[test]
fn text_may_have_4096_code_points_without_its_markup() {
    let longest = "😀".repeat(4096);
    let body = json!({ "chat_id": 1, "text": format!("<b>{longest}</b>\n"), "parse_mode": "HTML" });
    assert_eq!(shown_text(ask(&fake(), &post("sendMessage", &body)).2).text, longest);
}

#[test]
fn an_edit_shows_the_message_anew_unless_nothing_changes() {
    let fake = fake();
    ask(&fake, &post("sendMessage", &json!({ "chat_id": "@alerts", "text": "off" })));
    let edit = json!({ "chat_id": "@Alerts", "message_id": 1, "text": "<b>on</b>", "parse_mode": "HTML" });
    let (status, answer, shown) = ask(&fake, &post("editMessageText", &edit));
    assert_eq!((status, &answer["result"]["edit_date"]), (200, &json!(NOW)));
    let shown = shown.unwrap();
    assert_eq!((shown.message_id.as_str(), shown.to.as_str()), ("1", "@alerts"));
    assert_eq!(shown_text(Some(shown)).text, "on");

    let (status, answer, shown) = ask(&fake, &post("editMessageText", &edit));
    assert_eq!(status, 400);
    assert!(shown.is_none());
    assert_eq!(
        answer["description"],
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as \
         a current content and reply markup of the message"
    );
}
