//! From words to the tree. The first error of syntax ends it; what is wrong with functions and variables is collected, so
//! that one reading shows all of it.

mod expression;
mod foreign;
mod primary;
mod query;
mod statement;

use std::ops::Range;

use campanile_diagnostic::Diagnostic;

use super::lexer::lex;
use super::token::{Token, TokenKind};
use super::tree::{Expression, Kind, Statement};
use crate::limits::{HEIGHT, NESTING, STATEMENT_BYTES};
use crate::rule::Options;

/// Reads a rule's statement.
pub(crate) fn parse_statement(text: &str, options: &Options) -> Result<Statement, Vec<Diagnostic>> {
    let mut parser = Parser::new(text, options, &[]).map_err(|found| vec![found])?;
    let parsed = parser.statement();
    parser.ended(parsed)
}

/// Reads an expression of a substitution template, which may use the `variables` of the rule's SET.
pub(crate) fn parse_expression(
    text: &str,
    options: &Options,
    variables: &[String],
) -> Result<Expression, Vec<Diagnostic>> {
    let mut parser = Parser::new(text, options, variables).map_err(|found| vec![found])?;
    let parsed = parser.expression().and_then(|expression| parser.end().map(|()| expression));
    parser.ended(parsed)
}

struct Parser<'s> {
    text: &'s str,
    tokens: Vec<Token<'s>>,
    at: usize,
    depth: usize,
    options: &'s Options,
    /// Names of the variables that are set already.
    variables: Vec<String>,
    /// Names of the rows of the query that is being read; the innermost is last.
    rows: Vec<Option<String>>,
    problems: Vec<Diagnostic>,
}

type Parsed<T> = Result<T, Diagnostic>;

impl<'s> Parser<'s> {
    fn new(text: &'s str, options: &'s Options, variables: &[String]) -> Parsed<Self> {
        if text.len() > STATEMENT_BYTES {
            return Err(Diagnostic::error(
                "sql::limit",
                format!("the statement has {} bytes, at most {STATEMENT_BYTES} are read", text.len()),
            ));
        }
        Ok(Self {
            text,
            tokens: lex(text)?,
            at: 0,
            depth: 0,
            options,
            variables: variables.to_vec(),
            rows: Vec::new(),
            problems: Vec::new(),
        })
    }

    /// All problems, or what was parsed if there are none.
    fn ended<T>(mut self, parsed: Parsed<T>) -> Result<T, Vec<Diagnostic>> {
        match parsed {
            Ok(parsed) if self.problems.is_empty() => Ok(parsed),
            Ok(_) => Err(self.problems),
            Err(found) => {
                self.problems.push(found);
                Err(self.problems)
            }
        }
    }

    // === words ===

    fn token(&self) -> &Token<'s> {
        self.ahead(0)
    }

    /// The word `by` places further; after the last one comes the end, again and again.
    fn ahead(&self, by: usize) -> &Token<'s> {
        const END: &Token<'static> = &Token { kind: TokenKind::End, span: 0..0 };
        self.tokens.get(self.at + by).or(self.tokens.last()).unwrap_or(END)
    }

    fn advance(&mut self) -> Token<'s> {
        let token = self.token().clone();
        self.at += 1;
        token
    }

    fn is_symbol(&self, symbol: &str) -> bool {
        matches!(self.token().kind, TokenKind::Symbol(found) if found == symbol)
    }

    fn is_keyword(&self, keyword: &str) -> bool {
        is_keyword(self.token(), keyword)
    }

    fn take_symbol(&mut self, symbol: &str) -> bool {
        let found = self.is_symbol(symbol);
        self.at += usize::from(found);
        found
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = self.is_keyword(keyword);
        self.at += usize::from(found);
        found
    }

    fn symbol(&mut self, symbol: &'static str, after: &str) -> Parsed<()> {
        if self.take_symbol(symbol) { Ok(()) } else { Err(self.expected(&format!("`{symbol}` {after}"))) }
    }

    fn keyword(&mut self, keyword: &str, after: &str) -> Parsed<()> {
        if self.take_keyword(keyword) { Ok(()) } else { Err(self.expected(&format!("{keyword} {after}"))) }
    }

    fn end(&self) -> Parsed<()> {
        if self.token().kind == TokenKind::End {
            Ok(())
        } else {
            Err(self.expected("the end of the statement"))
        }
    }

    // === places and findings ===

    /// From `start` to the word that was taken last.
    fn span_from(&self, start: usize) -> Range<usize> {
        let end = self.before().map_or(start, |last| last.span.end);
        start..end.max(start)
    }

    fn start(&self) -> usize {
        self.token().span.start
    }

    fn expected(&self, what: &str) -> Diagnostic {
        foreign::construct(self).unwrap_or_else(|| {
            let token = self.token();
            let found =
                Diagnostic::error("sql::syntax", format!("expected {what}, found {}", token.kind.describe()));
            match (&token.kind, self.before()) {
                // The end itself has no width to point at.
                (TokenKind::End, Some(last)) => found.at(last.span.clone()).label("after this"),
                _ => found.at(token.span.clone()).label("here"),
            }
        })
    }

    /// The word that was taken last.
    fn before(&self) -> Option<&Token<'s>> {
        self.at.checked_sub(1).and_then(|last| self.tokens.get(last))
    }

    /// An expression of `kind`, unless it is too high for those who walk through it.
    fn built(&self, kind: Kind, span: Range<usize>) -> Parsed<Expression> {
        let expression = Expression::new(kind, span);
        if expression.height > HEIGHT {
            return Err(Diagnostic::error(
                "sql::limit",
                format!("the expression has more than {HEIGHT} levels"),
            )
            .at(expression.span)
            .help("shorten a chain of `OR` by `IN [...]`, or put parts into variables of SET"));
        }
        Ok(expression)
    }

    /// Reads something that may contain itself.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == NESTING {
            return Err(Diagnostic::error("sql::limit", format!("more than {NESTING} levels of nesting"))
                .at(self.token().span.clone())
                .help("put inner expressions into variables of SET"));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }
}

/// Whether `token` is this keyword, in any case.
fn is_keyword(token: &Token<'_>, keyword: &str) -> bool {
    matches!(token.kind, TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword))
}
