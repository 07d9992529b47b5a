//! The Slack fake accepts, refuses and shows what Slack would.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use campanile_local::fakes::slack::{Channel, SlackFake, Token};
use campanile_local::fakes::{Answer, CaughtRequest, Fake, Part, Shown};
use serde_json::{Value, json};

const POST: &str = "chat.postMessage";
const UPDATE: &str = "chat.update";
const CHANNEL: &str = "C0123456789";
/// 2026-11-23T04:05:06Z.
const TS: &str = "1795406706.000000";

fn slack() -> SlackFake {
    let fake = SlackFake::new(|| "2026-11-23T04:05:06Z".parse().unwrap());
    for (channel, what) in [
        ("#unknown", Channel::Unknown),
        ("#private", Channel::NotMember),
        ("#archived", Channel::Archived),
        ("#read-only", Channel::ReadOnly),
        ("#threads", Channel::ThreadsOnly),
        ("#flat", Channel::WithoutThreads),
    ] {
        fake.configure(channel, what);
    }
    fake
}

fn request(method: &str, headers: &[(&str, &str)], body: &str) -> CaughtRequest {
    CaughtRequest {
        method: "POST".into(),
        url: format!("https://slack.com/api/{method}").parse().unwrap(),
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body: body.into(),
    }
}

fn with_token(method: &str, token: &str, body: &Value) -> CaughtRequest {
    let authorization = format!("Bearer {token}");
    let headers =
        [("authorization", authorization.as_str()), ("content-type", "application/json; charset=utf-8")];
    request(method, &headers, &body.to_string())
}

fn send(fake: &SlackFake, method: &str, body: &Value) -> (Value, Option<Shown>) {
    let answer = fake.answer(&with_token(method, "xoxb-1", body));
    assert_eq!(answer.status, 200);
    (body_of(&answer), answer.shown)
}

fn body_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap()
}

/// The texts of a message, from top to bottom.
fn texts(shown: &Shown) -> Vec<String> {
    let text = |part: &Part| match part {
        Part::Text(text) => text.text.clone(),
        Part::Embed { title, description, fields, .. } => {
            let lines = title.iter().chain(description).map(|text| text.text.clone());
            lines
                .chain(fields.iter().map(|field| format!("{}|{}", field.name, field.value.text)))
                .collect::<Vec<_>>()
                .join("\n")
        }
    };
    shown.parts.iter().map(text).collect()
}

#[test]
fn refusals_are_in_slacks_own_words() {
    for line in include_str!("slack/refusals.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let (answer, shown) = send(&slack(), case["method"].as_str().unwrap(), &case["body"]);
        assert_eq!(answer, case["answer"], "{}", case["name"]);
        assert_eq!(shown, None, "{}", case["name"]);
    }
}

#[test]
fn limits_are_inclusive_and_count_characters() {
    let text = |text: String| json!({ "type": "mrkdwn", "text": text });
    let button = json!({ "type": "button", "text": { "type": "plain_text", "text": "я".repeat(75) }, "url": "u".repeat(3000) });
    for body in [
        json!({ "blocks": vec![json!({ "type": "divider" }); 50] }),
        json!({ "blocks": [{ "type": "header", "block_id": "b".repeat(255), "text": { "type": "plain_text", "text": "😀".repeat(150) } }] }),
        json!({ "blocks": [{ "type": "section", "text": text("я".repeat(3000)), "fields": vec![text("x".repeat(1000)); 10] }] }),
        json!({ "blocks": [{ "type": "context", "elements": vec![text("x".into()); 10] }] }),
        json!({ "blocks": [{ "type": "actions", "elements": vec![button; 25] }] }),
        json!({ "blocks": vec![json!({ "type": "markdown", "text": "x".repeat(6000) }); 2] }),
        json!({ "markdown_text": "x".repeat(12_000) }),
        json!({ "attachments": vec![json!({ "text": "x" }); 100] }),
        json!({ "blocks": [{ "type": "rich_text", "elements": [{ "type": "rich_text_section", "elements": [{ "type": "text", "text": "x" }] }] }] }),
    ] {
        let mut body = body;
        body["channel"] = CHANNEL.into();
        assert_eq!(send(&slack(), POST, &body).0["ok"], true, "{body}");
    }
}

#[test]
fn a_posted_message_is_answered_whole() {
    let body = json!({ "channel": "#alerts", "text": "*off* &amp; cold", "username": "Bell", "thread_ts": "1795406000.000100" });
    let (answer, shown) = send(&slack(), POST, &body);
    assert_eq!((&answer["ok"], &answer["ts"]), (&json!(true), &json!(TS)));
    let message = &answer["message"];
    assert_eq!(message["text"], "*off* &amp; cold");
    assert_eq!((&message["thread_ts"], &message["username"]), (&json!("1795406000.000100"), &json!("Bell")));
    assert!(answer["channel"].as_str().unwrap().starts_with('C'), "names become ids: {answer}");
    let shown = shown.unwrap();
    assert_eq!(texts(&shown), ["off & cold"]);
    assert_eq!(
        (shown.to.as_str(), shown.author.as_deref()),
        ("#alerts, thread 1795406000.000100", Some("Bell"))
    );
}

