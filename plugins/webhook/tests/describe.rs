//! The description is what the host reads, and it accepts and refuses what it should.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use campanile_channel::Channel;
use campanile_core::description::{Description, SecretPlace};
use campanile_webhook::Webhook;
use regex::Regex;
use serde_json::{Value, json};

fn description() -> Description {
    serde_json::from_str(Webhook::DESCRIPTION).unwrap()
}

fn accepts(settings: &Value) -> bool {
    jsonschema::validator_for(&description().settings).unwrap().is_valid(settings)
}

#[test]
fn the_version_is_that_of_the_crate() {
    assert_eq!(description().version, env!("CARGO_PKG_VERSION"));
    assert_eq!(description().name, "webhook");
}

#[test]
fn the_schema_describes_every_setting_and_its_examples_work() {
    jsonschema::meta::validate(&description().settings).unwrap();
    let mut examples = serde_json::Map::new();
    for (name, property) in description().settings["properties"].as_object().unwrap() {
        assert!(property["description"].is_string(), "{name}");
        let example = property.get("examples").map_or(&property["default"], |examples| &examples[0]);
        examples.insert(name.clone(), example.clone());
    }
    assert!(accepts(&Value::Object(examples.clone())));
    serde_json::from_value::<campanile_webhook::Settings>(Value::Object(examples)).unwrap();
}

#[test]
fn settings_are_refused_before_a_delivery_fails_on_them() {
    let with = |name: &str, value: Value| json!({ "url": "https://example.com", name: value });
    for settings in [
        json!({}),
        json!({ "url": "example.com" }),
        json!({ "url": "ftp://example.com/" }),
        json!({ "url": "https://user:password@example.com/" }),
        json!({ "url": "https://example.com/a b" }),
        with("unknown", json!(1)),
        with("method", json!("GET")),
        with("headers", json!({ "Webhook-Id": "1" })),
        with("headers", json!({ "webhook-signature": "v1,x" })),
        with("headers", json!({ "authorization": "Bearer x" })),
        with("headers", json!({ "host": "example.org" })),
        with("headers", json!({ "x-a": "b\r\nx-c: d" })),
        with("headers", json!({ "x-a": 1 })),
    ] {
        assert!(!accepts(&settings), "{settings}");
    }
    for url in ["https://example.com", "http://192.168.1.5:8123/api/webhook/x?y=1", "https://[::1]:8080/"] {
        assert!(accepts(&json!({ "url": url })), "{url}");
    }
}

#[test]
fn secrets_are_optional_and_have_a_form() {
    let [signing, authorization] = description().secrets.try_into().unwrap();
    assert_eq!(
        (signing.places, authorization.places),
        (vec![SecretPlace::StandardWebhooks], vec![SecretPlace::Header])
    );
    assert!(signing.optional && authorization.optional);
    let pattern = |text: Option<String>| Regex::new(&text.unwrap()).unwrap();
    let (key, value) = (pattern(signing.pattern), pattern(authorization.pattern));
    assert!(key.is_match(&signing.example.unwrap()) && value.is_match(&authorization.example.unwrap()));
    for text in ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "C2FVsBQIhrscChlQIMV+b5sSYspob7oD"] {
        assert_eq!(&key.captures(text).unwrap()[1], "C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
    }
    for text in [
        "",
        "whsec_",
        "whsec_short",
        "whsec_C2FVsBQIhrscChlQIMV-b5sSYspob7oD",
        "whsk_C2FVsBQIhrscChlQIMV+b5sS",
    ] {
        assert!(!key.is_match(text), "{text}");
    }
    assert!(!value.is_match("Bearer a\r\nx: y"));
}
