//! `campanile plugin dev`: one plugin, built whenever its sources change, and what it makes of an event.
//!
//! It has a system of its own, with one channel and one route, so that nothing has to be configured to see a message.

use std::path::Path;

use campanile_core::description::Description;
use serde_json::{Map, Value};
use tempfile::TempDir;
use toml::Table;

use crate::args::{DevArguments, DevPluginArguments, ProjectArguments};
use crate::error::CliError;
use crate::exit::Exit;
use crate::plugins::{Plugins, sample};
use crate::project::author;

pub(crate) async fn run(arguments: DevPluginArguments) -> Result<Exit, CliError> {
    let home = TempDir::with_prefix("campanile-plugin-").map_err(CliError::file(std::env::temp_dir()))?;
    let plugins = home.path().join("plugins");
    let built = author::build(&arguments.folder, &plugins).await?;
    let compiled = Plugins::compile(&plugins, None, None).await?;
    let description = match compiled.files.first().map(|file| &file.state) {
        Some(Ok(compiled)) => &compiled.entry.description,
        Some(Err(error)) => return Err(CliError::Answer(error.clone())),
        None => return Err(CliError::NoComponent(built.into_iter().next().unwrap_or(plugins))),
    };
    let settings = sample::settings(description, arguments.settings.as_deref())?;
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

/// One channel with everything that the plugin asks for, which hears of everything.
fn configuration(description: &Description, settings: &Map<String, Value>) -> Result<String, CliError> {
    let name = &description.name;
    let mut channel = Table::new();
    channel.insert("plugin".into(), name.clone().into());
    let hosts: Vec<String> = sample::hosts(description, settings).iter().map(ToString::to_string).collect();
    channel.insert("allow".into(), hosts.into());
    let settings = toml::Value::try_from(settings).map_err(|error| CliError::Answer(error.to_string()))?;
    channel.insert("settings".into(), settings);
    let secrets = description.secrets.iter().map(|secret| {
        let source =
            Table::from_iter([("env".to_owned(), toml::Value::from(sample::variable(name, &secret.name)))]);
        (secret.name.clone(), toml::Value::Table(source))
    });
    channel.insert("secrets".into(), Table::from_iter(secrets).into());
    let mut route = Table::new();
    route.insert("channels".into(), vec![name.clone()].into());
    // An author who tries things out wants each message, and at once.
    for folding in ["flapping", "storm"] {
        route.insert(folding.into(), false.into());
    }
    let channels = Table::from_iter([(name.clone(), toml::Value::Table(channel))]);
    let config = Table::from_iter([
        ("channels".to_owned(), toml::Value::Table(channels)),
        ("routes".to_owned(), vec![route].into()),
    ]);
    toml::to_string(&config).map_err(|error| CliError::Answer(error.to_string()))
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
        let settings = sample::settings(&description, None).unwrap();
        let text = configuration(&description, &settings).unwrap();
        assert!(text.contains("storm = false") && text.contains("flapping = false"), "{text}");
        let config = Config::parse(&text).unwrap();
        let channel = &config.channels["night-pager"];
        let allowed: Vec<String> = channel.allow.iter().map(|grant| grant.origin.to_string()).collect();
        assert_eq!(allowed, ["https://api.example.com", "https://pager.example.com"]);
        assert!(channel.secrets.contains_key("api-key"));
    }
}
