//! Templates and conditions of routes: compiled once, bounded in what they may use, harmless when they fail.
//!
//! The language is Jinja's, as `minijinja` has it. What devices send is only ever a value here, never a template.

mod context;
mod environment;
mod error;
mod expression;
mod names;

pub(crate) use context::{context, news_context, with_status};
use environment::ENVIRONMENT;
pub(crate) use environment::utc;
pub use error::TemplateError;
pub use expression::{Condition, Expression};
use minijinja::{Environment, ErrorKind, UndefinedBehavior, Value};

use crate::notification::TextFormat;

/// A compiled template.
pub struct Template {
    /// Holds this template alone: `minijinja` ties a compiled template to its environment.
    environment: Environment<'static>,
    format: TextFormat,
}

/// What a template gave.
#[derive(Debug)]
pub(crate) struct Rendered {
    /// The text.
    pub(crate) text: String,
    /// What was left out of it: a value that the event does not have.
    pub(crate) note: Option<String>,
}

impl Template {
    /// Compiles `source`; with [`TextFormat::Html`] all values of the event are escaped.
    ///
    /// # Errors
    /// [`TemplateError`] if it is not a template, or uses names that never exist.
    pub fn compile(source: &str, format: TextFormat) -> Result<Self, TemplateError> {
        let mut environment = ENVIRONMENT.clone();
        let name = environment::template_name(format);
        environment
            .add_template_owned(name, source.to_owned())
            .map_err(|error| TemplateError::of(&error, source))?;
        let template = Self { environment, format };
        let compiled = template.compiled().map_err(|error| TemplateError::of(&error, source))?;
        names::check(&compiled.undeclared_variables(true), names::OF_NEWS, source)?;
        names::check_run(compiled.render(context::sample()).err(), source)?;
        Ok(template)
    }

    /// Renders it. A value that the event does not have is left out and noted: half a message is better than none.
    ///
    /// # Errors
    /// [`TemplateError`] for anything else that goes wrong.
    pub(crate) fn render(&self, context: &Value) -> Result<Rendered, TemplateError> {
        let compiled = self.compiled().map_err(|error| TemplateError::of(&error, ""))?;
        match compiled.render(context) {
            Ok(text) => Ok(Rendered { text, note: None }),
            Err(error) if error.kind() == ErrorKind::UndefinedError => {
                let note = TemplateError::of(&error, compiled.source());
                Ok(Rendered { text: self.render_leniently(context)?, note: Some(note.to_string()) })
            }
            Err(error) => Err(TemplateError::of(&error, compiled.source())),
        }
    }

    fn render_leniently(&self, context: &Value) -> Result<String, TemplateError> {
        let mut environment = self.environment.clone();
        environment.set_undefined_behavior(UndefinedBehavior::Chainable);
        let rendered = environment
            .get_template(environment::template_name(self.format))
            .and_then(|template| template.render(context));
        rendered.map_err(|error| TemplateError::of(&error, ""))
    }

    fn compiled(&self) -> Result<minijinja::Template<'_, '_>, minijinja::Error> {
        self.environment.get_template(environment::template_name(self.format))
    }
}

impl std::fmt::Debug for Template {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let source = self.compiled().map(|compiled| compiled.source().to_owned()).unwrap_or_default();
        formatter.debug_struct("Template").field("source", &source).field("format", &self.format).finish()
    }
}

#[cfg(test)]
mod tests;
