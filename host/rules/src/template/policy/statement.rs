//! One statement: that it is complete, and that its parts fit together.

use campanile_diagnostic::{Diagnostic, suggestion};

use super::super::node::Node;
use super::super::shown::shown;
use super::action::{self, Action};
use super::document::known_key;
use super::{condition, resource};

const KEYS: [&str; 7] = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];

pub(super) fn lint(node: &Node, found: &mut Vec<Diagnostic>) {
    let Some(entries) = node.map() else {
        // A placeholder of a function that only AWS can evaluate may be a statement.
        if node.gap.is_none() {
            let message = format!("a statement is a mapping; this is {}", node.kind());
            found.push(Diagnostic::error("policy::shape", message).at(node.span.clone()));
        }
        return;
    };
    for entry in entries {
        known_key(&entry.key.value, &entry.key.span, &KEYS, "a statement", found);
    }
    let allows = effect(node, found);
    inverted(node, found);
    let actions = texts(node, "Action", "NotAction", found);
    let mut actions: Vec<Action> =
        actions.into_iter().filter_map(|action| action::lint(action, allows, found)).collect();
    actions.sort_unstable_by_key(|action| action.name);
    actions.dedup();
    for text in texts(node, "Resource", "NotResource", found) {
        resource::lint(text, &actions, allows, found);
    }
    condition::lint(node, &actions, allows, found);
}

/// Whether the statement allows something. One with a mistake is read as if it did: that is where care is needed.
fn effect(node: &Node, found: &mut Vec<Diagnostic>) -> bool {
    let Some(effect) = node.get("Effect") else {
        missing("Effect", node, found);
        return true;
    };
    match effect.text() {
        Some("Allow") => true,
        Some("Deny") => false,
        _ if effect.gap.is_some() => true,
        text => {
            let text = text.unwrap_or("something else");
            let message = format!("`Effect` is `{}`", shown(text));
            let help = suggestion(text, "effects", ["Allow", "Deny"]);
            found.push(Diagnostic::error("policy::effect", message).at(effect.span.clone()).help(help));
            true
        }
    }
}

fn inverted(node: &Node, found: &mut Vec<Diagnostic>) {
    for key in ["NotAction", "NotResource"] {
        if let Some(entry) = node.entry(key) {
            let message = format!("`{key}` means everything except what is listed");
            let finding = Diagnostic::warning("policy::wildcard", message).at(entry.key.span.clone());
            found.push(
                finding.help(format!("list what devices need under `{}`", key.trim_start_matches("Not"))),
            );
        }
    }
}

fn missing(key: &str, node: &Node, found: &mut Vec<Diagnostic>) {
    let message = format!("the statement has no `{key}`");
    found.push(Diagnostic::error("policy::shape", message).at(node.span.clone()));
}

/// The texts under `key`, one or a list of them, that are known.
fn texts<'n>(node: &'n Node, key: &str, instead: &str, found: &mut Vec<Diagnostic>) -> Vec<&'n Node> {
    let Some(value) = node.get(key) else {
        if node.get(instead).is_none() {
            missing(key, node, found);
        }
        return Vec::new();
    };
    let items = value.one_or_more();
    if items.is_empty() {
        found.push(Diagnostic::error("policy::shape", format!("`{key}` is empty")).at(value.span.clone()));
    }
    for item in items.iter().filter(|item| item.text().is_none()) {
        let message = format!("`{key}` is {}; it must be text or a list of texts", item.kind());
        found.push(Diagnostic::error("policy::shape", message).at(item.span.clone()));
    }
    items.iter().filter(|item| item.text().is_some() && item.gap.is_none()).collect()
}
