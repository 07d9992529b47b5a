//! `describe.json`, and settings and secrets checked against it.

use campanile_channel::Channel;
use campanile_core::description::{Description, SecretPlace};
use campanile_telegram::{ParseMode, Settings, Telegram};
use regex::Regex;
use serde_json::{Value, json};

use super::{chat_1, deliver, first, host, parameters, settings};

fn description() -> Description {
    Description::parse(Telegram::DESCRIPTION).unwrap()
}

fn accepts(settings: &Value) -> bool {
    jsonschema::draft202012::new(&description().settings).unwrap().is_valid(settings)
}

#[test]
fn the_description_is_one_of_format_1_and_of_this_version() {
    let description = description();
    assert_eq!((description.describe_version, description.name.as_str()), (1, "telegram"));
    assert_eq!(description.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(description.fan_out.as_deref(), Some("chat-id"));
    assert_eq!(description.hosts, ["https://api.telegram.org"]);
    assert_eq!(description.hosts_from_settings, ["api-url"]);
    assert!(jsonschema::meta::is_valid(&description.settings));
    assert_eq!(description.settings["additionalProperties"], false);
}

#[test]
fn every_setting_is_described_and_its_default_and_examples_are_valid() {
    let schema = description().settings;
    for (name, property) in schema["properties"].as_object().unwrap() {
        assert!(property["description"].as_str().is_some_and(|text| text.ends_with('.')), "{name}");
        let examples = property["examples"].as_array().unwrap();
        for value in examples.iter().chain(property.get("default")) {
            let mut settings = json!({"chat-id": 1});
            settings[name] = value.clone();
            assert!(accepts(&settings), "{settings}");
            serde_json::from_value::<Settings>(settings).unwrap();
        }
    }
}

#[test]
fn defaults_in_the_description_are_those_of_the_plugin() {
    let defaults = chat_1(json!({}));
    let property = |name: &str| description().settings["properties"][name]["default"].clone();
    assert_eq!(property("api-url"), defaults.api_url.as_str());
    assert_eq!((property("parse-mode"), defaults.parse_mode), (json!("HTML"), ParseMode::Html));
    assert_eq!(property("silent"), defaults.silent);
    assert_eq!(property("protect-content"), defaults.protect_content);
    assert_eq!(property("link-preview"), defaults.link_preview);
    let overflow = chat_1(json!({"overflow": property("overflow")})).overflow;
    assert_eq!(overflow, defaults.overflow);
}

#[test]
fn addresses_are_sent_as_the_bot_api_names_them() {
    let rows = [
        ("TG-01", json!("lead2gold"), json!("@lead2gold"), Value::Null),
        ("TG-01", json!("@abcd"), json!("@abcd"), Value::Null),
        ("TG-02", json!("id1"), json!("@id1"), Value::Null),
        ("TG-02", json!("23423"), json!(23423), Value::Null),
        ("TG-02", json!(-30), json!(-30), Value::Null),
        ("TG-02", json!("-123456789525"), json!(-123_456_789_525_i64), Value::Null),
        ("TG-02", json!(i64::MIN), json!(i64::MIN), Value::Null),
        ("TG-02", json!(i64::MAX), json!(i64::MAX), Value::Null),
        ("TG-04", json!("9876:1234"), json!(9876), json!(1234)),
        ("TG-04", json!("@name:1111"), json!("@name"), json!(1111)),
    ];
    for (id, address, chat, topic) in rows {
        let settings_json = json!({"chat-id": address});
        assert!(accepts(&settings_json), "{id} {settings_json}");
        let mut host = host(&[(200, super::SENT)]);
        deliver(&settings(settings_json), &first(), &mut host).unwrap();
        let sent = &parameters(&host)[0];
        assert_eq!((&sent["chat_id"], &sent["message_thread_id"]), (&chat, &topic), "{id} {address}");
    }
}

#[test]
fn the_topic_of_the_address_comes_before_the_setting() {
    let topic = |chat: Value| {
        let mut host = host(&[(200, super::SENT)]);
        let settings = settings(json!({"chat-id": chat, "message-thread-id": 12345}));
        deliver(&settings, &first(), &mut host).unwrap();
        parameters(&host)[0]["message_thread_id"].clone()
    };
    assert_eq!(topic(json!(1)), 12345, "TG-05");
    assert_eq!(topic(json!("1:2")), 2);
}

#[test]
fn settings_that_can_not_work_are_refused_by_the_schema() {
    let rows = [
        ("TG-03", json!({"chat-id": "%$"})),
        ("TG-03", json!({"chat-id": "id1:invalid"})),
        ("TG-03", json!({"chat-id": "id1:0"})),
        ("TG-03", json!({"chat-id": ""})),
        ("TG-03", json!({"chat-id": 1.5})),
        ("TG-05", json!({"chat-id": 1, "message-thread-id": "invalid"})),
        ("TG-05", json!({"chat-id": 1, "parse-mode": "invalid"})),
        ("TG-07", json!({})),
        ("TG-07", json!({"chat-id": 1, "chat-id-file": "/chat"})),
        ("TG-07", json!({"chat-id": 1, "parse-mode": "Markdown"})),
        ("TG-08", json!({"chat-id": 1, "message-thread-id": "12"})),
        ("TG-08", json!({"chat-id": 1, "message-thread-id": 2_147_483_648_u32})),
        ("TG-09", json!({"chat-id": 1, "api-url": "ftp://example.com"})),
        ("TG-09", json!({"chat-id": 1, "api-url": "https://user@example.com"})),
    ];
    for (id, settings) in rows {
        assert!(!accepts(&settings), "{id} {settings}");
    }
    assert!(accepts(&json!({"chat-id": 1, "message-thread-id": 456})), "TG-07");
    assert!(accepts(&json!({"chat-id": "1", "message-thread-id": i32::MAX})), "TG-08");
}

#[test]
fn numbers_that_the_pattern_can_not_judge_are_refused_by_the_plugin() {
    for address in ["99999999999999999999", "9999999999999999999", "1:2147483648", "1:2:3"] {
        let error = serde_json::from_value::<Settings>(json!({"chat-id": address})).unwrap_err();
        assert!(error.to_string().contains("is no chat: use its number"), "{error}");
    }
}

#[test]
fn tokens_are_told_from_what_is_none() {
    let secret = &description().secrets[0];
    assert_eq!(
        (secret.name.as_str(), secret.places.as_slice()),
        ("bot-token", [SecretPlace::Path].as_slice())
    );
    let pattern = Regex::new(secret.pattern.as_deref().unwrap()).unwrap();
    let token = |text: &str| pattern.captures(text.trim()).map(|found| found[1].to_owned());
    let rows = [
        ("TG-06", "123456789:abcdefg_hijklmnop", Some("123456789:abcdefg_hijklmnop")),
        ("TG-06", "bot123456789:abcdefg_hijklmnop", Some("123456789:abcdefg_hijklmnop")),
        ("TG-06", "alpha:abcdefg_hijklmnop", None),
        ("TG-07", "123456789:abcdefg_hijklmnop\n", Some("123456789:abcdefg_hijklmnop")),
        ("TG-07", "123456789:abcdefg hijklmnop", None),
    ];
    for (id, text, expected) in rows {
        assert_eq!(token(text).as_deref(), expected, "{id} {text}");
    }
    assert!(token(secret.example.as_deref().unwrap()).is_some());
}

#[test]
fn tg_09_requests_go_to_the_bot_s_path_of_the_api() {
    let urls = [
        ("https://api.telegram.org", json!({})),
        ("http://h:8081/x", json!({"api-url": "http://h:8081/x/"})),
    ];
    for (origin, more) in urls {
        let mut host = host(&[(200, super::SENT)]);
        deliver(&chat_1(more), &first(), &mut host).unwrap();
        let request = &host.requests[0];
        assert_eq!(request.url, format!("{origin}/botSECRET-bot-token/sendMessage"));
        assert_eq!(request.method, "POST");
        assert_eq!(request.headers, [("content-type".to_owned(), "application/json".to_owned())]);
    }
}

#[test]
fn tg_10_settings_of_the_message_are_sent_and_left_out_when_off() {
    let sent = |more| {
        let mut host = host(&[(200, super::SENT)]);
        deliver(&chat_1(more), &first(), &mut host).unwrap();
        let mut sent = parameters(&host).remove(0);
        sent.as_object_mut().unwrap().remove("text");
        sent
    };
    assert_eq!(
        sent(json!({})),
        json!({"chat_id": 1, "parse_mode": "HTML", "link_preview_options": {"is_disabled": true}})
    );
    assert_eq!(
        sent(json!({"silent": true, "protect-content": true, "link-preview": true, "parse-mode": "none"})),
        json!({"chat_id": 1, "disable_notification": true, "protect_content": true,
            "link_preview_options": {"is_disabled": false}})
    );
}
