//! The condition of a route: an expression over the event.

use minijinja::{Expression, Value};

use super::context;
use super::environment::ENVIRONMENT;
use super::error::TemplateError;
use super::names;

/// A compiled condition.
#[derive(Debug)]
pub struct Condition(Expression<'static, 'static>);

impl Condition {
    /// Compiles `source`, for example `event.status == "INACTIVE"`.
    ///
    /// # Errors
    /// [`TemplateError`] if it is not an expression, or uses names that never exist.
    pub fn compile(source: &str) -> Result<Self, TemplateError> {
        let expression = ENVIRONMENT
            .compile_expression_owned(source.to_owned())
            .map_err(|error| TemplateError::of(&error, source))?;
        names::check(&expression.undeclared_variables(true), source)?;
        names::check_run(expression.eval(context::sample()).err(), source)?;
        Ok(Self(expression))
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// [`TemplateError`] if it can't be told.
    pub(crate) fn holds(&self, context: &Value) -> Result<bool, TemplateError> {
        self.0.eval(context).map(|value| value.is_true()).map_err(|error| TemplateError::of(&error, ""))
    }
}
