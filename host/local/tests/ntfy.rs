//! The ntfy fake accepts, refuses and shows what an ntfy server would.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can not go on has failed"
)]

use campanile_local::fakes::ntfy::{NtfyFake, Topic};
use campanile_local::fakes::{Answer, CaughtRequest, Fake, Part, Shown};
use serde_json::{Value, json};

fn ntfy() -> NtfyFake {
    let fake = NtfyFake::new(|| "2026-11-23T04:05:06Z".parse().unwrap());
    fake.configure("reserved", Topic::Reserved);
    fake.configure("forbidden", Topic::Forbidden);
    fake.revoke("tk_revoked");
    fake
}

fn request(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> CaughtRequest {
    CaughtRequest {
        method: method.into(),
        url: url.parse().unwrap(),
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body: body.into(),
    }
}

fn publish(fake: &NtfyFake, body: &Value) -> Answer {
    let answer = fake.answer(&request("POST", "https://ntfy.sh/", &[], &body.to_string()));
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    answer
}

fn body(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

/// Title, text and the small text at the bottom.
fn card(shown: &Shown) -> (Option<String>, String, Option<String>) {
    let Part::Embed { title, description, footer, .. } = &shown.parts[0] else { panic!("no card") };
    (
        title.as_ref().map(|title| title.text.clone()),
        description.as_ref().unwrap().text.clone(),
        footer.clone(),
    )
}

fn fields(shown: &Shown) -> Vec<(String, String)> {
    let Part::Embed { fields, .. } = &shown.parts[0] else { panic!("no card") };
    fields.iter().map(|field| (field.name.clone(), field.value.text.clone())).collect()
}

#[test]
fn refusals_are_in_the_servers_own_words() {
    for line in include_str!("ntfy/refusals.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let text = |name: &str| case[name].as_str().unwrap();
        let headers = case["headers"].as_object().unwrap();
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
        let large = "x".repeat(2 * 1024 * 1024 + 1);
        let sent = if text("body") == "LARGE" { &large } else { text("body") };
        let url = format!("https://ntfy.sh{}", text("path"));
        let answer = ntfy().answer(&request(text("method"), &url, &headers, sent));
        assert_eq!(body(&answer), case["answer"], "{}", case["name"]);
        assert_eq!(u64::from(answer.status), case["answer"]["http"], "{}", case["name"]);
        assert_eq!(answer.shown, None, "{}", case["name"]);
    }
}

#[test]
fn a_published_notification_is_answered_whole() {
    let action = json!({ "action": "view", "label": "Open", "url": "https://a.b", "clear": true });
    let sent = json!({
        "topic": "alerts",
        "title": "Boiler",
        "message": "is off",
        "priority": 5,
        "tags": ["rotating_light", "boiler"],
        "click": "https://a.b/c",
        "actions": [action],
    });
    let answer = publish(&ntfy(), &sent);
    let message = body(&answer);
    assert_eq!(
        (&message["event"], &message["time"], &message["priority"]),
        (&json!("message"), &json!(1_795_406_706), &json!(5))
    );
    assert_eq!(message["expires"], 1_795_406_706 + 12 * 60 * 60);
    assert_eq!(message["id"].as_str().unwrap().len(), 12);
    assert_eq!(
        (&message["topic"], &message["title"], &message["message"]),
        (&json!("alerts"), &json!("Boiler"), &json!("is off"))
    );
    assert_eq!((&message["tags"], &message["actions"][0]["url"]), (&sent["tags"], &json!("https://a.b")));
    let shown = answer.shown.unwrap();
    assert_eq!((shown.to.as_str(), shown.silent), ("alerts", false));
    assert_eq!(card(&shown), (Some("🚨 Boiler".into()), "is off".into(), Some("Tags: boiler".into())));
    let expected = [("Priority", "max"), ("Opens", "https://a.b/c"), ("Button", "Open")];
    assert_eq!(fields(&shown), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn headers_and_query_say_what_json_says() {
    let fake = ntfy();
    let headers = [
        ("x-title", "=?UTF-8?B?w5Zs?="),
        ("priority", "low"),
        ("tags", "warning, oil"),
        ("authorization", "Bearer tk_good"),
    ];
    let answer = fake.answer(&request("PUT", "https://ntfy.sh/reserved", &headers, " is low\n"));
    let message = body(&answer);
    assert_eq!((&message["title"], &message["message"]), (&json!("Öl"), &json!("is low")));
    assert_eq!((&message["priority"], &message["tags"]), (&json!(2), &json!(["warning", "oil"])));
    assert!(answer.shown.unwrap().silent, "a low one makes no sound");
    let get =
        fake.answer(&request("GET", "https://ntfy.sh/alerts/publish?message=a%20b&p=4&title=T", &[], ""));
    assert_eq!(
        (&body(&get)["message"], &body(&get)["priority"], &body(&get)["title"]),
        (&json!("a b"), &json!(4), &json!("T"))
    );
    let foreign = fake.answer(&request("POST", "https://ntfy.sh/alerts", &[("priority", "u=1, i")], "x"));
    assert_eq!(body(&foreign).get("priority"), None, "the header of RFC 9218 is for somebody else");
}

#[test]
fn an_empty_message_says_that_something_happened() {
    for sent in [json!({ "topic": "alerts" }), json!({ "topic": "alerts", "message": " \n" })] {
        assert_eq!(body(&publish(&ntfy(), &sent))["message"], "triggered");
    }
    let shown = publish(&ntfy(), &json!({ "topic": "alerts", "tags": ["bell"] })).shown.unwrap();
    assert_eq!(card(&shown), (None, "🔔 triggered".into(), None));
}

#[test]
fn a_message_of_more_than_4096_bytes_is_a_file() {
    let fake = ntfy();
    let fits = publish(&fake, &json!({ "topic": "alerts", "message": "я".repeat(2048) }));
    assert_eq!(body(&fits).get("attachment"), None);
    let long = publish(&fake, &json!({ "topic": "alerts", "message": format!("{}x", "я".repeat(2048)) }));
    assert_eq!(body(&long)["message"], "You received a file: attachment.txt");
    assert_eq!(body(&long)["attachment"]["size"], 4097);
    assert_eq!(
        fields(&long.shown.unwrap()),
        [("Attachment".to_owned(), "attachment.txt (4097 bytes)".to_owned())]
    );
    let binary = CaughtRequest {
        body: vec![0xff],
        ..request("POST", "https://ntfy.sh/alerts", &[("x-message", "see")], "")
    };
    let binary = body(&fake.answer(&binary));
    assert_eq!(
        (&binary["message"], &binary["attachment"]["name"]),
        (&json!("see"), &json!("attachment.bin"))
    );
    let linked =
        publish(&fake, &json!({ "topic": "alerts", "attach": "https://a.b/c.png?d", "message": "x" }));
    assert_eq!(body(&linked)["attachment"]["name"], "c.png");
}

#[test]
fn a_server_of_ones_own_takes_files_once_it_is_set_up_so() {
    let fake = ntfy();
    let long = json!({ "topic": "alerts", "message": "x".repeat(4097) }).to_string();
    let sent = request("POST", "http://192.168.1.5/", &[], &long);
    let refused = fake.answer(&sent);
    let expected = json!({
        "code": 40014,
        "http": 400,
        "error": "invalid request: attachments not allowed",
        "link": "https://ntfy.sh/docs/config/#attachments",
    });
    assert_eq!((refused.status, body(&refused)), (400, expected));
    fake.allow_attachments();
    assert_eq!(fake.answer(&sent).status, 200);
}

#[test]
fn a_notification_is_updated_by_its_sequence() {
    let fake = ntfy();
    let id = |answer: &Answer| answer.shown.as_ref().unwrap().message_id.clone();
    let first = publish(&fake, &json!({ "topic": "alerts", "message": "down", "sequence_id": "boiler" }));
    let by_path = fake.answer(&request("POST", "https://ntfy.sh/alerts/boiler", &[], "up"));
    assert_eq!((id(&first), id(&by_path)), ("boiler".into(), "boiler".into()));
    assert_eq!(body(&by_path)["sequence_id"], "boiler");
    assert_ne!(body(&first)["id"], body(&by_path)["id"], "each is a message of its own");
    assert_eq!(card(by_path.shown.as_ref().unwrap()).1, "up");

    let nameless = publish(&fake, &json!({ "topic": "alerts", "message": "down" }));
    let name = body(&nameless)["id"].clone();
    let updated = publish(&fake, &json!({ "topic": "alerts", "message": "up", "sequence_id": name }));
    assert_eq!(id(&nameless), id(&updated), "the id of the first one is a name too");
    let elsewhere = publish(&fake, &json!({ "topic": "others", "message": "x", "sequence_id": "boiler" }));
    assert_eq!(elsewhere.shown.unwrap().to, "others");

    for (method, path, event) in [
        ("PUT", "/alerts/boiler/clear", "message_clear"),
        ("PUT", "/alerts/boiler/read", "message_clear"),
        ("DELETE", "/alerts/boiler", "message_delete"),
    ] {
        let answer = fake.answer(&request(method, &format!("https://ntfy.sh{path}"), &[], ""));
        assert_eq!(
            (&body(&answer)["event"], &body(&answer)["sequence_id"]),
            (&json!(event), &json!("boiler"))
        );
        assert_eq!(answer.shown, None);
    }
}

#[test]
fn a_notification_of_another_life_can_be_updated() {
    let sent = request(
        "POST",
        "https://ntfy.sh/",
        &[],
        &json!({ "topic": "alerts", "message": "down" }).to_string(),
    );
    let answer = ntfy().answer(&sent);
    let fake = ntfy();
    fake.remember(&sent, &answer);
    let updated =
        publish(&fake, &json!({ "topic": "alerts", "message": "up", "sequence_id": body(&answer)["id"] }));
    assert_eq!(updated.shown.unwrap().message_id, answer.shown.unwrap().message_id);
}

#[test]
fn markdown_is_read_if_it_is_said_to_be() {
    for (markdown, text, styles) in [(true, "a b", 1), (false, "a **b**", 0)] {
        let answer = publish(
            &ntfy(),
            &json!({ "topic": "alerts", "message": "a **b**", "tags": ["bell"], "markdown": markdown }),
        );
        let Part::Embed { description, .. } = &answer.shown.as_ref().unwrap().parts[0] else {
            panic!("no card")
        };
        let description = description.as_ref().unwrap();
        assert_eq!(
            (description.text.as_str(), description.styles.len()),
            (format!("🔔 {text}").as_str(), styles)
        );
        let bold = description.styles.first().map(|style| &description.text[style.start..style.end]);
        assert_eq!(bold, (styles == 1).then_some("b"));
    }
}

#[test]
fn a_delay_is_a_duration_or_a_time() {
    for (delay, seconds) in [
        ("10s", 10),
        ("30 min", 30 * 60),
        ("3d", 3 * 24 * 60 * 60),
        ("1795410000", 1_795_410_000 - 1_795_406_706),
    ] {
        let answer = publish(&ntfy(), &json!({ "topic": "alerts", "delay": delay }));
        assert_eq!(body(&answer)["time"], 1_795_406_706 + seconds, "{delay}");
    }
}
