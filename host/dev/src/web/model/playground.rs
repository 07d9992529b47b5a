//! What a statement, or a rule of the template, would make of a message. Nothing is published and no action runs.

use campanile_diagnostic::{Diagnostic, Severity, position};
use campanile_local::surroundings::ThisMachine;
use campanile_rules::limits::PAYLOAD_BYTES;
use campanile_rules::topic::check_topic;
use campanile_rules::{Message, Options, Reason, Rule, Version};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Bytes;
use super::event::Outcome;
use crate::rulebook::RuleBook;

/// A statement or a rule, and a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(in crate::web) struct Question {
    /// The statement; or name a rule instead.
    #[schema(example = "SELECT status FROM 'home/heating/status' WHERE status = 'INACTIVE'")]
    pub(in crate::web) sql: Option<String>,
    /// The version of the statement's dialect; `2016-03-23` if it is not given.
    pub(in crate::web) sql_version: Option<String>,
    /// A rule of the template, by its name or its logical id.
    pub(in crate::web) rule: Option<String>,
    /// Where the message is published.
    #[schema(example = "home/heating/status")]
    pub(in crate::web) topic: String,
    /// The message, as text: usually JSON.
    #[schema(example = r#"{"status":"INACTIVE"}"#)]
    pub(in crate::web) payload: String,
    /// Who publishes it.
    pub(in crate::web) client_id: Option<String>,
}

/// What it makes of the message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Evaluated {
    /// `selected`, `other-topic`, `not-true`, `exceeded`, or `refused` if the statement can't be read.
    pub(in crate::web) outcome: Outcome,
    /// The statement.
    pub(in crate::web) sql: String,
    /// What actions get.
    pub(in crate::web) output: Option<Bytes>,
    /// The topics that it listens to.
    pub(in crate::web) topics: Option<String>,
    /// Why its condition is what it is.
    pub(in crate::web) condition: Option<Because>,
    /// Why the payload is no JSON.
    pub(in crate::web) payload_problem: Option<String>,
    /// What is wrong with the statement, or probably not meant as it is written.
    pub(in crate::web) findings: Vec<Finding>,
}

/// An expression, its value, and what it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Because {
    /// As it is written.
    pub(in crate::web) expression: String,
    /// As JSON, or `Undefined`.
    pub(in crate::web) value: String,
    /// What kind of value it is.
    pub(in crate::web) kind: String,
    /// What it comes from.
    #[schema(no_recursion)]
    pub(in crate::web) because: Vec<Self>,
}

/// What was found in a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Finding {
    /// Stable name of the kind of finding.
    pub(in crate::web) code: String,
    /// `error` or `warning`.
    pub(in crate::web) severity: String,
    /// What is wrong.
    pub(in crate::web) message: String,
    /// Line in the statement, from 1.
    pub(in crate::web) line: Option<usize>,
    /// Character in the line, from 1.
    pub(in crate::web) column: Option<usize>,
    /// First byte of the place in the statement.
    pub(in crate::web) start: Option<usize>,
    /// The byte after the place.
    pub(in crate::web) end: Option<usize>,
    /// What to do about it.
    pub(in crate::web) help: Option<String>,
}

/// Answers a question; or says what is wrong with the question itself.
pub(in crate::web) fn evaluate(book: &RuleBook, question: &Question) -> Result<Evaluated, String> {
    check_topic(&question.topic).map_err(|error| format!("The topic `{}` {error}.", question.topic))?;
    if question.payload.len() > PAYLOAD_BYTES {
        return Err(format!(
            "The payload has {} bytes; a message has at most {PAYLOAD_BYTES}.",
            question.payload.len()
        ));
    }
    let (sql, options) = statement(book, question)?;
    match Rule::load(&sql, options) {
        Ok(rule) => Ok(answer(&rule, question)),
        Err(found) => Ok(Evaluated { findings: findings(&sql, &found), ..Evaluated::refused(sql) }),
    }
}

fn statement(book: &RuleBook, question: &Question) -> Result<(String, Options), String> {
    let named = |name: &str| {
        let help = || format!("There is no version `{name}`; use {}.", Version::NAMES.join(", "));
        Version::named(name).ok_or_else(help)
    };
    match (&question.sql, &question.rule) {
        (Some(sql), None) => {
            let version = question.sql_version.as_deref().map(named).transpose()?.unwrap_or_default();
            Ok((sql.clone(), Options { version, ..Options::default() }))
        }
        (None, Some(name)) => {
            let is_named = |rule: &&crate::rulebook::BookRule| {
                rule.topic_rule.logical_id == *name || rule.topic_rule.name.value == *name
            };
            let found = book.rules.iter().find(is_named);
            let rule = found.ok_or_else(|| format!("There is no rule `{name}`; see /api/rules."))?;
            let version = rule.topic_rule.sql_version.as_ref().map(|version| named(&version.value));
            let version = version.transpose()?.unwrap_or(Version::V2015);
            let name = Some(rule.topic_rule.name.value.clone());
            Ok((rule.topic_rule.sql.value.clone(), Options { version, name, ..Options::default() }))
        }
        _ => Err("Give either `sql` or `rule`.".to_owned()),
    }
}

fn answer(rule: &Rule, question: &Question) -> Evaluated {
    let mut message = Message::new(&question.topic, question.payload.as_bytes());
    message.client_id = question.client_id.as_deref();
    let reason = rule.explain(&message, &ThisMachine).map(Because::from);
    let sql = rule.text().to_owned();
    let evaluated = Evaluated {
        topics: rule.topic_filter().map(ToString::to_string),
        payload_problem: message.problem().map(ToString::to_string),
        findings: findings(rule.text(), &rule.lint()),
        condition: reason,
        ..Evaluated::refused(sql)
    };
    let (outcome, output) = match rule.evaluate(&message, &ThisMachine) {
        campanile_rules::Outcome::OtherTopic => (Outcome::OtherTopic, None),
        campanile_rules::Outcome::NotTrue(_) => (Outcome::NotTrue, None),
        campanile_rules::Outcome::Exceeded => (Outcome::Exceeded, None),
        campanile_rules::Outcome::Selected(output) => {
            (Outcome::Selected, Some(output.bytes().as_slice().into()))
        }
    };
    Evaluated { outcome, output, ..evaluated }
}

impl Evaluated {
    fn refused(sql: String) -> Self {
        let outcome = Outcome::Refused;
        let (output, topics, condition, payload_problem) = (None, None, None, None);
        Self { outcome, sql, output, topics, condition, payload_problem, findings: Vec::new() }
    }
}

impl From<Reason> for Because {
    fn from(reason: Reason) -> Self {
        Self {
            expression: reason.expression,
            value: reason.value,
            kind: reason.kind.to_owned(),
            because: reason.because.into_iter().map(Self::from).collect(),
        }
    }
}

fn findings(sql: &str, found: &[Diagnostic]) -> Vec<Finding> {
    let finding = |found: &Diagnostic| {
        let place = found.span.as_ref().map(|span| position(sql, span.start));
        Finding {
            code: found.code.to_owned(),
            severity: if found.severity == Severity::Error { "error" } else { "warning" }.to_owned(),
            message: found.message.clone(),
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column),
            start: found.span.as_ref().map(|span| span.start),
            end: found.span.as_ref().map(|span| span.end),
            help: found.help.clone(),
        }
    };
    found.iter().map(finding).collect()
}
