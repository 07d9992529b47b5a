//! What operators work on: literals, attributes, variables, functions, CASE, queries, and what is in parentheses.

use std::ops::Range;

use campanile_diagnostic::{Diagnostic, suggestion};

use super::super::token::TokenKind;
use super::super::tree::{Call, Case, Expression, Kind};
use super::{Parsed, Parser, is_keyword};
use crate::function;
use crate::value::{Number, Text, Value, decimal_of_text};
use crate::version::Version;

impl Parser<'_> {
    pub(super) fn postfix(&mut self) -> Parsed<Expression> {
        let inner = self.primary()?;
        self.members(inner)
    }

    /// `.name.name` after `inner`.
    pub(super) fn members(&mut self, mut inner: Expression) -> Parsed<Expression> {
        while self.take_symbol(".") {
            let TokenKind::Word(name) = self.token().kind else {
                return Err(self.expected("the name of an attribute after `.`").help(
                    if self.is_symbol("*") {
                        "`*` stands alone; select the object itself"
                    } else {
                        "reach names that are numbers or have other characters by get(object, 'name')"
                    },
                ));
            };
            self.at += 1;
            let span = self.span_from(inner.span.start);
            inner = self.built(Kind::Member(Box::new(inner), name.to_owned()), span)?;
        }
        Ok(inner)
    }

    fn primary(&mut self) -> Parsed<Expression> {
        let token = self.token().clone();
        match token.kind {
            TokenKind::Word(word) => self.word(word, token.span),
            TokenKind::Variable(name) => self.variable(name, token.span),
            TokenKind::Number(spelling) => {
                self.at += 1;
                Ok(self.number(spelling, token.span))
            }
            TokenKind::Text(text) => {
                self.at += 1;
                Ok(Expression::constant(Value::string(text), token.span))
            }
            TokenKind::Symbol("*") => {
                self.at += 1;
                self.built(Kind::Everything, token.span)
            }
            TokenKind::Symbol("(") => self.parenthesised(),
            TokenKind::Symbol("[") => self.array(),
            TokenKind::Symbol("{") => self.object(),
            TokenKind::Symbol(_) | TokenKind::End => Err(self.no_expression()),
        }
    }

    fn word(&mut self, word: &str, span: Range<usize>) -> Parsed<Expression> {
        let constant = |value| Ok(Expression::constant(value, span.clone()));
        let calls = matches!(self.ahead(1).kind, TokenKind::Symbol("("));
        match word.to_ascii_uppercase().as_str() {
            "TRUE" | "FALSE" | "NULL" if !calls => {
                self.at += 1;
                match word.len() {
                    _ if word.eq_ignore_ascii_case("null") => constant(Value::Null),
                    _ => constant(Value::Boolean(word.eq_ignore_ascii_case("true"))),
                }
            }
            "CASE" => self.case(),
            "EXISTS" if calls => self.exists(),
            "SELECT" => self.subquery(),
            reserved if is_reserved(reserved) => Err(self.no_expression()),
            _ if calls => self.call(word),
            _ => {
                self.at += 1;
                let row = self.rows.last().and_then(Option::as_deref) == Some(word);
                let kind = if row { Kind::Row } else { Kind::Attribute(word.to_owned()) };
                self.built(kind, span)
            }
        }
    }

    /// That there is no expression here, and what was probably meant.
    fn no_expression(&self) -> Diagnostic {
        let found = self.expected("an expression");
        let after = |symbol| self.before().is_some_and(|before| before.kind == TokenKind::Symbol(symbol));
        if self.is_keyword("WHEN") && self.before().is_some_and(|before| is_keyword(before, "CASE")) {
            found.help("CASE compares one value with constants: CASE status WHEN 'A' THEN 1 ELSE 0 END")
        } else if self.is_keyword("FROM") && after(",") {
            found.help("leave out the comma before FROM")
        } else if self.is_keyword("FROM") {
            found.help("say what to select: SELECT *, or SELECT status, topic() AS topic")
        } else {
            found
        }
    }

    fn variable(&mut self, name: &str, span: Range<usize>) -> Parsed<Expression> {
        self.at += 1;
        if let Some(index) = self.variables.iter().position(|known| known == name) {
            return self.built(Kind::Variable(index), span);
        }
        let known = self.variables.iter().map(String::as_str);
        self.problems.push(
            Diagnostic::error("sql::variable", format!("there is no variable `@{name}` here"))
                .at(span.clone())
                .help(format!(
                    "SET comes first and a variable after those it uses; {}",
                    suggestion(name, "variables", known)
                )),
        );
        Ok(Expression::constant(Value::Undefined, span))
    }

    /// A number after a minus. One literal: `-2.411E247` is no calculation.
    pub(super) fn negative_number(&mut self, start: usize) -> Option<Expression> {
        let TokenKind::Number(spelling) = self.token().kind else { return None };
        self.at += 1;
        let span = self.span_from(start);
        Some(self.number(&format!("-{spelling}"), span))
    }

    fn number(&mut self, spelling: &str, span: Range<usize>) -> Expression {
        let value = match Number::spelled(spelling) {
            Number::Small(number) => Some(number.into()),
            _ => decimal_of_text(&spelling.replace("E+", "E").replace("e+", "e")).map(Value::from),
        };
        if value.is_none() {
            self.problems.push(
                Diagnostic::error("sql::number", format!("`{spelling}` does not fit into a Decimal"))
                    .at(span.clone())
                    .help("a Decimal has 34 digits and magnitudes from 1E-999 to 9.99E999"),
            );
        }
        Expression::constant(value.into(), span)
    }

    fn parenthesised(&mut self) -> Parsed<Expression> {
        let start = self.start();
        self.at += 1;
        if self.is_keyword("SELECT") {
            let query = self.subquery()?;
            self.symbol(")", "after the query")?;
            return Ok(query.spanning(self.span_from(start)));
        }
        let inner = self.expression()?;
        self.symbol(")", "after the expression")?;
        Ok(inner.spanning(self.span_from(start)))
    }

    fn array(&mut self) -> Parsed<Expression> {
        let start = self.start();
        self.at += 1;
        self.needs_2016("literals of arrays", start);
        let items = self.list("]", Self::expression)?;
        self.built(Kind::Array(items), self.span_from(start))
    }

    fn object(&mut self) -> Parsed<Expression> {
        let start = self.start();
        self.at += 1;
        self.needs_2016("literals of objects", start);
        let entries = self.list("}", |parser| {
            let TokenKind::Text(key) = parser.token().kind.clone() else {
                return Err(parser.expected("a quoted key"));
            };
            parser.at += 1;
            parser.symbol(":", "after the key")?;
            Ok((key, parser.expression()?))
        })?;
        self.built(Kind::Object(entries), self.span_from(start))
    }

    /// Items with commas between them, up to `close`.
    fn list<T>(
        &mut self,
        close: &'static str,
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        let mut items = Vec::new();
        if self.take_symbol(close) {
            return Ok(items);
        }
        loop {
            items.push(item(self)?);
            if self.take_symbol(close) {
                return Ok(items);
            }
            if !self.take_symbol(",") {
                return Err(self.expected(&format!("`,` or `{close}`")));
            }
        }
    }

    fn case(&mut self) -> Parsed<Expression> {
        let start = self.start();
        self.at += 1;
        let value = self.expression()?;
        let mut branches = Vec::new();
        while self.take_keyword("WHEN") {
            let when = self.expression()?;
            self.keyword("THEN", "after the value of WHEN")?;
            branches.push((when, self.expression()?));
        }
        if branches.is_empty() {
            return Err(self.expected("WHEN after the value of CASE"));
        }
        let otherwise = if self.take_keyword("ELSE") { Some(self.expression()?) } else { None };
        self.keyword("END", "after CASE")?;
        self.built(Kind::Case(Box::new(Case { value, branches, otherwise })), self.span_from(start))
    }

    fn call(&mut self, name: &str) -> Parsed<Expression> {
        let start = self.start();
        let name_span = self.advance().span;
        self.at += 1;
        let arguments =
            if name.eq_ignore_ascii_case("cast") { self.cast()? } else { self.list(")", Self::expression)? };
        let span = self.span_from(start);
        match function::resolve(name, &arguments, self.options) {
            Ok((function, prepared)) => self.built(Kind::Call(Call { function, arguments, prepared }), span),
            Err(found) => {
                let at = found.span.clone().unwrap_or(name_span);
                self.problems.push(found.at(at));
                Ok(Expression::constant(Value::Undefined, span))
            }
        }
    }

    /// `value AS type)`: the type becomes a second argument.
    fn cast(&mut self) -> Parsed<Vec<Expression>> {
        let value = self.expression()?;
        self.keyword("AS", "and a type after the value of cast")?;
        let TokenKind::Word(kind) = self.token().kind else { return Err(self.expected("a type after AS")) };
        let span = self.advance().span;
        self.symbol(")", "after the type")?;
        Ok(vec![value, Expression::constant(Value::String(Text::from(kind.to_owned())), span)])
    }

    /// Notes that `what` is missing from the old version.
    pub(super) fn needs_2016(&mut self, what: &str, start: usize) {
        if self.options.version == Version::V2015 {
            self.problems.push(
                Diagnostic::error("sql::version", format!("version 2015-10-08 has no {what}"))
                    .at(start..start + 1)
                    .help("set AwsIotSqlVersion to '2016-03-23'"),
            );
        }
    }
}

/// Words that begin or continue a clause. Everything else may be the name of an attribute.
fn is_reserved(word: &str) -> bool {
    matches!(
        word,
        "SELECT"
            | "FROM"
            | "WHERE"
            | "AS"
            | "AND"
            | "OR"
            | "NOT"
            | "IN"
            | "WHEN"
            | "THEN"
            | "ELSE"
            | "END"
            | "SET"
    )
}

impl Expression {
    /// A constant.
    pub(super) fn constant(value: Value<'static>, span: Range<usize>) -> Self {
        Self::new(Kind::Constant(value), span)
    }

    fn spanning(self, span: Range<usize>) -> Self {
        Self { span, ..self }
    }
}
