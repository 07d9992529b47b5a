//! What a channel of a plugin is before anybody has filled it in: what its description suggests.

use campanile_core::description::Description;
use campanile_core::grant::Origin;
use serde_json::{Map, Value};

/// The names of the settings that a plugin needs.
pub(crate) fn required(description: &Description) -> impl Iterator<Item = &str> {
    let required = description.settings.get("required").and_then(Value::as_array);
    required.into_iter().flatten().filter_map(Value::as_str)
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
pub(crate) fn hosts(description: &Description, settings: &Map<String, Value>) -> Vec<String> {
    let named = description.hosts.iter().cloned();
    let urls = description.hosts_from_settings.iter().filter_map(|setting| settings.get(setting)?.as_str());
    let origins = urls.filter_map(|url| Origin::of(&url.parse().ok()?)).map(|origin| origin.to_string());
    named.chain(origins).collect()
}
