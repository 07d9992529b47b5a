//! The description is what the host reads, and it accepts and refuses what it should.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use campanile_channel::Channel;
use campanile_core::description::{Description, SecretPlace};
use campanile_discord::Discord;
use regex::Regex;
use serde_json::{Value, json};

fn description() -> Description {
    serde_json::from_str(Discord::DESCRIPTION).unwrap()
}

fn accepts(settings: &Value) -> bool {
    jsonschema::validator_for(&description().settings).unwrap().is_valid(settings)
}

#[test]
fn the_version_is_that_of_the_crate() {
    assert_eq!(description().version, env!("CARGO_PKG_VERSION"));
    assert_eq!(description().name, "discord");
}

#[test]
fn the_schema_describes_every_setting_and_its_defaults_are_those_of_the_code() {
    jsonschema::meta::validate(&description().settings).unwrap();
    let properties = description().settings["properties"].as_object().unwrap().clone();
    let mut defaults = serde_json::Map::new();
    for (name, property) in properties {
        assert!(property["description"].is_string(), "{name}");
        for example in property["examples"].as_array().into_iter().flatten() {
            assert!(accepts(&json!({ &name: example })), "{name} {example}");
        }
        defaults.extend(property.get("default").map(|default| (name, default.clone())));
    }
    assert!(accepts(&Value::Object(defaults.clone())));
    let read =
        |value: Value| format!("{:?}", serde_json::from_value::<campanile_discord::Settings>(value).unwrap());
    assert_eq!(read(Value::Object(defaults)), read(json!({})));
}

#[test]
fn settings_are_refused_before_a_delivery_fails_on_them() {
    for settings in [
        json!({ "unknown": 1 }),
        json!({ "username": "" }),
        json!({ "username": "My dIsCord" }),
        json!({ "username": "here" }),
        json!({ "username": "u".repeat(81) }),
        json!({ "avatar-url": "ftp://example.com/a.png" }),
        json!({ "avatar-url": "http://localhost/a.png" }),
        json!({ "thread-id": "boilers" }),
        json!({ "thread-id": "1", "thread-name": "x" }),
        json!({ "thread-name": "" }),
        json!({ "mention-users": ["joe"] }),
        json!({ "mention-roles": ["admin"] }),
        json!({ "mention-users": (0..21).collect::<Vec<u32>>() }),
        json!({ "style": "card" }),
        json!({ "overflow": "upstream" }),
        json!({ "api-url": "discord.com" }),
    ] {
        assert!(!accepts(&settings), "{settings}");
    }
    assert!(accepts(
        &json!({ "username": "Where is everyone?", "thread-id": 1_100_000_000_000_000_000_u64 })
    ));
}

#[test]
fn dc_06_all_forms_of_a_webhook_url_give_the_same_secret() {
    let secret = description().secrets.remove(0);
    assert_eq!(secret.places, [SecretPlace::Path, SecretPlace::Query]);
    let pattern = Regex::new(&secret.pattern.unwrap()).unwrap();
    for (url, thread) in [
        ("https://discord.com/api/webhooks/123/tok_EN-1", None),
        ("https://discordapp.com/api/webhooks/123/tok_EN-1", None),
        ("https://canary.discord.com/api/webhooks/123/tok_EN-1", None),
        ("https://ptb.discord.com/api/webhooks/123/tok_EN-1", None),
        ("https://discord.com/api/v10/webhooks/123/tok_EN-1", None),
        ("https://discord.com/api/webhooks/123/tok_EN-1/", None),
        ("https://discord.com/api/webhooks/123/tok_EN-1?thread_id=77", Some("77")),
        // DC-08: the host cuts off white space around a value before it looks at the pattern.
        ("https://discord.com/api/webhooks/123/tok_EN-1/?thread_id=77\n".trim(), Some("77")),
    ] {
        let found = pattern.captures(url).unwrap_or_else(|| panic!("{url}"));
        assert_eq!(&found[1], "123/tok_EN-1", "{url}");
        assert_eq!(found.name("thread_id").map(|group| group.as_str()), thread, "{url}");
    }
    assert!(pattern.is_match(&secret.example.unwrap()));
}

#[test]
fn dc_07_what_is_no_webhook_url_is_refused() {
    let pattern = Regex::new(&description().secrets[0].pattern.clone().unwrap()).unwrap();
    for url in [
        "",
        "https://discord.com/api/webhooks/123",
        "https://discord.com/api/webhooks/123/",
        "https://discord.com/api/webhooks//token",
        "https://discord.com/api/webhooks/123/ ",
        "https://discord.com/api/webhooks/abc/token",
        "https://discord.com/api/webhooks/123/to ken",
        "https://discord.com/api/webhooks/123/token/slack",
        "https://discord.com/api/webhooks/123/token?thread_id=abc",
        "https://discord.com/webhooks/123/token",
        "https://discord.com/api/channels/123/token",
        "http://discord.com/api/webhooks/123/token",
        "https://example.com/api/webhooks/123/token",
        "https://discord.com.example.com/api/webhooks/123/token",
        "https://user@discord.com/api/webhooks/123/token",
        "x https://discord.com/api/webhooks/123/token",
    ] {
        assert!(!pattern.is_match(url), "{url}");
    }
}
