//! What a rule does with a message.

use std::ops::Range;

use campanile_diagnostic::Diagnostic;

use super::super::findings::Findings;
use super::super::node::{Located, Node, Value};

/// An action of a rule. Its fields may hold substitution templates such as `${topic()}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Which action, in the spelling of the API: `lambda`, `dynamoDBv2`, `sqs`, `republish`, …
    pub kind: String,
    /// All texts in it by their path, for example `PutItem.TableName`; items of lists have numbers from 0.
    pub fields: Vec<(String, Located<String>)>,
    /// Where it is written.
    pub span: Range<usize>,
}

impl Action {
    /// The field with this path.
    #[must_use]
    pub fn field(&self, path: &str) -> Option<&Located<String>> {
        self.fields.iter().find(|(name, _)| name == path).map(|(_, value)| value)
    }
}

pub(super) fn list(node: &Node, findings: &mut Findings) -> Vec<Action> {
    let Some(items) = node.list() else {
        findings.add(|| shape(node, format!("`Actions` is {}; it must be a list", node.kind())));
        return Vec::new();
    };
    items.iter().filter_map(|item| one(item, findings)).collect()
}

pub(super) fn one(node: &Node, findings: &mut Findings) -> Option<Action> {
    let Some([entry]) = node.map() else {
        findings.add(|| shape(node, "an action is a mapping with one key, its kind".to_owned()));
        return None;
    };
    let mut fields = Vec::new();
    collect(&entry.value, "", &mut fields);
    let span = entry.key.span.start..node.span.end.max(entry.key.span.end);
    Some(Action { kind: api_spelling(&entry.key.value), fields, span })
}

/// CloudFormation writes the API's names with a capital: `DynamoDBv2` is the API's `dynamoDBv2`.
fn api_spelling(kind: &str) -> String {
    let mut characters = kind.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + characters.as_str())
}

fn collect(node: &Node, path: &str, fields: &mut Vec<(String, Located<String>)>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match &node.value {
        Value::Null => {}
        Value::Text(text) => {
            fields.push((path.to_owned(), Located { value: text.clone(), span: node.span.clone() }));
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &below(&index.to_string()), fields);
            }
        }
        Value::Map(entries) => {
            for entry in entries {
                collect(&entry.value, &below(&entry.key.value), fields);
            }
        }
    }
}

fn shape(node: &Node, message: String) -> Diagnostic {
    Diagnostic::error("rule::shape", message)
        .at(node.span.clone())
        .help("for example `- Lambda: {FunctionArn: !GetAtt Function.Arn}`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::yaml;

    fn read(text: &str) -> (Option<Action>, Vec<Diagnostic>) {
        let mut findings = Findings::default();
        let action = one(&yaml::parse(text).unwrap().root, &mut findings);
        (action, findings.into_sorted())
    }

    #[test]
    fn all_texts_are_fields() {
        let text = "Republish: {Topic: 'a/${topic(2)}', Qos: 1, Headers: {UserProperties: [{Key: k}]}, RoleArn: null}";
        let action = read(text).0.unwrap();
        let fields: Vec<(&str, &str)> =
            action.fields.iter().map(|(path, value)| (path.as_str(), value.value.as_str())).collect();
        let expected = [("Topic", "a/${topic(2)}"), ("Qos", "1"), ("Headers.UserProperties.0.Key", "k")];
        assert_eq!((action.kind.as_str(), fields.as_slice()), ("republish", &expected[..]));
        assert_eq!(action.field("Qos").unwrap().span, text.find('1').unwrap()..text.find('1').unwrap() + 1);
        assert_eq!(action.span, 0..text.len());
    }

    #[test]
    fn kinds_are_spelled_as_in_the_api() {
        let spelled = ["DynamoDBv2", "S3", "lambda", "", "Ü"].map(api_spelling);
        assert_eq!(spelled, ["dynamoDBv2", "s3", "lambda", "", "Ü"]);
    }

    #[test]
    fn an_action_has_one_kind() {
        for text in ["{}", "{Lambda: {}, Sqs: {}}", "Lambda", "[]"] {
            assert_eq!(read(text).1[0].code, "rule::shape", "{text}");
        }
    }
}
