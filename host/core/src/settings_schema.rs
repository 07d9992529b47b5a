//! The JSON Schema of a plugin's settings, ready to judge values. It comes from a plugin and is not trusted: it can refer to nothing
//! outside itself, and its patterns can't backtrack.

use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::Value;

use crate::text::{one_line, shorten};

/// Largest compiled pattern, in bytes.
const PATTERN_BYTES: usize = 1 << 20;

/// Most errors that are told of one value; the first few tell what is wrong.
const ERRORS: usize = 16;

/// Longest text of the validator that is told, in bytes.
const TEXT_BYTES: usize = 300;

/// A schema, compiled.
#[derive(Debug)]
pub struct SettingsSchema(Validator);

/// What a value has against its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// JSON pointer of the part that is wrong, for example `/chat-id`; empty for the whole.
    pub pointer: String,
    /// What is wrong with it, in the validator's words.
    pub message: String,
}

impl SettingsSchema {
    /// Compiles `schema`.
    ///
    /// # Errors
    /// What is wrong with the schema, on one line.
    pub fn compile(schema: &Value) -> Result<Self, String> {
        let patterns = PatternOptions::regex().size_limit(PATTERN_BYTES);
        let built = jsonschema::options().offline().with_pattern_options(patterns).build(schema);
        built.map(Self).map_err(|error| told(&error))
    }

    /// Whether `schema` is of draft 2020-12: the one that is meant if it names none.
    #[must_use]
    pub fn is_2020_12(schema: &Value) -> bool {
        const NAME: &str = "https://json-schema.org/draft/2020-12/schema";
        let named = schema.get("$schema").and_then(Value::as_str);
        named.is_none_or(|named| named.trim_end_matches('#') == NAME)
    }

    /// What is wrong with `settings`, the first few things.
    #[must_use]
    pub fn errors(&self, settings: &Value) -> Vec<SettingsError> {
        let error = |error: ValidationError<'_>| SettingsError {
            pointer: error.instance_path().as_str().to_owned(),
            message: told(&error),
        };
        self.iter_errors(settings).map(error).collect()
    }

    pub(crate) fn iter_errors<'s>(
        &'s self,
        settings: &'s Value,
    ) -> impl Iterator<Item = ValidationError<'s>> {
        self.0.iter_errors(settings).take(ERRORS)
    }
}

/// An error in the validator's words, which may have a value of anybody's in them.
pub(crate) fn told(error: &ValidationError<'_>) -> String {
    shorten(&one_line(&error.to_string()), TEXT_BYTES)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_judges_and_says_where() {
        let schema = json!({ "type": "object", "properties": { "level": { "enum": [1, 2] } } });
        let compiled = SettingsSchema::compile(&schema).unwrap();
        assert_eq!(compiled.errors(&json!({ "level": 1 })), []);
        let errors = compiled.errors(&json!({ "level": 3 }));
        assert_eq!(errors[0].pointer, "/level");
        assert!(errors[0].message.contains('3'), "{errors:?}");
    }

    #[test]
    fn what_is_no_schema_is_refused() {
        for schema in [
            json!({ "type": "objekt" }),
            json!({ "properties": { "a": { "pattern": "(" } } }),
            json!({ "$ref": "https://example.com/schema" }),
        ] {
            assert!(SettingsSchema::compile(&schema).is_err(), "{schema}");
        }
    }

    #[test]
    fn other_drafts_are_told_apart() {
        let of = |draft: &str| SettingsSchema::is_2020_12(&json!({ "$schema": draft, "type": "object" }));
        assert!(of("https://json-schema.org/draft/2020-12/schema"));
        assert!(!of("http://json-schema.org/draft-07/schema#"));
        assert!(SettingsSchema::is_2020_12(&json!({ "type": "object" })));
    }
}
