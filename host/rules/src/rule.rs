//! A rule: a statement that was read, checked and prepared, and what it makes of messages.

use std::collections::BTreeMap;

use campanile_diagnostic::Diagnostic;

use crate::evaluate::{Evaluation, Row};
use crate::explain::{Reason, explain};
use crate::lint;
use crate::message::{Message, Surroundings};
use crate::sql::parse_statement;
use crate::sql::tree::Statement;
use crate::topic::{TopicFilter, basic_ingest};
use crate::value::{JsonError, Value, read_owned_json, to_json};
use crate::version::Version;

/// How a statement is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The version of the dialect.
    pub version: Version,
    /// The rule's name, by which Basic Ingest calls it. Without one, every such call is taken for this rule.
    pub name: Option<String>,
    /// Answers of functions that ask other services.
    pub stubs: Stubs,
}

/// What functions that ask other services answer here. Without an answer, a rule that calls one is refused.
#[derive(Clone, Debug, Default)]
pub struct Stubs(BTreeMap<String, Value<'static>>);

/// A rule.
#[derive(Debug)]
pub struct Rule {
    text: String,
    options: Options,
    statement: Statement,
}

/// What a rule makes of a message.
#[derive(Debug)]
pub enum Outcome<'a> {
    /// The message is on another topic.
    OtherTopic,
    /// The condition is this, and not true.
    NotTrue(Value<'a>),
    /// The actions run with this.
    Selected(Output<'a>),
    /// The statement wants more steps or memory than there are, see [`crate::limits`]; the actions don't run.
    Exceeded,
}

/// What actions get.
#[derive(Debug)]
pub struct Output<'a> {
    /// The value.
    pub value: Value<'a>,
    version: Version,
}

// === impl Stubs ===

impl Stubs {
    /// Lets `function` answer with this JSON.
    ///
    /// # Errors
    ///
    /// If it is no JSON.
    pub fn insert(&mut self, function: &str, json: &str) -> Result<(), JsonError> {
        self.0.insert(function.to_ascii_lowercase(), read_owned_json(json)?);
        Ok(())
    }

    pub(crate) fn get(&self, function: &str) -> Option<Value<'static>> {
        self.0.get(function).cloned()
    }
}

// === impl Rule ===

impl Rule {
    /// Reads a statement.
    ///
    /// # Errors
    ///
    /// Everything that AWS IoT would refuse, and what can't be evaluated here. What works, but probably not as meant, is found by
    /// [`lint`](Self::lint).
    pub fn load(text: &str, options: Options) -> Result<Self, Vec<Diagnostic>> {
        let statement = parse_statement(text, &options)?;
        Ok(Self { text: text.to_owned(), options, statement })
    }

    /// The statement.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The topics it listens to; none if it is only called by Basic Ingest.
    #[must_use]
    pub fn topic_filter(&self) -> Option<&TopicFilter> {
        self.statement.from.as_ref()
    }

    /// What is probably not meant as it is written.
    #[must_use]
    pub fn lint(&self) -> Vec<Diagnostic> {
        lint::lint(self)
    }

    /// The topic as the rule sees it, if a message on `topic` is for it.
    #[must_use]
    pub fn sees<'t>(&self, topic: &'t str) -> Option<&'t str> {
        match basic_ingest(topic) {
            Some((rule, rest)) => {
                self.options.name.as_deref().is_none_or(|name| name == rule).then_some(rest)
            }
            None => self.topic_filter()?.matches(topic).then_some(topic),
        }
    }

    /// Evaluates the statement for a message.
    #[must_use]
    pub fn evaluate<'a>(
        &'a self,
        message: &'a Message<'a>,
        surroundings: &'a dyn Surroundings,
    ) -> Outcome<'a> {
        let Some(topic) = self.sees(message.topic()) else { return Outcome::OtherTopic };
        let evaluation = self.evaluation(message, topic, surroundings);
        let row = Row::message(message);
        let condition = self.statement.filter.as_ref().map(|filter| evaluation.value(filter, row));
        if let Some(value) = condition.filter(|value| !evaluation.holds(value)) {
            return if evaluation.exceeded() { Outcome::Exceeded } else { Outcome::NotTrue(value) };
        }
        let value = evaluation.select(&self.statement.select, row);
        if evaluation.exceeded() || !evaluation.fits(value.weight()) {
            return Outcome::Exceeded;
        }
        Outcome::Selected(Output { value, version: self.options.version })
    }

    /// Why the condition is what it is for a message; none if there is no condition.
    #[must_use]
    pub fn explain(&self, message: &Message<'_>, surroundings: &dyn Surroundings) -> Option<Reason> {
        let topic = self.sees(message.topic()).unwrap_or(message.topic());
        let evaluation = self.evaluation(message, topic, surroundings);
        let filter = self.statement.filter.as_ref()?;
        Some(explain(&evaluation, filter, Row::message(message), &self.text))
    }

    pub(crate) fn evaluation<'a>(
        &'a self,
        message: &'a Message<'a>,
        topic: &'a str,
        surroundings: &'a dyn Surroundings,
    ) -> Evaluation<'a> {
        Evaluation::new(&self.statement, self.options.version, message, topic, surroundings)
    }

    pub(crate) const fn options(&self) -> &Options {
        &self.options
    }

    pub(crate) const fn statement(&self) -> &Statement {
        &self.statement
    }
}

// === impl Output ===

impl Output<'_> {
    /// The bytes that an action gets: JSON, or of `SELECT *` a payload that is none, as it was published.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        match self.value {
            Value::Bytes(bytes) => bytes.to_vec(),
            ref value => to_json(value, self.version),
        }
    }
}
