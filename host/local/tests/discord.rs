//! The Discord fake accepts, refuses and shows what Discord would.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can not go on has failed"
)]

use campanile_local::fakes::discord::{DiscordFake, Webhook};
use campanile_local::fakes::{Answer, CaughtRequest, Fake, Part, StyleKind};
use jiff::Timestamp;
use serde_json::{Value, json};

const URL: &str = "/api/webhooks/111/token?wait=true";

fn discord() -> DiscordFake {
    let fake = DiscordFake::new(|| "2026-11-23T04:05:06Z".parse().unwrap());
    fake.configure("222", Webhook::Forum);
    fake.configure("333", Webhook::Unknown);
    fake.configure("444", Webhook::WrongToken);
    fake.configure("555", Webhook::WithoutThreads);
    fake
}

fn send(fake: &DiscordFake, method: &str, path: &str, content_type: &str, body: &[u8]) -> Answer {
    fake.answer(&CaughtRequest {
        method: method.into(),
        url: format!("https://discord.com{path}").parse().unwrap(),
        headers: vec![("content-type".into(), content_type.into())],
        body: body.to_vec(),
    })
}

fn send_json(fake: &DiscordFake, method: &str, path: &str, body: &Value) -> Answer {
    send(fake, method, path, "application/json", body.to_string().as_bytes())
}

