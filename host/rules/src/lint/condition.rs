//! Conditions that never hold, always hold, or don't hold when an attribute is missing.

use campanile_diagnostic::Diagnostic;

use super::types::{known, never_boolean};
use super::undefined::needs;
use super::{Linter, aliases};
use crate::sql::tree::{Expression, Kind, Operator, Select};
use crate::value::{Value, boolean};

impl Linter<'_> {
    pub(super) fn condition(&mut self, filter: &Expression, select: &Select) {
        match &filter.kind {
            Kind::Constant(value) if boolean(value) == Some(true) => {
                self.warn("sql::always-true", filter, "the condition always holds", "leave WHERE out");
            }
            Kind::Constant(Value::Boolean(false)) => self.never(filter, "the condition never holds"),
            _ if never_boolean(filter) => {
                let what = known(filter).map_or("no Boolean", |known| known.name());
                self.never(filter, format!("the condition is {what}, so it never holds"));
            }
            _ => {}
        }
        self.undefined_parts(filter);
        self.hidden_aliases(filter, select);
    }

    fn never(&mut self, at: &Expression, message: impl Into<String>) {
        self.warn("sql::never-true", at, message, "a rule runs only if its condition is true");
    }

    /// `a = 1 OR b = 2` is Undefined without `b`, even if `a` is 1; `NOT (a = 1)` is Undefined without `a`.
    fn undefined_parts(&mut self, expression: &Expression) {
        match &expression.kind {
            Kind::Binary(Operator::Or, operands) => {
                let [left, right] = operands.each_ref().map(|operand| self.attributes(operand));
                let only_in = |these: &[String], those: &[String]| {
                    these.iter().find(|path| !those.contains(path)).cloned()
                };
                if let Some(other) = only_in(&right, &left).or_else(|| only_in(&left, &right)) {
                    self.missing(expression, &other, "OR");
                    return;
                }
            }
            Kind::Not(inner) => {
                if let Some(path) = self.attributes(inner).first() {
                    self.missing(expression, path, "NOT");
                    return;
                }
            }
            Kind::Query(_) | Kind::Exists(_) => return,
            _ => {}
        }
        for child in expression.children() {
            self.undefined_parts(child);
        }
    }

    fn attributes(&self, expression: &Expression) -> Vec<String> {
        needs(expression).into_iter().map(|attribute| self.written(attribute).to_owned()).collect()
    }

    fn missing(&mut self, at: &Expression, path: &str, operator: &str) {
        self.found.push(
            Diagnostic::warning(
                "sql::missing-attribute",
                format!("without `{path}` the {operator} is Undefined, and the rule does not run"),
            )
            .at(at.span.clone())
            .label(format!("Undefined if `{path}` is missing"))
            .help(format!("if that can happen, write get_or_default({path}, 'default') or two rules")),
        );
    }

    /// WHERE is evaluated before SELECT.
    fn hidden_aliases(&mut self, filter: &Expression, select: &Select) {
        if let Kind::Attribute(name) = &filter.kind
            && aliases(select).any(|alias| alias == name)
            && !selects_itself(select, name)
        {
            let name = name.clone();
            self.warn(
                "sql::alias-in-condition",
                filter,
                format!("`{name}` is a name from SELECT, which WHERE can't see"),
                "WHERE comes first and sees the payload; repeat the expression, or put it into a variable: SET @name = …",
            );
        }
        if !matches!(filter.kind, Kind::Query(_) | Kind::Exists(_)) {
            for child in filter.children() {
                self.hidden_aliases(child, select);
            }
        }
    }
}

/// `SELECT status AS status`: the same in both places.
fn selects_itself(select: &Select, name: &str) -> bool {
    match select {
        Select::Items(items) => items.iter().any(|item| {
            item.path.first().is_some_and(|first| first == name)
                && matches!(&item.expression.kind, Kind::Attribute(attribute) if attribute == name)
        }),
        Select::Value(_) => false,
    }
}