#[test]
fn text_is_cut_where_the_service_cuts_it() {
    let (answer, _) = send(&slack(), POST, &json!({ "channel": CHANNEL, "text": "я".repeat(40_001) }));
    assert_eq!(answer["message"]["text"].as_str().unwrap().chars().count(), 40_000);
}

#[test]
fn blocks_are_shown_in_place_of_the_text() {
    let mrkdwn = |text: &str| json!({ "type": "mrkdwn", "text": text });
    let body = json!({
        "channel": CHANNEL,
        "text": "for notifications only",
        "blocks": [
            { "type": "header", "text": { "type": "plain_text", "text": "Boiler :fire:" } },
            { "type": "section", "text": mrkdwn("is *off*"), "fields": [mrkdwn("*Since*\nnoon"), mrkdwn("*By*\nx")] },
            { "type": "divider" },
            { "type": "context", "elements": [mrkdwn("_a_"), { "type": "image", "image_url": "https://a.b/c.png", "alt_text": "b" }] },
            { "type": "actions", "elements": [{ "type": "button", "text": { "type": "plain_text", "text": "Open" }, "url": "https://a.b" }] },
            { "type": "markdown", "text": "**bold** # no" },
        ],
    });
    let (answer, shown) = send(&slack(), POST, &body);
    assert_eq!(
        texts(&shown.unwrap()),
        ["Boiler 🔥", "is off\n|Since\nnoon\n|By\nx", "———", "a  🖼 b", "[Open]", "bold # no"]
    );
    let blocks = answer["message"]["blocks"].as_array().unwrap();
    assert!(
        blocks.iter().all(|block| block["block_id"].as_str().is_some_and(|id| id.len() == 5)),
        "{answer}"
    );
}

#[test]
fn attachments_are_cards_beside_a_bar() {
    let attachment = json!({
        "color": "danger",
        "title": "Boiler",
        "text": "is *off*",
        "fields": [{ "title": "Since", "value": "noon", "short": true }],
        "footer": "home",
        "ts": 1_795_406_706,
        "blocks": [{ "type": "section", "text": { "type": "mrkdwn", "text": "look" } }],
    });
    let (_, shown) = send(&slack(), POST, &json!({ "channel": CHANNEL, "attachments": [attachment] }));
    let Part::Embed { color, title, description, fields, footer, timestamp } = &shown.unwrap().parts[0]
    else {
        panic!("no card")
    };
    assert_eq!((*color, title.as_ref().unwrap().text.as_str()), (Some(0xa3_02_00), "Boiler"));
    assert_eq!(description.as_ref().unwrap().text, "is off\nlook");
    assert_eq!(
        (fields[0].name.as_str(), fields[0].value.text.as_str(), fields[0].inline),
        ("Since", "noon", true)
    );
    assert_eq!((footer.as_deref(), timestamp.as_deref()), (Some("home"), Some("2026-11-23T04:05:06Z")));
}