fn body(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

fn text(answer: &Answer) -> String {
    match &answer.shown.as_ref().unwrap().parts[0] {
        Part::Text(text) => text.text.clone(),
        Part::Embed { .. } => panic!("an embed"),
    }
}

#[test]
fn refusals_are_in_discords_own_words() {
    for line in include_str!("discord/refusals.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let answer = send_json(&discord(), "POST", case["url"].as_str().unwrap(), &case["body"]);
        assert_eq!(body(&answer), case["answer"], "{}", case["name"]);
        assert_eq!(u64::from(answer.status), case["status"], "{}", case["name"]);
        assert_eq!(answer.shown, None, "{}", case["name"]);
    }
}

#[test]
fn limits_are_inclusive_and_count_trimmed_code_points() {
    let embed = json!({ "title": "t".repeat(256), "description": "😀".repeat(4096), "footer": { "text": "f".repeat(1648) } });
    let bodies = [
        json!({ "content": format!("  {}\n", "я".repeat(2000)) }),
        json!({ "embeds": [embed] }),
        json!({ "embeds": vec![json!({ "title": "t" }); 10] }),
        json!({ "embeds": [{ "fields": vec![json!({ "name": "n", "value": "v" }); 25] }] }),
        json!({ "content": "x", "username": "u".repeat(80), "flags": 4096 | 4 }),
        json!({ "content": "x", "allowed_mentions": { "parse": ["everyone"], "users": ["1"], "roles": [] } }),
        json!({ "content": "x", "allowed_mentions": { "parse": ["users"], "users": [] }, "nonce": 1, "embeds": null }),
    ];
    for body in bodies {
        let answer = send_json(&discord(), "POST", URL, &body);
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    }
}

#[test]
fn a_saved_message_is_returned_whole() {
    let embed = json!({ "title": " T ", "color": 10_038_562, "fields": [{ "name": "a", "value": "b" }] });
    let request = json!({ "content": "hi ", "username": "Bell", "embeds": [embed], "flags": 4096 });
    let answer =
        send_json(&discord(), "POST", "/api/v10/webhooks/111/token?wait=true&thread_id=77", &request);
    let message = body(&answer);
    // 2026-11-23T04:05:06Z in milliseconds since 2015, shifted by 22 bits.
    let sent: Timestamp = "2026-11-23T04:05:06Z".parse().unwrap();
    assert_eq!(message["id"], ((sent.as_millisecond() - 1_420_070_400_000) << 22).to_string());
    assert_eq!(message["channel_id"], "77");
    assert_eq!(message["content"], "hi");
    assert_eq!(message["author"]["username"], "Bell");
    let expected = json!([{ "title": "T", "color": 10_038_562, "fields": [{ "name": "a", "value": "b", "inline": false }] }]);
    assert_eq!(message["embeds"], expected);
    let plain = |text: &str| json!({ "text": text, "styles": [] });
    let card = json!({
        "color": 10_038_562,
        "title": plain("T"),
        "description": null,
        "fields": [{ "name": "a", "value": plain("b"), "inline": false }],
        "footer": null,
        "timestamp": null,
    });
    let shown = json!({
        "message_id": message["id"],
        "to": "webhook 111, thread 77",
        "author": "Bell",
        "silent": true,
        "parts": [{ "text": plain("hi") }, { "embed": card }],
    });
    assert_eq!(serde_json::to_value(&answer.shown).unwrap(), shown);
}

#[test]
fn without_wait_there_is_no_error_and_no_message() {
    let path = "/api/webhooks/111/token";
    let saved = send_json(&discord(), "POST", path, &json!({ "content": "x" }));
    assert_eq!((saved.status, saved.body.len()), (204, 0));
    assert_eq!(text(&saved), "x");
    let lost = send_json(&discord(), "POST", path, &json!({ "content": "x".repeat(2001) }));
    assert_eq!((lost.status, lost.shown), (204, None));
    let garbage = send(&discord(), "POST", path, "application/json", b"{");
    assert_eq!((garbage.status, body(&garbage)["code"].clone()), (400, json!(50109)));
}

#[test]
fn a_message_can_be_read_and_edited_with_its_thread() {
    let fake = discord();
    let id = |answer: &Answer| body(answer)["id"].as_str().unwrap().to_owned();
    let first =
        id(&send_json(&fake, "POST", URL, &json!({ "content": "down", "embeds": [{ "title": "t" }] })));
    let path = format!("/api/v10/webhooks/111/token/messages/{first}");
    let edited = send_json(&fake, "PATCH", &path, &json!({ "content": "up", "embeds": [] }));
    assert_eq!((edited.status, text(&edited)), (200, "up".into()));
    assert_eq!(body(&send(&fake, "GET", &path, "", b""))["embeds"], json!([]));
    assert_eq!(body(&send_json(&fake, "PATCH", &path, &json!({ "content": "" })))["code"], 50006);
    assert_eq!(
        body(&send_json(&fake, "PATCH", &path, &json!({ "embeds": [{ "title": "t" }] })))["content"],
        "up"
    );

    let second = id(&send_json(&fake, "POST", &format!("{URL}&thread_id=9"), &json!({ "content": "x" })));
    assert!(second > first, "ids grow");
    let path = format!("/api/webhooks/111/token/messages/{second}");
    assert_eq!(body(&send_json(&fake, "PATCH", &path, &json!({ "content": "y" })))["code"], 10008);
    assert_eq!(
        send_json(&fake, "PATCH", &format!("{path}?thread_id=9"), &json!({ "content": "y" })).status,
        200
    );
}

#[test]
fn a_thread_of_a_forum_is_made_by_name_and_used_by_id() {
    let fake = discord();
    let path = "/api/webhooks/222/token?wait=true";
    let made = body(&send_json(&fake, "POST", path, &json!({ "content": "x", "thread_name": "Boiler" })));
    assert_eq!(made["channel_id"], made["id"]);
    let thread = made["id"].as_str().unwrap();
    let next = send_json(&fake, "POST", &format!("{path}&thread_id={thread}"), &json!({ "content": "y" }));
    assert_eq!(body(&next)["channel_id"], thread);
}

#[test]
fn forms_may_be_url_encoded_or_multipart() {
    let answer =
        send(&discord(), "POST", URL, "application/x-www-form-urlencoded", b"content=a+b&username=Bell");
    assert_eq!(text(&answer), "a b");

    let part = |head: &str, content: &str| {
        format!("--XX\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
    };
    let json = part("name=\"payload_json\"", r#"{"content":"see file"}"#);
    let file = part("name=\"files[0]\"; filename=\"event.json\"\r\nContent-Type: application/json", "{\r\n}");
    let kind = "multipart/form-data; boundary=XX";
    let answer = send(&discord(), "POST", URL, kind, format!("{json}{file}--XX--\r\n").as_bytes());
    assert_eq!(body(&answer)["attachments"][0]["filename"], "event.json");
    assert_eq!(body(&answer)["attachments"][0]["size"], 4);
    assert_eq!(text(&answer), "see file");

    let many = format!("{}--XX--", file.repeat(11));
    assert_eq!(body(&send(&discord(), "POST", URL, kind, many.as_bytes()))["code"], 30015);
    assert_eq!(send(&discord(), "POST", URL, kind, json.as_bytes()).status, 400, "no last delimiter");
    assert_eq!(send(&discord(), "POST", URL, "text/plain", b"x").status, 400);
}

#[test]
fn mentions_ping_only_whom_the_sender_allows() {
    for (allowed, pinged) in [
        (Value::Null, vec!["321"]),
        (json!({ "parse": [] }), vec![]),
        (json!({ "parse": ["roles", "everyone"] }), vec!["654", "everyone"]),
        (json!({ "parse": [], "users": ["321"], "roles": ["654"] }), vec!["321", "654"]),
        (json!({ "parse": [], "users": ["1"] }), vec![]),
    ] {
        let request = json!({ "content": "<@321> <@&654> @everyone", "allowed_mentions": allowed });
        let answer = send_json(&discord(), "POST", URL, &request);
        let Part::Text(text) = &answer.shown.unwrap().parts[0] else { panic!("an embed") };
        let names: Vec<&str> = text
            .styles
            .iter()
            .map(|style| match &style.kind {
                StyleKind::Mention { name } => name.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(names, pinged, "{allowed}");
    }
}
