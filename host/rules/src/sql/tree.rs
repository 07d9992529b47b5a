//! The tree of a statement. Names of functions and variables are resolved, constants of functions are prepared: evaluating a
//! tree parses nothing.

use std::ops::Range;

use crate::function::{Function, Prepared};
use crate::topic::TopicFilter;
use crate::value::Value;

/// A rule's statement.
#[derive(Debug)]
pub(crate) struct Statement {
    /// The variables of SET, in order; an expression may use those before it.
    pub(crate) variables: Vec<Variable>,
    /// What to select.
    pub(crate) select: Select,
    /// The topics it listens to; none for a rule that is only called by Basic Ingest.
    pub(crate) from: Option<TopicFilter>,
    /// The condition.
    pub(crate) filter: Option<Expression>,
}

/// `SELECT … FROM … WHERE …` inside an expression.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) select: Select,
    pub(crate) source: Expression,
    pub(crate) filter: Option<Expression>,
}

/// `@name = expression`.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) value: Expression,
}

/// What is selected.
#[derive(Debug)]
pub(crate) enum Select {
    /// `SELECT VALUE expression`: that alone.
    Value(Expression),
    /// An object made of these.
    Items(Vec<Item>),
}

/// One item of a selection.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) expression: Expression,
    /// Where it goes in the object; empty for a `*` whose attributes are taken over.
    pub(crate) path: Vec<String>,
    /// Whether the path was written, with AS.
    pub(crate) named: bool,
    pub(crate) span: Range<usize>,
}

/// An expression and its place.
#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) kind: Kind,
    pub(crate) span: Range<usize>,
    /// Levels below and including it.
    pub(crate) height: usize,
}

/// Kinds of expressions.
#[derive(Debug)]
pub(crate) enum Kind {
    /// A literal.
    Constant(Value<'static>),
    /// `*`: the payload, or the row of a query.
    Everything,
    /// An attribute of the payload or row.
    Attribute(String),
    /// The row of a query, by its alias.
    Row,
    /// A variable, by its place in SET.
    Variable(usize),
    /// `inner.name`.
    Member(Box<Expression>, String),
    Not(Box<Expression>),
    Negative(Box<Expression>),
    Binary(Operator, Box<[Expression; 2]>),
    Case(Box<Case>),
    Exists(Box<Query>),
    Query(Box<Query>),
    Array(Vec<Expression>),
    Object(Vec<(String, Expression)>),
    Call(Call),
}

/// `CASE value WHEN … THEN … ELSE … END`.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) value: Expression,
    pub(crate) branches: Vec<(Expression, Expression)>,
    pub(crate) otherwise: Option<Expression>,
}

/// A call of a function.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) function: &'static Function,
    pub(crate) arguments: Vec<Expression>,
    /// What was made of constant arguments.
    pub(crate) prepared: Prepared,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    Plus,
    Minus,
    Times,
    Divide,
    Modulo,
}

impl Expression {
    pub(crate) fn new(kind: Kind, span: Range<usize>) -> Self {
        let mut expression = Self { kind, span, height: 0 };
        expression.height = 1 + expression.children().iter().map(|child| child.height).max().unwrap_or(0);
        expression
    }

    /// The text, if it is one.
    pub(crate) fn constant_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Constant(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The expressions directly below it, those of queries included.
    pub(crate) fn children(&self) -> Vec<&Self> {
        match &self.kind {
            Kind::Constant(_) | Kind::Everything | Kind::Attribute(_) | Kind::Row | Kind::Variable(_) => {
                vec![]
            }
            Kind::Member(inner, _) | Kind::Not(inner) | Kind::Negative(inner) => vec![inner],
            Kind::Binary(_, operands) => operands.iter().collect(),
            Kind::Case(case) => {
                let branches = case.branches.iter().flat_map(|(when, then)| [when, then]);
                [&case.value].into_iter().chain(branches).chain(&case.otherwise).collect()
            }
            Kind::Exists(query) | Kind::Query(query) => query.children(),
            Kind::Array(items) => items.iter().collect(),
            Kind::Object(entries) => entries.iter().map(|(_, value)| value).collect(),
            Kind::Call(call) => call.arguments.iter().collect(),
        }
    }
}

impl Query {
    pub(crate) fn children(&self) -> Vec<&Expression> {
        self.select.expressions().chain([&self.source]).chain(&self.filter).collect()
    }
}

impl Select {
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let (value, items) = match self {
            Self::Value(value) => (Some(value), None),
            Self::Items(items) => (None, Some(items)),
        };
        value.into_iter().chain(items.into_iter().flatten().map(|item| &item.expression))
    }
}

impl Statement {
    /// All expressions that are not part of another.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let variables = self.variables.iter().map(|variable| &variable.value);
        variables.chain(self.select.expressions()).chain(&self.filter)
    }
}
