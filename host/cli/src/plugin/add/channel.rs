//! A channel for a plugin, at the end of `campanile.toml`.
//!
//! The rest of the file stays byte for byte: people have comments and an order there. The new text is read again before it is written,
//! and has to mean what is meant, as some of it is a stranger's.

use campanile_core::config::Config;
use campanile_core::description::{Description, is_name};
use serde_json::{Map, Value};
use toml::Table;

use crate::error::CliError;
use crate::findings;
use crate::output::visible;
use crate::plugin::trust::TrustError;
use crate::plugins::sample;
use crate::project::Project;

/// Characters of a description of a setting that are repeated.
const LENGTH: usize = 100;

/// What is to be added to a configuration.
#[derive(Debug)]
pub(super) struct Addition {
    pub(super) channel: String,
    /// The text.
    pub(super) block: String,
    /// Settings that are required, and that only the operator knows.
    pub(super) open: Vec<String>,
    /// The variables that its secrets are looked for in.
    pub(super) variables: Vec<String>,
}

impl Addition {
    /// The channel `name` of a plugin, for the configuration of `project`.
    pub(super) fn of(project: &Project, name: &str, description: &Description) -> Result<Self, CliError> {
        let text = project.read_config()?;
        if let Err(found) = Config::parse(&text) {
            findings::show(&project.config.display().to_string(), &text, &found);
            return Err(CliError::Configuration(findings::errors(&found)));
        }
        Ok(Self::to(&text, name, description)?)
    }

    /// The same for the text of a configuration.
    fn to(text: &str, name: &str, description: &Description) -> Result<Self, TrustError> {
        if !is_name(name) {
            return Err(TrustError::ChannelName(visible(name)));
        }
        let before: Table = toml::from_str(text).map_err(|_| TrustError::ChannelByHand(String::new()))?;
        if before.get("channels").and_then(|channels| channels.get(name)).is_some() {
            return Err(TrustError::ChannelExists(name.to_owned()));
        }
        let addition = Self::write(name, description);
        let block = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        let block = format!("{block}\n{}", addition.block);
        if is_only_added(&before, &format!("{text}{block}"), name, description) {
            Ok(Self { block, ..addition })
        } else {
            Err(TrustError::ChannelByHand(addition.block))
        }
    }

    fn write(name: &str, description: &Description) -> Self {
        let known = suggested(description);
        let mut lines = vec![
            format!("[channels.{name}]"),
            format!("plugin = {}", quoted(&description.name)),
            format!("allow = {}", list(&hosts(description, &known))),
        ];
        let mut open = Vec::new();
        for (setting, schema) in properties(description) {
            let is_required = sample::required(description).any(|required| required == setting);
            lines.extend(said(schema));
            let value = sample::suggestion(schema).and_then(|value| scalar(&value));
            let line = format!("settings.{setting} = {}", value.as_deref().unwrap_or("…"));
            lines.push(if is_required && value.is_some() { line } else { format!("# {line}") });
            if is_required && value.is_none() {
                open.push(setting.clone());
            }
        }
        let mut variables = Vec::new();
        for secret in &description.secrets {
            let variable = sample::variable(&description.name, &secret.name);
            let line = format!("secrets.{} = {{ env = {} }}", secret.name, quoted(&variable));
            lines.push(if secret.optional { format!("# {line}") } else { line });
            variables.extend((!secret.optional).then_some(variable));
        }
        Self { channel: name.to_owned(), block: lines.join("\n") + "\n", open, variables }
    }

    /// Writes it behind what is there.
    pub(super) fn append(&self, project: &Project) -> Result<(), CliError> {
        use std::io::Write as _;
        let failed = |error| CliError::File { path: project.config.clone(), error };
        let mut file = std::fs::OpenOptions::new().append(true).open(&project.config).map_err(failed)?;
        file.write_all(self.block.as_bytes()).map_err(failed)
    }
}

/// Whether `text` is what was there `before` and a channel that may do what is asked for and no more.
fn is_only_added(before: &Table, text: &str, name: &str, description: &Description) -> bool {
    let Ok(mut after) = toml::from_str::<Table>(text) else { return false };
    let Some(channels) = after.get_mut("channels").and_then(toml::Value::as_table_mut) else { return false };
    let Some(channel) = channels.remove(name) else { return false };
    if channels.is_empty() && !before.contains_key("channels") {
        after.remove("channels");
    }
    let known = suggested(description);
    let allow: Vec<toml::Value> = hosts(description, &known).into_iter().map(Into::into).collect();
    let keys = ["plugin", "allow", "settings", "secrets"];
    after == *before
        && channel.get("plugin").and_then(toml::Value::as_str) == Some(&description.name)
        && channel.get("allow") == Some(&toml::Value::Array(allow))
        && channel.as_table().is_some_and(|table| table.keys().all(|key| keys.contains(&key.as_str())))
}

/// What is granted: the origins that the plugin and its settings name.
fn hosts(description: &Description, settings: &Map<String, Value>) -> Vec<String> {
    sample::hosts(description, settings).iter().map(ToString::to_string).collect()
}

/// The settings that a channel begins with: those that are required, as the schema suggests them.
fn suggested(description: &Description) -> Map<String, Value> {
    let value = |setting: &String, schema: &Value| {
        let value = sample::suggestion(schema).filter(|value| scalar(value).is_some())?;
        sample::required(description).any(|required| required == setting).then_some(value)
    };
    properties(description)
        .filter_map(|(setting, schema)| Some((setting.clone(), value(setting, schema)?)))
        .collect()
}

/// The settings whose names need no quotes: others are left to the operator.
fn properties(description: &Description) -> impl Iterator<Item = (&String, &Value)> {
    let properties = description.settings.get("properties").and_then(Value::as_object);
    let is_bare = |name: &str| {
        !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '-' || it == '_')
    };
    properties.into_iter().flatten().filter(move |(name, _)| is_bare(name))
}

/// What the schema says of a setting, as a comment of one line.
fn said(schema: &Value) -> Option<String> {
    let text = schema.get("description").or_else(|| schema.get("title"))?.as_str()?;
    let line = text.lines().next()?;
    let shown: String = line.chars().take(LENGTH).collect();
    let more = if shown.len() < line.len() { "…" } else { "" };
    Some(format!("# {}{more}", visible(&shown)))
}

/// A value that is written on one line.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(quoted(text)),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(items) => items
            .iter()
            .map(scalar)
            .collect::<Option<Vec<_>>>()
            .map(|items| format!("[{}]", items.join(", "))),
        Value::Null | Value::Object(_) => None,
    }
}

fn list(items: &[String]) -> String {
    format!("[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", "))
}

/// A basic string of TOML, whose escapes those of JSON are, with what JSON leaves as it is escaped as well.
fn quoted(text: &str) -> String {
    let json = Value::from(text).to_string();
    json.chars().map(|it| if it == '\u{7F}' { "\\u007F".to_owned() } else { it.to_string() }).collect()
}

#[cfg(test)]
mod tests;
