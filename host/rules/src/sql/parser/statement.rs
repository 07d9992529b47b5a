//! The statement: SET, SELECT, FROM a topic filter, WHERE.

use campanile_diagnostic::Diagnostic;

use super::super::token::TokenKind;
use super::super::tree::{Statement, Variable};
use super::{Parsed, Parser};
use crate::limits::VARIABLE_NAME;
use crate::topic::TopicFilter;

impl Parser<'_> {
    pub(super) fn statement(&mut self) -> Parsed<Statement> {
        let variables = if self.take_keyword("SET") { self.assignments()? } else { vec![] };
        let start = if variables.is_empty() { "at the beginning" } else { "after SET" };
        self.keyword("SELECT", start)?;
        let select = self.select()?;
        let from = if self.take_keyword("FROM") { Some(self.topics()?) } else { None };
        let filter = self.filter()?;
        self.end()?;
        Ok(Statement { variables, select, from, filter })
    }

    fn assignments(&mut self) -> Parsed<Vec<Variable>> {
        let mut variables = vec![self.assignment()?];
        while self.take_symbol(",") {
            variables.push(self.assignment()?);
        }
        if self.is_keyword("SET") {
            return Err(Diagnostic::error("sql::variable", "a statement has one SET")
                .at(self.token().span.clone())
                .help("separate variables by commas: SET @a = 1, @b = 2"));
        }
        Ok(variables)
    }

    fn assignment(&mut self) -> Parsed<Variable> {
        let token = self.token().clone();
        let TokenKind::Variable(name) = token.kind else {
            return Err(self
                .expected("a variable after SET")
                .help("names of variables begin with @: SET @name = …"));
        };
        self.at += 1;
        let problem = match name.len() {
            0 => Some("a variable needs a name after `@`".to_owned()),
            1..=VARIABLE_NAME if self.variables.iter().any(|known| known == name) => {
                Some(format!("`@{name}` is set twice; variables don't change"))
            }
            1..=VARIABLE_NAME => None,
            _ => Some(format!("the name of a variable has at most {VARIABLE_NAME} characters")),
        };
        self.problems
            .extend(problem.map(|problem| Diagnostic::error("sql::variable", problem).at(token.span)));
        self.symbol("=", "after the variable")?;
        let value = self.expression()?;
        // Only now: a variable can't use itself.
        self.variables.push(name.to_owned());
        Ok(Variable { name: name.to_owned(), value })
    }

    fn topics(&mut self) -> Parsed<TopicFilter> {
        let token = self.token().clone();
        let TokenKind::Text(text) = token.kind else {
            return Err(self.expected("a topic filter in quotes").help("FROM 'home/heating/status'"));
        };
        self.at += 1;
        if self.is_keyword("AS") {
            return Err(self
                .expected("WHERE or the end of the statement")
                .help("only queries inside a statement name their rows"));
        }
        match TopicFilter::parse(&text) {
            Ok(filter) => Ok(filter),
            Err(reason) => Err(Diagnostic::error("sql::topic-filter", format!("the topic filter {reason}"))
                .at(token.span)
                .help("`+` stands for one level, `#` for all that follow, at the end: 'home/+/status', 'home/#'")),
        }
    }
}
