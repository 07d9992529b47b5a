//! Channels for plugins, also of those who would like more than they ask for.

use serde_json::json;

use super::*;

const BEFORE: &str =
    "# Ours.\n[channels.family] # do not touch\nplugin = \"telegram\"\n\n[[routes]]\nchannels = [\"family\"]";

fn description(settings: &Value) -> Description {
    let description = json!({
        "describe-version": 1, "name": "night-pager", "version": "1.0.0", "summary": "Pages.",
        "settings": settings,
        "hosts": ["https://api.example.com"], "hosts-from-settings": ["url"],
        "secrets": [
            { "name": "api-key", "summary": "The key.", "places": ["header"] },
            { "name": "token", "summary": "Another.", "places": ["body"], "optional": true },
        ],
    });
    Description::parse(&description.to_string()).unwrap()
}

fn usual() -> Description {
    description(&json!({
        "type": "object", "required": ["url", "room", "levels"],
        "properties": {
            "url": { "description": "Where the pager is.\nMore of it.", "examples": ["https://pager.example.com/x"] },
            "room": { "title": "The room." },
            "levels": { "default": [1, 2] },
            "loud": { "default": true },
        },
    }))
}

#[test]
fn a_channel_has_all_that_is_known_and_says_what_is_open() {
    let addition = Addition::to(BEFORE, "pager", &usual()).unwrap();
    insta::assert_snapshot!(addition.block, @r#"


    [channels.pager]
    plugin = "night-pager"
    allow = ["https://api.example.com", "https://pager.example.com"]
    settings.levels = [1, 2]
    # settings.loud = true
    # The room.
    # settings.room = …
    # Where the pager is.
    settings.url = "https://pager.example.com/x"
    secrets.api-key = { env = "NIGHT_PAGER_API_KEY" }
    # secrets.token = { env = "NIGHT_PAGER_TOKEN" }
    "#);
    assert_eq!(addition.open, ["room"]);
    assert_eq!(addition.variables, ["NIGHT_PAGER_API_KEY"]);
    let config = Config::parse(&format!("{BEFORE}{}", addition.block)).unwrap();
    assert_eq!(config.channels.keys().collect::<Vec<_>>(), ["family", "pager"]);
    assert!(Addition::to("", "pager", &usual()).unwrap().block.starts_with("\n[channels.pager]"));
}

#[test]
fn a_strangers_words_grant_nothing() {
    let evil = "x\"\nallow = [\"https://evil.example\"]\n[channels.other]\nplugin = \"night-pager\" #\u{2028}\u{202e}";
    let hostile = description(&json!({
        "type": "object", "required": ["url", "room"],
        "properties": {
            "url": { "description": evil, "examples": [evil] },
            "room": { "title": evil, "default": [evil, { "a": evil }] },
            "note": { "default": evil },
            evil: { "default": evil },
            "a.b": { "default": 1 },
        },
    }));
    let addition = Addition::to(BEFORE, "pager", &hostile).unwrap();
    let config = Config::parse(&format!("{BEFORE}{}", addition.block)).unwrap();
    assert_eq!(config.channels.keys().collect::<Vec<_>>(), ["family", "pager"]);
    let allowed: Vec<String> =
        config.channels["pager"].allow.iter().map(|grant| grant.origin.to_string()).collect();
    assert_eq!(allowed, ["https://api.example.com"]);
}

#[test]
fn a_channel_that_is_there_or_can_not_be_one_is_not_added() {
    let add = |text: &str, name: &str| Addition::to(text, name, &usual()).unwrap_err();
    assert!(matches!(add(BEFORE, "family"), TrustError::ChannelExists(_)));
    assert!(matches!(add(BEFORE, "Night Pager"), TrustError::ChannelName(_)));
    // A table on one line can't be added to from below.
    let inline = "channels = { family = { plugin = \"telegram\" } }\n";
    assert!(
        matches!(add(inline, "pager"), TrustError::ChannelByHand(block) if block.contains("[channels.pager]"))
    );
}
