//! What a plugin's schema of settings is worth: whether it is one, what it leaves open, and whether its examples fit.

use campanile_core::description::Description;
use campanile_core::settings_schema::SettingsSchema;
use serde_json::{Map, Value};

use super::entry::Finding;
use crate::error::count;
use crate::plugins::sample;

/// Whether it is a schema, and takes nothing but what it names.
pub(super) fn shape(description: &Description) -> (String, Vec<Finding>) {
    let schema = &description.settings;
    let mut findings = Vec::new();
    if !SettingsSchema::is_2020_12(schema) {
        findings.push(Finding::failed("`$schema` names another draft; settings are JSON Schema 2020-12"));
    }
    if let Err(error) = SettingsSchema::compile(schema) {
        findings.push(Finding::failed(format!("no schema: {error}")));
    }
    let is_false = |key: &str| schema.get(key) == Some(&Value::Bool(false));
    if !is_false("additionalProperties") && !is_false("unevaluatedProperties") {
        findings.push(Finding::advice(
            "it takes settings that it does not name, so a slip in `campanile.toml` goes unnoticed; write `\"additionalProperties\": false`",
        ));
    }
    let undescribed = properties(description).filter(|(_, schema)| schema.get("description").is_none());
    for (name, _) in undescribed {
        findings.push(Finding::advice(format!("the setting `{name}` has no `description`")));
    }
    (count(properties(description).count(), "setting"), findings)
}

/// Whether what it suggests is what it allows, and there is something to begin with; unless settings are `given`.
pub(super) fn examples(description: &Description, given: bool) -> (String, Vec<Finding>) {
    let Ok(schema) = SettingsSchema::compile(&description.settings) else {
        return (String::new(), Vec::new());
    };
    let mut findings = Vec::new();
    for name in sample::required(description) {
        if sample::suggested(description, name).is_none() {
            let text = format!("the setting `{name}` is required and has no example; add `examples`");
            findings.push(if given { Finding::advice(text) } else { Finding::failed(text) });
        }
    }
    let settings = sample::settings(description, None).unwrap_or_default();
    let mut tried = 0;
    for (name, property) in properties(description) {
        for (kind, value) in suggested(property) {
            tried += 1;
            let error = against(&schema, &settings, name, value);
            findings.extend(error.map(|error| Finding::failed(format!("the {kind} of `{name}`: {error}"))));
        }
    }
    let whole = schema.errors(&Value::Object(settings));
    if findings.is_empty() && !given {
        findings.extend(whole.into_iter().map(|error| {
            Finding::failed(format!("the examples of what is required do not go together: {}", error.message))
        }));
    }
    (format!("{tried} tried"), findings)
}

fn properties(description: &Description) -> impl Iterator<Item = (&String, &Value)> {
    description.settings.get("properties").and_then(Value::as_object).into_iter().flatten()
}

/// What a setting's schema suggests, each with its name in a sentence.
fn suggested(schema: &Value) -> impl Iterator<Item = (&'static str, &Value)> {
    let examples = schema.get("examples").and_then(Value::as_array).into_iter().flatten();
    let default = schema.get("default").into_iter();
    examples.map(|example| ("example", example)).chain(default.map(|default| ("default", default)))
}

/// What the schema has against `value` of the setting `name`, beside all that is required.
fn against(
    schema: &SettingsSchema,
    settings: &Map<String, Value>,
    name: &str,
    value: &Value,
) -> Option<String> {
    let mut settings = settings.clone();
    settings.insert(name.to_owned(), value.clone());
    let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
    let errors = schema.errors(&Value::Object(settings));
    // What is wrong elsewhere has a finding of its own.
    let own =
        |at: &str| at.strip_prefix(&pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    errors.into_iter().find(|error| own(&error.pointer)).map(|error| error.message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::entry::Verdict;
    use super::*;

    fn described(settings: &Value) -> Description {
        let text = json!({
            "describe-version": 1, "name": "night-pager", "version": "1.0.0", "summary": "Pages.", "settings": settings,
        });
        Description::parse(&text.to_string()).unwrap()
    }

    fn verdicts(found: (String, Vec<Finding>)) -> Vec<Verdict> {
        found.1.into_iter().map(|finding| finding.verdict).collect()
    }

    #[test]
    fn a_closed_schema_of_the_right_draft_has_nothing_against_it() {
        let good = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false,
            "properties": { "room": { "description": "Where." } },
        });
        assert_eq!(shape(&described(&good)), ("1 setting".to_owned(), Vec::new()));
        let open = json!({ "type": "object", "properties": { "room": {} } });
        assert_eq!(verdicts(shape(&described(&open))), [Verdict::Advice, Verdict::Advice]);
        let old = json!({
            "$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "unevaluatedProperties": false,
        });
        assert_eq!(verdicts(shape(&described(&old)))[0], Verdict::Failed);
        let broken = json!({ "type": "object", "additionalProperties": false, "properties": { "a": { "type": "text", "description": "A." } } });
        assert_eq!(verdicts(shape(&described(&broken))), [Verdict::Failed]);
    }

    #[test]
    fn examples_have_to_be_what_they_are_examples_of() {
        let of = |room: Value| {
            described(&json!({ "type": "object", "required": ["room"], "properties": { "room": room } }))
        };
        let fits = of(json!({ "type": "string", "maxLength": 3, "examples": ["abc"], "default": "ab" }));
        assert_eq!(examples(&fits, false), ("2 tried".to_owned(), Vec::new()));
        let long = of(json!({ "type": "string", "maxLength": 3, "examples": ["abc", "abcd"] }));
        let found = examples(&long, false).1;
        assert!(found[0].text.starts_with("the example of `room`: "), "{found:?}");
        let none = of(json!({ "type": "string" }));
        assert_eq!(verdicts(examples(&none, false))[0], Verdict::Failed);
        assert_eq!(verdicts(examples(&none, true)), [Verdict::Advice]);
    }

    #[test]
    fn what_a_reference_says_counts_and_other_settings_do_not() {
        let schema = json!({
            "type": "object", "required": ["to"], "$defs": { "id": { "type": "integer" } },
            "properties": { "to": { "examples": [1] }, "thread": { "$ref": "#/$defs/id", "examples": ["x"] } },
        });
        let found = examples(&described(&schema), false).1;
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].text.contains("`thread`"), "{found:?}");
    }
}
