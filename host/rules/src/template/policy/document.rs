//! The policy document as a whole: its version, its statements, its size.

use std::ops::Range;

use campanile_diagnostic::{Diagnostic, suggestion};

use super::super::Policy;
use super::super::node::{Node, Value};
use super::super::shown::shown;
use super::statement;

/// Longest document (API reference, `CreatePolicy`: "a maximum length of 2048, excluding whitespace").
const MAX_CHARACTERS: usize = 2048;

/// The version in which policy variables are replaced.
const VERSION: &str = "2012-10-17";

pub(super) fn lint(policy: &Policy, found: &mut Vec<Diagnostic>) {
    let document = &policy.document;
    let Some(entries) = document.map() else {
        let message = format!("a policy document is a mapping; this is {}", document.kind());
        let help = "write it as YAML, with `Version` and `Statement`";
        found.push(Diagnostic::error("policy::shape", message).at(policy.span.clone()).help(help));
        return;
    };
    for entry in entries {
        known_key(
            &entry.key.value,
            &entry.key.span,
            &["Version", "Id", "Statement"],
            "a policy document",
            found,
        );
    }
    version(document, found);
    size(policy, found);
    let statements = document.get("Statement").map(Node::one_or_more).unwrap_or_default();
    if statements.is_empty() {
        let finding = Diagnostic::error("policy::shape", "the policy has no `Statement`: it allows nothing");
        found.push(finding.at(policy.span.clone()));
    }
    for node in statements {
        statement::lint(node, found);
    }
}

/// Reports a key that is not one of `known`.
pub(super) fn known_key(
    key: &str,
    span: &Range<usize>,
    known: &[&'static str],
    place: &str,
    found: &mut Vec<Diagnostic>,
) {
    if !known.contains(&key) {
        let message = format!("{place} has no key `{}`", shown(key));
        let help = suggestion(key, "keys", known.iter().copied());
        found.push(Diagnostic::error("policy::unknown-key", message).at(span.clone()).help(help));
    }
}

fn version(document: &Node, found: &mut Vec<Diagnostic>) {
    let help = format!(
        "write `Version: '{VERSION}'`: variables such as `${{iot:ClientId}}` are replaced only there"
    );
    let finding = match document.get("Version") {
        None => {
            let start = document.span.start;
            Diagnostic::error("policy::version", "the policy has no `Version`").at(start..start)
        }
        Some(version) if version.text() == Some(VERSION) || version.gap.is_some() => return,
        Some(version) => {
            let text = version.text().unwrap_or("something else");
            Diagnostic::error("policy::version", format!("the policy's version is `{}`", shown(text)))
                .at(version.span.clone())
        }
    };
    found.push(finding.help(help));
}

fn size(policy: &Policy, found: &mut Vec<Diagnostic>) {
    let characters = characters(&policy.document);
    if characters > MAX_CHARACTERS {
        let message = format!("the policy has {characters} characters; at most {MAX_CHARACTERS} are allowed");
        let help = "leave out what devices don't need, or make two policies: a certificate can have ten";
        found.push(Diagnostic::error("policy::too-long", message).at(policy.span.clone()).help(help));
    }
}

/// How long it is as JSON without white space.
fn characters(node: &Node) -> usize {
    match &node.value {
        Value::Null => "null".len(),
        Value::Text(text) => quoted(text),
        // Brackets and commas.
        Value::List(items) => 1 + items.len().max(1) + items.iter().map(characters).sum::<usize>(),
        Value::Map(entries) => {
            let entry = |entry: &super::super::Entry| quoted(&entry.key.value) + 1 + characters(&entry.value);
            1 + entries.len().max(1) + entries.iter().map(entry).sum::<usize>()
        }
    }
}

fn quoted(text: &str) -> usize {
    2 + text.chars().filter(|character| !character.is_whitespace()).count()
}
