//! The conditions of a statement; above all that only an attached thing may connect.

use campanile_diagnostic::{Diagnostic, suggestion};

use super::super::node::{Entry, Node};
use super::super::shown::shown;
use super::action::Action;
use super::variable;

/// "Enforces that only the devices that are both registered … and attached to principal" connect (developer guide,
/// "Thing policy variables").
const IS_ATTACHED: &str = "iot:Connection.Thing.IsAttached";

/// Without prefix and suffix (IAM user guide, "Condition operators").
const OPERATORS: [&str; 27] = [
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "BinaryEquals",
    "Bool",
    "DateEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateNotEquals",
    "IpAddress",
    "NotIpAddress",
    "Null",
    "NumericEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericNotEquals",
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "StringNotEquals",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
];

pub(super) fn lint(statement: &Node, actions: &[Action], allows: bool, found: &mut Vec<Diagnostic>) {
    let condition = statement.get("Condition");
    for entry in condition.and_then(Node::map).unwrap_or_default() {
        operator(entry, found);
        for test in entry.value.map().unwrap_or_default() {
            variable::known(&test.key.value, "condition key", &test.key.span, found);
            for value in test.value.one_or_more() {
                variable::lint(value, found);
            }
        }
    }
    let connects = actions.iter().any(|action| action.name == "Connect");
    if connects && allows && !condition.is_some_and(requires_attached) {
        let message = "any certificate with this policy may connect: no thing has to be attached to it";
        let finding = Diagnostic::warning("policy::not-attached", message).at(statement.span.clone());
        found.push(finding.help(format!("add `Condition: {{Bool: {{{IS_ATTACHED}: ['true']}}}}`")));
    }
}

fn operator(entry: &Entry, found: &mut Vec<Diagnostic>) {
    let name = entry.key.value.as_str();
    let bare =
        name.strip_prefix("ForAllValues:").or_else(|| name.strip_prefix("ForAnyValue:")).unwrap_or(name);
    let bare = bare.strip_suffix("IfExists").unwrap_or(bare);
    if !OPERATORS.contains(&bare) {
        let message = format!("there is no condition operator `{}`", shown(name));
        let help = suggestion(bare, "operators", OPERATORS);
        found.push(Diagnostic::error("policy::condition", message).at(entry.key.span.clone()).help(help));
    }
    if entry.value.map().is_none() && entry.value.gap.is_none() {
        let message =
            format!("`{}` is {}; it must be a mapping of keys to values", shown(name), entry.value.kind());
        found.push(Diagnostic::error("policy::condition", message).at(entry.value.span.clone()));
    }
}

fn requires_attached(condition: &Node) -> bool {
    let is_true = |values: &Node| {
        let values = values.one_or_more();
        !values.is_empty() && values.iter().all(|value| value.text() == Some("true"))
    };
    let tests =
        ["Bool", "StringEquals"].into_iter().filter_map(|operator| condition.get(operator)?.get(IS_ATTACHED));
    tests.into_iter().any(is_true)
}
