//! What a channel of a plugin is before anybody has filled it in: settings, hosts and secrets out of its own description.

use std::collections::BTreeMap;

use campanile_core::description::{Description, SecretDescription};
use campanile_core::grant::Origin;
use campanile_core::secret_pattern::{SecretError, SecretPattern, SecretValue};
use serde_json::{Map, Value};

use crate::error::CliError;

/// What was given, and of what is required and was not given what the schema suggests.
pub(crate) fn settings(
    description: &Description,
    given: Option<&str>,
) -> Result<Map<String, Value>, CliError> {
    let mut settings: Map<String, Value> = match given {
        Some(text) => serde_json::from_str(text).map_err(CliError::Settings)?,
        None => Map::new(),
    };
    for name in required(description) {
        if !settings.contains_key(name) {
            let value = suggested(description, name).ok_or_else(|| CliError::NoSetting(name.to_owned()))?;
            settings.insert(name.to_owned(), value);
        }
    }
    Ok(settings)
}

/// The settings that the schema requires.
pub(crate) fn required(description: &Description) -> impl Iterator<Item = &str> {
    let required = description.settings.get("required").and_then(Value::as_array);
    required.into_iter().flatten().filter_map(Value::as_str)
}

/// A value that the schema allows for a setting.
pub(crate) fn suggested(description: &Description, setting: &str) -> Option<Value> {
    suggestion(description.settings.get("properties")?.get(setting)?)
}

/// A value that a schema allows.
pub(crate) fn suggestion(schema: &Value) -> Option<Value> {
    ["/examples/0", "/default", "/const", "/enum/0"].iter().find_map(|place| schema.pointer(place).cloned())
}

/// The variable that a secret of `plugin` is looked for in.
pub(crate) fn variable(plugin: &str, secret: &str) -> String {
    format!("{plugin}_{secret}").replace('-', "_").to_uppercase()
}

/// The origins that the plugin names, and those of its settings.
pub(crate) fn hosts(description: &Description, settings: &Map<String, Value>) -> Vec<Origin> {
    let named = description.hosts.iter().filter_map(|host| Origin::parse(host).ok());
    let urls = description.hosts_from_settings.iter().filter_map(|setting| settings.get(setting)?.as_str());
    named.chain(urls.filter_map(|url| Origin::of(&url.parse().ok()?))).collect()
}

/// The values that stand in for secrets, by name: what is given here, else the examples; made up where there is none, as while messages
/// are caught. Left out are those that are given as none.
pub(crate) fn secrets(
    description: &Description,
    given: &BTreeMap<String, Option<String>>,
) -> Result<BTreeMap<String, SecretValue>, (String, SecretError)> {
    let mut values = BTreeMap::new();
    for secret in &description.secrets {
        let text = match given.get(&secret.name) {
            Some(None) => continue,
            Some(Some(text)) => text.clone(),
            None => example(secret),
        };
        let pattern = SecretPattern::compile(secret.pattern.as_deref());
        let value = pattern.map_err(|_| SecretError::Mismatch).and_then(|pattern| pattern.apply(&text));
        values.insert(secret.name.clone(), value.map_err(|error| (secret.name.clone(), error))?);
    }
    Ok(values)
}

fn example(secret: &SecretDescription) -> String {
    secret.example.clone().unwrap_or_else(|| format!("example-of-{}", secret.name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn description() -> Description {
        let text = json!({
            "describe-version": 1, "name": "night-pager", "version": "1.0.0", "summary": "Pages.",
            "settings": {
                "type": "object", "required": ["url", "level"],
                "properties": { "url": { "examples": ["https://pager.example.com/x"] }, "level": { "enum": [3, 4] } },
            },
            "hosts": ["https://api.example.com"], "hosts-from-settings": ["url"],
            "secrets": [
                { "name": "api-key", "summary": "The key.", "places": ["header"], "pattern": "key-([a-z]+)" },
                { "name": "pin", "summary": "The pin.", "places": ["body"] },
            ],
        });
        Description::parse(&text.to_string()).unwrap()
    }

    #[test]
    fn given_settings_come_first_and_unknown_ones_are_asked_for() {
        let settings_of = |given| settings(&description(), Some(given));
        assert_eq!(settings_of(r#"{"level":4}"#).unwrap()["level"], 4);
        assert!(matches!(settings_of("[]"), Err(CliError::Settings(_))));
        let mut bare = description();
        bare.settings = json!({ "type": "object", "required": ["room"], "properties": { "room": {} } });
        assert!(matches!(settings(&bare, None), Err(CliError::NoSetting(name)) if name == "room"));
    }

    #[test]
    fn secrets_are_given_made_up_or_left_out() {
        let given = |key: Option<&str>| BTreeMap::from([("api-key".to_owned(), key.map(str::to_owned))]);
        let values = secrets(&description(), &given(Some("key-abc"))).unwrap();
        assert_eq!(
            (values["api-key"].value.as_str(), values["pin"].value.as_str()),
            ("abc", "example-of-pin")
        );
        assert!(!secrets(&description(), &given(None)).unwrap().contains_key("api-key"));
        let (name, error) = secrets(&description(), &BTreeMap::new()).unwrap_err();
        assert_eq!((name.as_str(), error), ("api-key", SecretError::Mismatch));
    }
}
