//! `campanile plugin dev`: one plugin, built whenever its sources change, and what it makes of an event.
//!
//! It has a system of its own, with one channel and one route, so that nothing has to be configured to see a message.

use std::path::Path;

use campanile_core::description::Description;
use campanile_core::grant::Origin;
use serde_json::{Map, Value};
use tempfile::TempDir;
use toml::Table;

use crate::args::{DevArguments, DevPluginArguments, ProjectArguments};
use crate::error::CliError;
use crate::exit::Exit;
use crate::plugins::Plugins;
use crate::project::author;

pub(crate) async fn run(arguments: DevPluginArguments) -> Result<Exit, CliError> {
    let home = TempDir::with_prefix("campanile-plugin-").map_err(CliError::file(std::env::temp_dir()))?;
    let plugins = home.path().join("plugins");
    let built = author::build(&arguments.folder, &plugins).await?;
    let compiled = Plugins::compile(&plugins, None).await?;
    let description = match compiled.files.first().map(|file| &file.state) {
        Some(Ok(compiled)) => &compiled.entry.description,
        Some(Err(error)) => return Err(CliError::Answer(error.clone())),
        None => return Err(CliError::NoComponent(built.into_iter().next().unwrap_or(plugins))),
    };
    let settings = settings(description, arguments.settings.as_deref())?;
    let config = home.path().join("campanile.toml");
    let text = configuration(description, &settings)?;
    std::fs::write(&config, text).map_err(CliError::file(&config))?;
    let folder = arguments.folder.clone();
    Box::pin(super::serve(system(arguments, &config), Some(folder))).await
}

/// `campanile dev`, of this configuration, where no other one can be in the way.
fn system(arguments: DevPluginArguments, config: &Path) -> DevArguments {
    let free = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    DevArguments {
        data_dir: None,
        mqtt: free,
        mqtts: free,
        ui: arguments.ui,
        headless: arguments.headless,
        broker: None,
        broker_ca: None,
        identity: Vec::new(),
        fault: arguments.fault,
        live: Vec::new(),
        json: arguments.json,
        verbose: true,
        project: ProjectArguments { config: Some(config.to_owned()), plugins: None },
    }
}

/// What was given, and of what is required and was not given what the schema suggests.
fn settings(description: &Description, given: Option<&str>) -> Result<Map<String, Value>, CliError> {
    let mut settings: Map<String, Value> = match given {
        Some(text) => serde_json::from_str(text).map_err(CliError::Settings)?,
        None => Map::new(),
    };
    let required = description.settings.get("required").and_then(Value::as_array);
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        if !settings.contains_key(name) {
            let schema = description.settings.pointer(&format!("/properties/{name}"));
            let value = schema.and_then(suggestion).ok_or_else(|| CliError::NoSetting(name.to_owned()))?;
            settings.insert(name.to_owned(), value);
        }
    }
    Ok(settings)
}

/// A value that a schema allows.
fn suggestion(schema: &Value) -> Option<Value> {
    ["/examples/0", "/default", "/const", "/enum/0"].iter().find_map(|place| schema.pointer(place).cloned())
}

/// One channel with everything that the plugin asks for, which hears of everything.
fn configuration(description: &Description, settings: &Map<String, Value>) -> Result<String, CliError> {
    let name = &description.name;
    let mut channel = Table::new();
    channel.insert("plugin".into(), name.clone().into());
    channel.insert("allow".into(), hosts(description, settings).into());
    let settings = toml::Value::try_from(settings).map_err(|error| CliError::Answer(error.to_string()))?;
    channel.insert("settings".into(), settings);
    let variable = |secret: &str| format!("{name}_{secret}").replace('-', "_").to_uppercase();
    let secrets = description.secrets.iter().map(|secret| {
        let source = Table::from_iter([("env".to_owned(), toml::Value::from(variable(&secret.name)))]);
        (secret.name.clone(), toml::Value::Table(source))
    });
    channel.insert("secrets".into(), Table::from_iter(secrets).into());
    let mut route = Table::new();
    route.insert("channels".into(), vec![name.clone()].into());
    let channels = Table::from_iter([(name.clone(), toml::Value::Table(channel))]);
    let config = Table::from_iter([
        ("channels".to_owned(), toml::Value::Table(channels)),
        ("routes".to_owned(), vec![route].into()),
    ]);
    toml::to_string(&config).map_err(|error| CliError::Answer(error.to_string()))
}

/// The origins that the plugin names, and those of its settings.
fn hosts(description: &Description, settings: &Map<String, Value>) -> Vec<String> {
    let named = description.hosts.iter().cloned();
    let urls = description.hosts_from_settings.iter().filter_map(|setting| settings.get(setting)?.as_str());
    let origins = urls.filter_map(|url| Origin::of(&url.parse().ok()?)).map(|origin| origin.to_string());
    named.chain(origins).collect()
}

#[cfg(test)]
mod tests {
    use campanile_core::config::Config;
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
            "secrets": [{ "name": "api-key", "summary": "The key.", "places": ["header"] }],
        });
        Description::parse(&text.to_string()).unwrap()
    }

    #[test]
    fn the_configuration_is_one_and_grants_what_is_asked_for() {
        let description = description();
        let settings = settings(&description, None).unwrap();
        let config = Config::parse(&configuration(&description, &settings).unwrap()).unwrap();
        let channel = &config.channels["night-pager"];
        let allowed: Vec<String> = channel.allow.iter().map(|grant| grant.origin.to_string()).collect();
        assert_eq!(allowed, ["https://api.example.com", "https://pager.example.com"]);
        assert!(channel.secrets.contains_key("api-key"));
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
}
