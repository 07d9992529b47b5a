//! SELECT, for the statement and for queries inside it.

use campanile_diagnostic::Diagnostic;

use super::super::token::TokenKind;
use super::super::tree::{Expression, Item, Kind, Query, Select};
use super::{Parsed, Parser, is_keyword};

impl Parser<'_> {
    /// `EXISTS (SELECT …)`.
    pub(super) fn exists(&mut self) -> Parsed<Expression> {
        let start = self.start();
        self.at += 1;
        self.symbol("(", "after EXISTS")?;
        if !self.is_keyword("SELECT") {
            return Err(self
                .expected("a query in parentheses after EXISTS")
                .help("EXISTS (SELECT … FROM …)"));
        }
        let query = self.nested(Self::query)?;
        self.symbol(")", "after the query")?;
        self.built(Kind::Exists(Box::new(query)), self.span_from(start))
    }

    /// A query as an expression.
    pub(super) fn subquery(&mut self) -> Parsed<Expression> {
        let start = self.start();
        let query = self.nested(Self::query)?;
        self.built(Kind::Query(Box::new(query)), self.span_from(start))
    }

    /// The alias of the rows is written last and used before: the source is read first.
    fn query(&mut self) -> Parsed<Query> {
        let start = self.start();
        self.needs_2016("queries inside a statement", start);
        self.keyword("SELECT", "")?;
        self.rows.push(self.alias_ahead());
        let select = self.select()?;
        let alias = self.rows.pop().flatten();
        self.keyword("FROM", "after what the query selects")?;
        let source = self.source()?;
        if self.take_keyword("AS") {
            self.alias()?;
        }
        self.rows.push(alias);
        let filter = self.filter()?;
        self.rows.pop();
        Ok(Query { select, source, filter })
    }

    fn source(&mut self) -> Parsed<Expression> {
        if let TokenKind::Text(_) = self.token().kind {
            return Err(Diagnostic::error(
                "sql::syntax",
                "a query inside a statement selects from a value, not from topics",
            )
            .at(self.token().span.clone())
            .help("FROM attribute, FROM *, or FROM (SELECT …)"));
        }
        self.postfix()
    }

    fn alias(&mut self) -> Parsed<String> {
        match self.token().kind {
            TokenKind::Word(name) => {
                self.at += 1;
                Ok(name.to_owned())
            }
            _ => Err(self.expected("a name after AS")),
        }
    }

    /// The alias of the query whose selection is about to be read: after its FROM, in the same parentheses.
    fn alias_ahead(&self) -> Option<String> {
        let mut depth = 0_i32;
        let mut from = false;
        for token in self.tokens.get(self.at..).unwrap_or_default() {
            match token.kind {
                TokenKind::Symbol("(" | "[" | "{") => depth += 1,
                TokenKind::Symbol(")" | "]" | "}") if depth == 0 => return None,
                TokenKind::Symbol(")" | "]" | "}") => depth -= 1,
                _ if depth > 0 => {}
                TokenKind::End => return None,
                _ if is_keyword(token, "FROM") => from = true,
                _ if from && is_keyword(token, "WHERE") => return None,
                _ if from && is_keyword(token, "AS") => {
                    let after = self.tokens.iter().find(|after| after.span.start >= token.span.end);
                    return after.and_then(|after| match after.kind {
                        TokenKind::Word(name) => Some(name.to_owned()),
                        _ => None,
                    });
                }
                _ => {}
            }
        }
        None
    }

    /// `WHERE …`, if it is there.
    pub(super) fn filter(&mut self) -> Parsed<Option<Expression>> {
        if self.take_keyword("WHERE") { self.expression().map(Some) } else { Ok(None) }
    }

    /// What comes after SELECT.
    pub(super) fn select(&mut self) -> Parsed<Select> {
        if self.is_keyword("VALUE") && self.begins_expression_after_value() {
            self.at += 1;
            return self.expression().map(Select::Value);
        }
        let mut items = vec![self.item()?];
        while self.take_symbol(",") {
            items.push(self.item()?);
        }
        Ok(Select::Items(items))
    }

    /// Whether `value` is the keyword. `SELECT value FROM`, `SELECT value, …` and `SELECT value.x` mean an attribute.
    fn begins_expression_after_value(&self) -> bool {
        match &self.ahead(1).kind {
            TokenKind::Word(_) => {
                !["FROM", "AS", "WHERE", "AND", "OR", "IN"].iter().any(|word| is_keyword(self.ahead(1), word))
            }
            TokenKind::Variable(_) | TokenKind::Number(_) | TokenKind::Text(_) => true,
            TokenKind::Symbol(symbol) => matches!(*symbol, "*" | "(" | "[" | "{"),
            TokenKind::End => false,
        }
    }

    fn item(&mut self) -> Parsed<Item> {
        let start = self.start();
        let expression = self.expression()?;
        let named = self.take_keyword("AS");
        let path = if named { self.path()? } else { self.derived_name(&expression) };
        Ok(Item { path, named, span: self.span_from(start), expression })
    }

    /// A name with dots: it makes objects in objects.
    fn path(&mut self) -> Parsed<Vec<String>> {
        let mut path = Vec::new();
        loop {
            match self.token().kind.clone() {
                TokenKind::Word(name) => path.push(name.to_owned()),
                TokenKind::Text(text) => {
                    return Err(self.expected("a name after AS").help(format!(
                        "without quotes; for other characters, make an object: {{'{text}': …}}"
                    )));
                }
                _ => return Err(self.expected("a name after AS")),
            }
            self.at += 1;
            if !self.take_symbol(".") {
                return Ok(path);
            }
        }
    }

    /// The name of an item without AS: the last name of a path, the name of a function, else the text itself.
    fn derived_name(&self, expression: &Expression) -> Vec<String> {
        let name = match &expression.kind {
            Kind::Everything => return vec![],
            Kind::Attribute(name) | Kind::Member(_, name) => name.clone(),
            Kind::Variable(index) => self.variables.get(*index).cloned().unwrap_or_default(),
            Kind::Call(call) => call.function.name.to_owned(),
            _ => self.text.get(expression.span.clone()).unwrap_or_default().to_owned(),
        };
        vec![name]
    }
}
