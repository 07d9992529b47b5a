//! What a tree means for a message. Evaluating always ends and never fails: it is bounded in steps and in the size of values.

mod operators;
mod query;
mod select;

use std::cell::Cell;

use crate::function::Invocation;
use crate::limits::{STEPS, VALUE_BYTES};
use crate::message::{Message, Surroundings};
use crate::sql::tree::{Call, Case, Expression, Kind, Statement};
use crate::value::{self, Text, Value};
use crate::version::Version;

/// One evaluation of a statement for a message.
pub(crate) struct Evaluation<'a> {
    message: &'a Message<'a>,
    /// The topic as the rule sees it.
    topic: &'a str,
    version: Version,
    surroundings: &'a dyn Surroundings,
    variables: Vec<Value<'a>>,
    steps: Cell<u64>,
    exceeded: Cell<bool>,
}

/// What attributes are taken from: the payload, or a row of a query.
#[derive(Clone, Copy)]
pub(crate) struct Row<'r, 'a> {
    pub(crate) value: &'r Value<'a>,
    of_message: bool,
}

impl<'r, 'a> Row<'r, 'a> {
    /// The row of a statement: the message.
    pub(crate) const fn message(message: &'r Message<'a>) -> Self {
        Self { value: message.value(), of_message: true }
    }
}

impl<'a> Evaluation<'a> {
    /// Begins: sets the variables.
    pub(crate) fn new(
        statement: &'a Statement,
        version: Version,
        message: &'a Message<'a>,
        topic: &'a str,
        surroundings: &'a dyn Surroundings,
    ) -> Self {
        let mut evaluation = Self {
            message,
            topic,
            version,
            surroundings,
            variables: Vec::with_capacity(statement.variables.len()),
            steps: Cell::new(STEPS),
            exceeded: Cell::new(false),
        };
        for variable in &statement.variables {
            let value = evaluation.value(&variable.value, Row::message(message));
            evaluation.variables.push(value);
        }
        evaluation
    }

    pub(crate) const fn message(&self) -> &'a Message<'a> {
        self.message
    }

    pub(crate) const fn topic(&self) -> &'a str {
        self.topic
    }

    pub(crate) const fn version(&self) -> Version {
        self.version
    }

    pub(crate) const fn surroundings(&self) -> &'a dyn Surroundings {
        self.surroundings
    }

    // === bounds ===

    /// Whether a bound was hit, so that no result counts.
    pub(crate) const fn exceeded(&self) -> bool {
        self.exceeded.get()
    }

    /// Takes the steps that looking at so many bytes counts for; false if none are left.
    pub(crate) fn affordable(&self, bytes: usize) -> bool {
        const BYTES_PER_STEP: usize = 64;
        let steps = u64::try_from(bytes / BYTES_PER_STEP).unwrap_or(u64::MAX).saturating_add(1);
        let left = self.steps.get().checked_sub(steps);
        self.steps.set(left.unwrap_or(0));
        self.exceeded.set(self.exceeded.get() || left.is_none());
        !self.exceeded.get()
    }

    /// Whether a value of so many bytes may be made.
    pub(crate) fn fits(&self, bytes: usize) -> bool {
        self.exceeded.set(self.exceeded.get() || bytes > VALUE_BYTES);
        !self.exceeded.get()
    }

    fn bounded(&self, value: Value<'a>) -> Value<'a> {
        if self.fits(value.weight()) { value } else { Value::Undefined }
    }

    // === values ===

    /// The value of an expression.
    pub(crate) fn value(&self, expression: &'a Expression, row: Row<'_, 'a>) -> Value<'a> {
        if !self.affordable(0) {
            return Value::Undefined;
        }
        match &expression.kind {
            Kind::Constant(value) => constant(value),
            Kind::Everything | Kind::Row => row.value.clone(),
            Kind::Attribute(name) => row.value.get(name),
            Kind::Variable(index) => self.variables.get(*index).cloned().unwrap_or(Value::Undefined),
            Kind::Member(inner, name) => self.value(inner, row).get(name),
            Kind::Not(inner) => value::boolean(&self.value(inner, row)).map(|value| !value).into(),
            Kind::Negative(inner) => {
                value::decimal(&self.value(inner, row)).map(|number| number.negate()).into()
            }
            Kind::Binary(operator, operands) => self.bounded(self.binary(*operator, operands, row)),
            Kind::Case(case) => self.case(case, row),
            Kind::Exists(query) => self.exists(query, row),
            Kind::Query(query) => self.bounded(self.query(query, row)),
            Kind::Array(items) => self.bounded(self.values(items, row).into()),
            Kind::Object(entries) => self.object(entries, row),
            Kind::Call(call) => self.call(call, row),
        }
    }

    fn values(&self, expressions: &'a [Expression], row: Row<'_, 'a>) -> Vec<Value<'a>> {
        expressions.iter().map(|expression| self.value(expression, row)).collect()
    }

    fn object(&self, entries: &'a [(String, Expression)], row: Row<'_, 'a>) -> Value<'a> {
        let entries = entries.iter().map(|(key, value)| (Text::from(key.as_str()), self.value(value, row)));
        self.bounded(entries.collect::<Vec<_>>().into())
    }

    /// The first branch whose value is equal. If the value is Undefined, so is the result, whatever ELSE says.
    fn case(&self, case: &'a Case, row: Row<'_, 'a>) -> Value<'a> {
        let wanted = self.value(&case.value, row);
        if wanted.is_undefined() {
            return Value::Undefined;
        }
        let branch =
            case.branches.iter().find(|(when, _)| self.equal(&wanted, &self.value(when, row)) == Some(true));
        let then = branch.map(|(_, then)| then).or(case.otherwise.as_ref());
        then.map_or(Value::Undefined, |then| self.value(then, row))
    }

    fn call(&self, call: &'a Call, row: Row<'_, 'a>) -> Value<'a> {
        let values = self.values(&call.arguments, row);
        let weight = values.iter().fold(0, |sum: usize, value| sum.saturating_add(value.weight()));
        // Before the call: it may join its arguments.
        if !self.fits(weight) || !self.affordable(weight) {
            return Value::Undefined;
        }
        let invocation = Invocation {
            values: &values,
            prepared: &call.prepared,
            evaluation: self,
            of_message: row.of_message,
        };
        self.bounded(call.function.call(&invocation))
    }
}

/// A constant, without copying its text.
fn constant<'a>(value: &'a Value<'static>) -> Value<'a> {
    match value {
        Value::String(text) => Value::string(&**text),
        other => other.clone(),
    }
}
