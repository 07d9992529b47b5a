//! Expressions over the event: a route's condition, and what its storms are grouped by.

use minijinja::Value;

use super::context;
use super::environment::ENVIRONMENT;
use super::error::TemplateError;
use super::names;

/// A compiled expression.
#[derive(Debug)]
pub struct Expression(minijinja::Expression<'static, 'static>);

/// A compiled expression that holds or does not.
#[derive(Debug)]
pub struct Condition(Expression);

impl Expression {
    /// Compiles `source`, for example `event.payload.site`.
    ///
    /// # Errors
    /// [`TemplateError`] if it is not an expression, or uses names that never exist.
    pub fn compile(source: &str) -> Result<Self, TemplateError> {
        let expression = ENVIRONMENT
            .compile_expression_owned(source.to_owned())
            .map_err(|error| TemplateError::of(&error, source))?;
        names::check(&expression.undeclared_variables(true), names::OF_EVENTS, source)?;
        names::check_run(expression.eval(context::sample()).err(), source)?;
        Ok(Self(expression))
    }

    /// Its value as text; empty if there is none.
    ///
    /// # Errors
    /// [`TemplateError`] if it can't be told.
    pub(crate) fn text(&self, context: &Value) -> Result<String, TemplateError> {
        let value = self.value(context)?;
        Ok(if value.is_none() { String::new() } else { value.to_string() })
    }

    fn value(&self, context: &Value) -> Result<Value, TemplateError> {
        self.0.eval(context).map_err(|error| TemplateError::of(&error, ""))
    }
}

impl Condition {
    /// Compiles `source`, for example `event.status == "INACTIVE"`.
    ///
    /// # Errors
    /// [`TemplateError`] if it is not an expression, or uses names that never exist.
    pub fn compile(source: &str) -> Result<Self, TemplateError> {
        Expression::compile(source).map(Self)
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// [`TemplateError`] if it can't be told.
    pub(crate) fn holds(&self, context: &Value) -> Result<bool, TemplateError> {
        self.0.value(context).map(|value| value.is_true())
    }
}
