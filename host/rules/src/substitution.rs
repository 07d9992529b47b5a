//! Substitution templates: `${expression}` in the fields of actions.
//!
//! They see the original payload and the variables of the rule's SET, not what SELECT made (developer guide, "Substitution
//! templates").

use campanile_diagnostic::Diagnostic;

use crate::evaluate::Row;
use crate::message::{Message, Surroundings};
use crate::rule::Rule;
use crate::sql::parse_expression;
use crate::sql::tree::{Expression, Kind};
use crate::value;

/// A field of an action.
#[derive(Debug)]
pub struct Substitution {
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    Expression(Expression),
}

impl Substitution {
    /// Reads a field of an action of `rule`. Places in findings are bytes of `text`.
    ///
    /// # Errors
    ///
    /// What is wrong with its expressions.
    pub fn read(text: &str, rule: &Rule) -> Result<Self, Vec<Diagnostic>> {
        let names: Vec<String> =
            rule.statement().variables.iter().map(|variable| variable.name.clone()).collect();
        let (mut parts, mut found) = (Vec::new(), Vec::new());
        let mut at = 0;
        while let Some((before, inside)) = text.get(at..).and_then(|rest| rest.split_once("${")) {
            let begin = at + before.len() + 2;
            parts.push(Part::Text(before.to_owned()));
            let Some(length) = expression_length(inside) else {
                found.push(unclosed(begin - 2..text.len()));
                return Err(found);
            };
            match parse_expression(inside.get(..length).unwrap_or_default(), rule.options(), &names) {
                Ok(expression) => parts.push(Part::Expression(expression)),
                Err(more) => found.extend(more.into_iter().map(|finding| shifted(finding, begin, length))),
            }
            at = begin + length + 1;
        }
        parts.push(Part::Text(text.get(at..).unwrap_or_default().to_owned()));
        if found.is_empty() { Ok(Self { parts }) } else { Err(found) }
    }

    /// The text for a message. What is Undefined or Null is empty.
    #[must_use]
    pub fn text(&self, rule: &Rule, message: &Message<'_>, surroundings: &dyn Surroundings) -> String {
        let topic = rule.sees(message.topic()).unwrap_or(message.topic());
        let evaluation = rule.evaluation(message, topic, surroundings);
        let parts = self.parts.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Expression(expression) => {
                let value = evaluation.value(expression, Row::message(message));
                value::text(&value, evaluation.version()).map(|text| text.to_string()).unwrap_or_default()
            }
        });
        parts.collect()
    }

    /// The names of functions in it that ask other services: error actions can't have them.
    #[must_use]
    pub fn external_functions(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        for part in &self.parts {
            if let Part::Expression(expression) = part {
                collect_external(expression, &mut names);
            }
        }
        names
    }
}

fn collect_external(expression: &Expression, names: &mut Vec<&'static str>) {
    if let Kind::Call(call) = &expression.kind
        && call.function.is_external()
    {
        names.push(call.function.name);
    }
    for child in expression.children() {
        collect_external(child, names);
    }
}

/// Up to the brace that closes: braces of object literals and those in texts don't.
fn expression_length(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '{') => depth += 1,
            (None, '}') if depth == 0 => return Some(at),
            (None, '}') => depth -= 1,
            (None, _) => {}
        }
    }
    None
}

fn unclosed(span: std::ops::Range<usize>) -> Diagnostic {
    Diagnostic::error("sql::substitution", "`${` without its `}`").at(span).help("write ${expression}")
}

fn shifted(finding: Diagnostic, by: usize, length: usize) -> Diagnostic {
    let span = finding.span.clone().unwrap_or(0..length);
    finding.at(span.start + by..span.end + by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Fixed;
    use crate::rule::Options;

    fn text(template: &str, topic: &str, payload: &str) -> String {
        let rule = Rule::load("SET @t = temperature * 2 SELECT * FROM '#'", Options::default()).unwrap();
        let message = Message::new(topic, payload.as_bytes());
        Substitution::read(template, &rule).unwrap().text(&rule, &message, &Fixed::default())
    }

    #[test]
    fn the_documented_examples_hold() {
        for (template, topic, expected) in [
            ("${topic()}/republish", "my/iot/topic", "my/iot/topic/republish"),
            (
                "$$aws/things/${topic(3)}/shadow/update",
                "my/things/D/shadow/update",
                "$$aws/things/D/shadow/update",
            ),
            ("$$aws/${topic(3)}/${topic(2)}/${topic(1)}", "part1/part2/part3", "$$aws/part3/part2/part1"),
            ("${parse_time('yyyy', timestamp(), 'UTC')}", "a", "2026"),
            ("${replace(topic(), '/', '-') + '-' + timestamp()}", "a/b", "a-b-1795503600000"),
            ("plain", "a", "plain"),
        ] {
            assert_eq!(text(template, topic, "{}"), expected);
        }
    }

    #[test]
    fn payload_and_variables_are_seen_and_undefined_is_empty() {
        let payload = r#"{"temperature":21.5,"n":null}"#;
        assert_eq!(
            text("${temperature} ${@t} [${missing}${n}] ${get({'a}': '}'}, 'a}')}", "a", payload),
            "21.5 43 [] }"
        );
    }

    #[test]
    fn mistakes_have_their_place_in_the_field() {
        let rule = Rule::load("SELECT * FROM 'a'", Options::default()).unwrap();
        for (template, at, message) in [
            ("x/${topic(}", 9..10, "expected an expression"),
            ("x${open", 1..7, "without its"),
            ("${a}${nosuch()}", 6..12, "nosuch"),
        ] {
            let found = Substitution::read(template, &rule).unwrap_err();
            assert!(found[0].message.contains(message), "{}", found[0].message);
            assert_eq!(found[0].span, Some(at), "{template}");
        }
    }
}
