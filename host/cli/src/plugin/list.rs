//! `campanile plugin list`: what channels can be made of.

use campanile_core::config::Config;
use campanile_core::description::{Description, SecretDescription};
use serde_json::{Value, json};

use crate::args::ProjectArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{self, QUIET, STRONG, styled, visible};
use crate::plugins::{PluginFile, Plugins};
use crate::project::Project;
use crate::project::lock::Lock;

pub(crate) async fn run(json: bool, arguments: &ProjectArguments) -> Result<Exit, CliError> {
    let folder = Project::plugins(arguments)?;
    let lock = Lock::of_folder(arguments)?;
    let plugins = Plugins::compile(&folder, lock.as_ref(), None).await?;
    let config =
        Project::find(arguments).ok().and_then(|project| Config::parse(&project.read_config().ok()?).ok());
    if json {
        let listed: Vec<Value> = plugins.files.iter().map(|file| to_json(file, config.as_ref())).collect();
        output::json(&listed);
    } else {
        for file in &plugins.files {
            if let Some(description) = file.description() {
                show(file, description, config.as_ref());
            }
        }
        if plugins.files.is_empty() {
            output::note(format!(
                "no plugins in `{}`: drop a .wasm there, or build some: campanile plugin build",
                folder.display()
            ));
        }
        plugins.show_problems();
    }
    Ok(if plugins.problems().next().is_some() { Exit::Plugin } else { Exit::Success })
}

/// The channels that a plugin serves.
fn channels(config: Option<&Config>, name: &str) -> Vec<String> {
    let channels = config.into_iter().flat_map(|config| &config.channels);
    channels.filter(|(_, channel)| channel.plugin.get_ref() == name).map(|(name, _)| name.clone()).collect()
}

fn show(file: &PluginFile, description: &Description, config: Option<&Config>) {
    let Description { name, version, summary, .. } = description;
    let digest = file.digest().map(|digest| digest.short().to_owned()).unwrap_or_default();
    output::line(format!(
        "{} {}  {}",
        styled(STRONG, name),
        visible(version),
        styled(QUIET, format!("{}  sha256 {digest}", file.file))
    ));
    output::line(format!("  {}", visible(summary)));
    let used = channels(config, name);
    entry("channels", &if used.is_empty() { vec!["none yet".to_owned()] } else { used });
    entry("settings", &settings(description));
    entry("hosts", &hosts(description));
    entry("secrets", &description.secrets.iter().map(secret).collect::<Vec<_>>());
    output::line("");
}

fn entry(name: &str, values: &[String]) {
    let shown = if values.is_empty() { styled(QUIET, "none") } else { visible(&values.join(", ")) };
    output::line(format!("  {name:<9} {shown}"));
}

/// The names of settings; those that are required have a star.
fn settings(description: &Description) -> Vec<String> {
    let required = description.settings.get("required").and_then(Value::as_array);
    let is_required = |name: &str| required.is_some_and(|required| required.iter().any(|it| it == name));
    let properties = description.settings.get("properties").and_then(Value::as_object);
    let names = properties.into_iter().flat_map(|properties| properties.keys());
    names.map(|name| if is_required(name) { format!("{name}*") } else { name.clone() }).collect()
}

fn hosts(description: &Description) -> Vec<String> {
    let fixed = description.hosts.iter().cloned();
    fixed
        .chain(description.hosts_from_settings.iter().map(|setting| format!("the setting {setting}")))
        .collect()
}

fn secret(secret: &SecretDescription) -> String {
    format!("{}{}", secret.name, if secret.optional { "" } else { "*" })
}

fn to_json(file: &PluginFile, config: Option<&Config>) -> Value {
    match &file.state {
        Ok(compiled) => json!({
            "file": file.file,
            "sha256": compiled.entry.wasm,
            "bytes": file.size,
            "channels": channels(config, &compiled.entry.description.name),
            "description": compiled.entry.description,
        }),
        Err(error) => json!({ "file": file.file, "error": error }),
    }
}
