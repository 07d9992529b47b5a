//! The description is what the host reads, and it accepts and refuses what it should.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use campanile_channel::Channel;
use campanile_core::description::{Description, SecretPlace};
use campanile_email::{Email, Settings};
use regex::Regex;
use serde_json::{Value, json};

fn description() -> Description {
    Description::parse(Email::DESCRIPTION).unwrap()
}

fn accepts(settings: &Value) -> bool {
    jsonschema::validator_for(&description().settings).unwrap().is_valid(settings)
}

fn with(name: &str, value: Value) -> Value {
    let Value::Object(mut settings) = json!({ "from": "alerts@example.com", "to": "ops@example.com" }) else {
        unreachable!()
    };
    settings.insert(name.to_owned(), value);
    Value::Object(settings)
}

#[test]
fn the_version_is_that_of_the_crate() {
    assert_eq!(description().version, env!("CARGO_PKG_VERSION"));
    assert_eq!(description().name, "email");
}

#[test]
fn the_schema_describes_every_setting_and_its_defaults_are_those_of_the_code() {
    jsonschema::meta::validate(&description().settings).unwrap();
    let properties = description().settings["properties"].as_object().unwrap().clone();
    let mut defaults = with("from", json!("alerts@example.com"));
    for (name, property) in properties {
        assert!(property["description"].is_string(), "{name}");
        for example in property["examples"].as_array().into_iter().flatten() {
            let settings = with(&name, example.clone());
            assert!(accepts(&settings), "{settings}");
            serde_json::from_value::<Settings>(settings).unwrap();
        }
        if let Some(default) = property.get("default") {
            defaults[&name] = default.clone();
        }
    }
    assert!(accepts(&defaults));
    let read = |value: Value| format!("{:?}", serde_json::from_value::<Settings>(value).unwrap());
    assert_eq!(read(defaults), read(with("from", json!("alerts@example.com"))));
}

#[test]
fn settings_are_refused_before_a_delivery_fails_on_them() {
    for settings in [
        json!({}),
        json!({ "to": "ops@example.com" }),
        json!({ "from": "alerts@example.com" }),
        with("unknown", json!(1)),
        with("from", json!("Campanile")),
        with("from", json!("Campanile alerts@example.com")),
        with("from", json!("<alerts@example.com>")),
        with("from", json!("alerts@localhost")),
        with("from", json!("alerts@example..com")),
        with("from", json!("a@example.com\r\nBcc: b@example.com")),
        with("to", json!("a@example.com, b@example.com")),
        with("to", json!("")),
        with("reply-to", json!("ops")),
        with("subject-prefix", json!("a\nb")),
        with("subject-prefix", json!("x".repeat(51))),
        with("format", json!("markdown")),
        with("api-url", json!("api.resend.com")),
    ] {
        assert!(!accepts(&settings), "{settings}");
    }
    for address in ["ops+heating@sub.example.com", "Ops, heating <ops@example.com>", "Käse <ops@example.com>"]
    {
        assert!(accepts(&with("to", json!(address))), "{address}");
    }
}

#[test]
fn each_receiver_is_a_channel_of_its_own() {
    assert_eq!(description().fan_out.as_deref(), Some("to"));
}

#[test]
fn the_secret_has_a_form_and_a_place() {
    let [key] = description().secrets.try_into().unwrap();
    assert_eq!((key.places, key.optional), (vec![SecretPlace::Header], false));
    let pattern = Regex::new(&key.pattern.unwrap()).unwrap();
    assert!(pattern.is_match("re_c1tpEyD8_NKFusih9vKVQknRAQfmFcWCv"));
    for text in ["", "re_", "sk_123", "re_a b", "re_a\r\nx: y", "Bearer re_123"] {
        assert!(!pattern.is_match(text), "{text}");
    }
}
