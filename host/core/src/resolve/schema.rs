//! Settings against the plugin's JSON Schema. The schema comes from a plugin and is not trusted: it can refer to nothing
//! outside itself, and its patterns can't backtrack.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::Value;

use super::fan_out::Item;
use crate::config::ChannelConfig;
use crate::description::Description;
use crate::diagnostic::{Diagnostic, suggestion};
use crate::text::{one_line, shorten};

/// Largest compiled pattern, in bytes.
const PATTERN_BYTES: usize = 1 << 20;

/// Most findings about one channel; the first few tell what is wrong.
const FINDINGS: usize = 16;

/// Longest text of a plugin or of the validator in a message, in bytes.
const TEXT_BYTES: usize = 300;

/// A plugin's schema, compiled.
pub(super) struct Schema<'p> {
    plugin: &'p Description,
    validator: Validator,
}

impl<'p> Schema<'p> {
    pub(super) fn of(
        plugin: &'p Description,
        channel: &ChannelConfig,
        found: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let patterns = PatternOptions::regex().size_limit(PATTERN_BYTES);
        let built = jsonschema::options().offline().with_pattern_options(patterns).build(&plugin.settings);
        let refused = |error: ValidationError<'static>| {
            let error = shorten(&one_line(&error.to_string()), TEXT_BYTES);
            let message = format!("the plugin `{}` has an invalid schema: {error}", plugin.name);
            found.push(Diagnostic::error("plugin::schema", message).at(channel.plugin.span()));
        };
        built.map_err(refused).ok().map(|validator| Self { plugin, validator })
    }

    pub(super) fn check(&self, item: &Item, channel: &ChannelConfig, found: &mut Vec<Diagnostic>) {
        let settings = Value::Object(item.settings.clone());
        for error in self.validator.iter_errors(&settings).take(FINDINGS) {
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
                let error = shorten(&one_line(&error.to_string()), TEXT_BYTES);
                found.push(finding(format!("the setting `{key}` is wrong: {error}"), self.help(key)));
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
