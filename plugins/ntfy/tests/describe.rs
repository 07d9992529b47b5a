//! The description is what the host reads, and it accepts and refuses what it should.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use campanile_channel::Channel;
use campanile_core::description::{Description, SecretPlace};
use campanile_ntfy::{Ntfy, Settings};
use regex::Regex;
use serde_json::{Value, json};

fn description() -> Description {
    Description::parse(Ntfy::DESCRIPTION).unwrap()
}

fn accepts(settings: &Value) -> bool {
    jsonschema::validator_for(&description().settings).unwrap().is_valid(settings)
}

#[test]
fn the_version_is_that_of_the_crate() {
    assert_eq!(description().version, env!("CARGO_PKG_VERSION"));
    assert_eq!(description().name, "ntfy");
}

#[test]
fn the_schema_describes_every_setting_and_its_defaults_are_those_of_the_code() {
    jsonschema::meta::validate(&description().settings).unwrap();
    let properties = description().settings["properties"].as_object().unwrap().clone();
    let mut defaults = serde_json::Map::new();
    for (name, property) in properties {
        assert!(property["description"].is_string(), "{name}");
        for example in property["examples"].as_array().into_iter().flatten() {
            let settings = json!({ &name: example });
            assert!(accepts(&settings), "{name} {example}");
            serde_json::from_value::<Settings>(settings).unwrap();
        }
        defaults.extend(property.get("default").map(|default| (name, default.clone())));
    }
    assert!(accepts(&Value::Object(defaults.clone())));
    let read = |value: Value| format!("{:?}", serde_json::from_value::<Settings>(value).unwrap());
    assert_eq!(read(Value::Object(defaults)), read(json!({})));
}

#[test]
fn settings_are_refused_before_a_delivery_fails_on_them() {
    for settings in [
        json!({ "unknown": 1 }),
        json!({ "topic": "boiler" }),
        json!({ "server": "ntfy.sh" }),
        json!({ "server": "https://ntfy.sh/boiler" }),
        json!({ "server": "https://user:password@ntfy.sh" }),
        json!({ "priority": 0 }),
        json!({ "priority": 6 }),
        json!({ "priority": "high" }),
        json!({ "tags": ["a,b"] }),
        json!({ "tags": [""] }),
        json!({ "tags": ["a", "a"] }),
        json!({ "tags": (0..11).map(|tag| tag.to_string()).collect::<Vec<_>>() }),
        json!({ "click": "grafana" }),
        json!({ "icon": "https://example.com" }),
        json!({ "markdown": "yes" }),
    ] {
        assert!(!accepts(&settings), "{settings}");
    }
    for server in ["https://ntfy.sh/", "http://192.168.1.5:8080", "https://[::1]:2586"] {
        assert!(accepts(&json!({ "server": server })), "{server}");
    }
}

/// 512 bytes: <https://docs.ntfy.sh/publish/#limitations>.
#[test]
fn no_settings_make_more_tags_than_the_server_takes() {
    let tags: Vec<String> = (0..10).map(|number| format!("{number}{}", "x".repeat(39))).collect();
    assert!(accepts(&json!({ "tags": tags })));
    assert!(tags.join(",").len() + ",rotating_light".len() <= 512);
}

#[test]
fn secrets_have_a_form_and_a_place() {
    let [topic, token] = description().secrets.try_into().unwrap();
    assert_eq!((topic.places, topic.optional), (vec![SecretPlace::Body], false));
    assert_eq!((token.places, token.optional), (vec![SecretPlace::Header], true));
    let pattern = |text: Option<String>| Regex::new(&text.unwrap()).unwrap();
    let (topic, token) = (pattern(topic.pattern), pattern(token.pattern));
    for text in ["boiler", "Boiler_room-7", &"x".repeat(64)] {
        assert!(topic.is_match(text), "{text}");
    }
    for text in ["", "a/b", "a b", "https://ntfy.sh/boiler", "käse", "a\"", &"x".repeat(65)] {
        assert!(!topic.is_match(text), "{text}");
    }
    assert!(token.is_match("tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"));
    for text in ["", "tk_", "AgQdq7mVBoFD37zQVN29RhuMzNIz2", "tk_a b", "tk_a\r\nx: y"] {
        assert!(!token.is_match(text), "{text}");
    }
}
