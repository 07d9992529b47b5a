//! A channel's settings against its plugin's schema: what is wrong, and where in the file.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use super::fan_out::Item;
use crate::config::ChannelConfig;
use crate::description::Description;
use crate::diagnostic::{Diagnostic, suggestion};
use crate::settings_schema::{SettingsSchema, told};
use crate::text::{one_line, shorten};

/// Longest text of a plugin in a message, in bytes.
const TEXT_BYTES: usize = 300;

/// A plugin's schema, compiled.
pub(super) struct Schema<'p> {
    plugin: &'p Description,
    schema: SettingsSchema,
}

impl<'p> Schema<'p> {
    pub(super) fn of(
        plugin: &'p Description,
        channel: &ChannelConfig,
        found: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let refused = |error: String| {
            let message = format!("the plugin `{}` has an invalid schema: {error}", plugin.name);
            found.push(Diagnostic::error("plugin::schema", message).at(channel.plugin.span()));
        };
        SettingsSchema::compile(&plugin.settings).map_err(refused).ok().map(|schema| Self { plugin, schema })
    }

    pub(super) fn check(&self, item: &Item, channel: &ChannelConfig, found: &mut Vec<Diagnostic>) {
        let settings = Value::Object(item.settings.clone());
        for error in self.schema.iter_errors(&settings) {
            self.report(&error, item, channel, found);
        }
    }

    fn report(
        &self,
        error: &ValidationError<'_>,
        item: &Item,
        channel: &ChannelConfig,
        found: &mut Vec<Diagnostic>,
    ) {
        let pointer = item.original_pointer(error.instance_path().as_str());
        let finding = |message: String, help: Option<String>| Diagnostic {
            help,
            ..Diagnostic::error("config::settings", message).at(channel.settings.place(&pointer))
        };
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                found.extend(unexpected.iter().map(|key| {
                    let message =
                        format!("the plugin `{}` has no setting `{}`", self.plugin.name, one_line(key));
                    let help = suggestion(key, "settings", self.names());
                    finding(message, Some(help)).at(channel.settings.key_place(&format!("{pointer}/{key}")))
                }));
            }
            ValidationErrorKind::Required { property: Value::String(key) } => {
                found.push(finding(format!("the setting `{key}` is missing"), self.help(key)));
            }
            _ => {
                let key = error.instance_path().as_str().trim_start_matches('/');
                let message = format!("the setting `{key}` is wrong: {}", told(error));
                found.push(finding(message, self.help(key)));
            }
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> + Clone {
        let properties = self.plugin.settings.get("properties").and_then(Value::as_object);
        properties.into_iter().flat_map(|properties| properties.keys().map(String::as_str))
    }

    /// What the plugin says of its setting.
    fn help(&self, key: &str) -> Option<String> {
        let properties = self.plugin.settings.get("properties")?;
        let description = properties.get(key)?.get("description")?.as_str()?;
        Some(format!("`{key}`: {}", shorten(&one_line(description), TEXT_BYTES)))
    }
}
