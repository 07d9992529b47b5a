//! What works, but probably not as it is meant: conditions that never hold, results that depend on what AWS does not document,
//! names that devices can take. Each finding says what to write instead.

mod condition;
mod expression;
mod selection;
mod types;
mod undefined;

use campanile_diagnostic::Diagnostic;

use crate::rule::Rule;
use crate::sql::tree::{Expression, Kind, Query, Select, Statement};
use crate::version::Version;

/// All findings, in the order of the statement.
pub(crate) fn lint(rule: &Rule) -> Vec<Diagnostic> {
    let statement = rule.statement();
    let mut linter = Linter { text: rule.text(), found: Vec::new() };
    linter.version(rule.options().version);
    for expression in statement.expressions() {
        linter.walk(expression);
    }
    linter.selection(&statement.select);
    if let Some(filter) = &statement.filter {
        linter.condition(filter, &statement.select);
    }
    linter.lookups(statement);
    linter.found.sort_by_key(|found| found.span.as_ref().map(|span| span.start));
    linter.found
}

struct Linter<'s> {
    text: &'s str,
    found: Vec<Diagnostic>,
}

impl Linter<'_> {
    fn version(&mut self, version: Version) {
        if version == Version::V2015 {
            self.found.push(
                Diagnostic::warning(
                    "sql::old-version",
                    "version 2015-10-08 is the first one and the default",
                )
                .help("set AwsIotSqlVersion to '2016-03-23'"),
            );
        }
    }

    /// Looks at an expression and all in it.
    fn walk(&mut self, expression: &Expression) {
        self.expression(expression);
        if let Kind::Query(query) | Kind::Exists(query) = &expression.kind {
            self.query(query);
        }
        for child in expression.children() {
            self.walk(child);
        }
    }

    /// The second call of `get_dynamodb` ends a rule without its actions (developer guide).
    fn lookups(&mut self, statement: &Statement) {
        let mut calls = Vec::new();
        for expression in statement.expressions() {
            calls_of("get_dynamodb", expression, &mut calls);
        }
        if let Some(second) = calls.get(1) {
            let help = "the rule would end without its actions; look up once, in a variable of SET";
            self.refuse("sql::get-dynamodb", second, "get_dynamodb() can be called once", help);
        }
    }

    fn query(&mut self, query: &Query) {
        self.selection(&query.select);
        if let Some(filter) = &query.filter {
            self.condition(filter, &query.select);
        }
    }

    fn warn(
        &mut self,
        code: &'static str,
        at: &Expression,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.found.push(Diagnostic::warning(code, message).at(at.span.clone()).help(help));
    }

    fn refuse(
        &mut self,
        code: &'static str,
        at: &Expression,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.found.push(Diagnostic::error(code, message).at(at.span.clone()).help(help));
    }

    fn written(&self, expression: &Expression) -> &str {
        self.text.get(expression.span.clone()).unwrap_or_default()
    }
}

/// The names of a selection that WHERE can't see, because AS made them.
fn aliases(select: &Select) -> impl Iterator<Item = &str> {
    let items = match select {
        Select::Items(items) => items.as_slice(),
        Select::Value(_) => &[],
    };
    items.iter().filter(|item| item.named).filter_map(|item| item.path.first()).map(String::as_str)
}

fn calls_of<'t>(function: &str, expression: &'t Expression, calls: &mut Vec<&'t Expression>) {
    if matches!(&expression.kind, Kind::Call(call) if call.function.name == function) {
        calls.push(expression);
    }
    for child in expression.children() {
        calls_of(function, child, calls);
    }
}