#[test]
fn a_message_is_edited_by_who_wrote_it_with_its_channel_and_time() {
    let fake = slack();
    let blocks = json!([{ "type": "section", "text": { "type": "mrkdwn", "text": "down" } }]);
    let (posted, first) = send(&fake, POST, &json!({ "channel": "#alerts", "text": "x", "blocks": blocks }));
    let target = |more: Value| {
        let mut body = json!({ "channel": posted["channel"], "ts": posted["ts"] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let (edited, shown) = send(&fake, UPDATE, &target(json!({ "text": "up" })));
    assert_eq!(
        (&edited["text"], &edited["ts"], edited["message"].get("blocks")),
        (&json!("up"), &posted["ts"], None)
    );
    assert_eq!(edited["message"]["edited"]["ts"], TS);
    let shown = shown.unwrap();
    assert_eq!(texts(&shown), ["up"], "text without blocks takes the blocks away");
    let first = first.unwrap();
    assert_eq!((&shown.message_id, &shown.to), (&first.message_id, &first.to));

    send(&fake, UPDATE, &target(json!({ "blocks": blocks })));
    let (_, kept) = send(&fake, UPDATE, &target(json!({ "attachments": [{ "text": "a" }] })));
    assert_eq!(texts(&kept.unwrap()), ["down", "a"], "what is not mentioned stays");
    let (_, emptied) =
        send(&fake, UPDATE, &target(json!({ "blocks": [], "attachments": [], "text": "end" })));
    assert_eq!(texts(&emptied.unwrap()), ["end"]);

    let (nothing, _) = send(&fake, UPDATE, &target(json!({ "blocks": [{ "type": "divider" }], "text": "" })));
    assert_eq!(nothing["ok"], true, "{nothing}");
    let (nothing, _) = send(&fake, UPDATE, &target(json!({ "markdown_text": "m" })));
    assert_eq!(nothing["ok"], true, "{nothing}");
    let (nothing, _) = send(&fake, UPDATE, &target(json!({ "blocks": [] })));
    assert_eq!(nothing["error"], "no_text", "something must be left to see");

    let stranger = fake.answer(&with_token(UPDATE, "xoxb-2", &target(json!({ "text": "mine" }))));
    assert_eq!(body_of(&stranger)["error"], "cant_update_message");
    let (elsewhere, _) = send(&fake, UPDATE, &json!({ "channel": CHANNEL, "ts": posted["ts"], "text": "x" }));
    assert_eq!(elsewhere["error"], "message_not_found");
}

#[test]
fn every_message_has_a_time_of_its_own() {
    let fake = slack();
    let ts = || {
        send(&fake, POST, &json!({ "channel": CHANNEL, "text": "x" })).0["ts"].as_str().unwrap().to_owned()
    };
    assert_eq!([ts(), ts()], ["1795406706.000000", "1795406706.000001"]);
}

#[test]
fn a_message_of_another_life_can_be_edited() {
    let post = with_token(POST, "xoxb-1", &json!({ "channel": CHANNEL, "text": "down" }));
    let first = slack();
    first.answer(&post);
    let posted = first.answer(&post);
    let ts = body_of(&posted)["ts"].clone();
    let update =
        |text: &str| with_token(UPDATE, "xoxb-1", &json!({ "channel": CHANNEL, "ts": ts, "text": text }));
    let edited = first.answer(&update("up"));
    let second = slack();
    second.remember(&post, &posted);
    second.remember(&update("up"), &edited);
    let again = second.answer(&update("up again"));
    assert_eq!(body_of(&again)["ok"], true);
    assert_eq!(texts(&again.shown.unwrap()), ["up again"]);
}

#[test]
fn who_has_no_good_token_is_told_why() {
    let fake = slack();
    for (token, what) in [
        ("xoxb-invalid", Token::Invalid),
        ("xoxb-revoked", Token::Revoked),
        ("xoxb-expired", Token::Expired),
        ("xoxb-inactive", Token::Inactive),
        ("xoxb-scope", Token::WithoutScope),
    ] {
        fake.configure_token(token, what);
    }
    let body = json!({ "channel": CHANNEL, "text": "x" });
    for (token, error) in [
        ("", "not_authed"),
        ("token", "invalid_auth"),
        ("xapp-1", "not_allowed_token_type"),
        ("xoxb-invalid", "invalid_auth"),
        ("xoxb-revoked", "token_revoked"),
        ("xoxb-expired", "token_expired"),
        ("xoxb-inactive", "account_inactive"),
        ("xoxb-scope", "missing_scope"),
    ] {
        let answer = body_of(&fake.answer(&with_token(POST, token, &body)));
        assert_eq!((&answer["ok"], answer["error"].as_str()), (&json!(false), Some(error)), "{token}");
    }
    let scope = body_of(&fake.answer(&with_token(POST, "xoxb-scope", &body)));
    assert_eq!(scope["needed"], "chat:write");
    let in_json = request(
        POST,
        &[("content-type", "application/json")],
        r#"{"token":"xoxb-1","channel":"C0123456789","text":"x"}"#,
    );
    assert_eq!(body_of(&fake.answer(&in_json))["error"], "not_authed", "a token in JSON does not count");
}

#[test]
fn arguments_may_be_json_or_a_form() {
    let fake = slack();
    let auth = ("authorization", "Bearer xoxb-1");
    let form = "token=xoxb-1&channel=%23alerts&text=a+b&blocks=";
    for (headers, body, warning) in [
        (vec![("content-type", "application/x-www-form-urlencoded")], form, Value::Null),
        (
            vec![("content-type", "application/x-www-form-urlencoded; charset=utf-8")],
            form,
            json!("superfluous_charset"),
        ),
        (
            vec![auth, ("content-type", "application/json")],
            r##"{"channel":"#alerts","text":"a b"}"##,
            json!("missing_charset"),
        ),
    ] {
        let answer = body_of(&fake.answer(&request(POST, &headers, body)));
        assert_eq!((&answer["ok"], &answer["warning"]), (&json!(true), &warning), "{headers:?} {answer}");
    }
    for (kind, body, error) in [
        ("application/json", "{", "invalid_json"),
        ("application/json", "[]", "json_not_object"),
        ("application/json; charset=latin1", "{}", "invalid_charset"),
        ("text/xml", "x", "invalid_post_type"),
    ] {
        let answer = body_of(&fake.answer(&request(POST, &[auth, ("content-type", kind)], body)));
        assert_eq!(answer["error"], error, "{kind} {body}");
    }
    assert_eq!(body_of(&fake.answer(&request(POST, &[auth], "x")))["error"], "missing_post_type");
    let elsewhere =
        CaughtRequest { url: "https://slack.com/robots.txt".parse().unwrap(), ..request(POST, &[auth], "") };
    assert_eq!(fake.answer(&elsewhere).status, 404);
}
