//! `campanile rule eval`: what a rule makes of a message, or why it makes nothing of it.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use campanile_core::diagnostic::closest;
use campanile_local::surroundings::ThisMachine;
use campanile_rules::limits::PAYLOAD_BYTES;
use campanile_rules::review::load;
use campanile_rules::rule::Output;
use campanile_rules::topic::check_topic;
use campanile_rules::{Message, Options, Outcome, Reason, Rule};
use serde::Serialize;
use serde_json::value::RawValue;

use super::lint::version;
use super::stubs;
use crate::args::RuleEvalArguments;
use crate::error::CliError;
use crate::exit::Exit;
use crate::findings;
use crate::output::{self, CARE, QUIET, STRONG, styled, visible};
use crate::template::TemplateFile;

pub(crate) fn run(arguments: &RuleEvalArguments) -> Result<Exit, CliError> {
    let rule = rule(arguments)?;
    check_topic(&arguments.topic)
        .map_err(|reason| CliError::Topic { topic: arguments.topic.clone(), reason })?;
    let payload = payload(&arguments.payload)?;
    if payload.len() > PAYLOAD_BYTES {
        return Err(CliError::Payload(payload.len()));
    }
    let mut message = Message::new(&arguments.topic, &payload);
    message.client_id = arguments.client_id.as_deref();
    message.principal = arguments.principal.as_deref();
    message.trace_id = arguments.trace_id.as_deref();
    message.source_ip = arguments.source_ip.as_deref();
    let outcome = rule.evaluate(&message, &ThisMachine);
    let reason = rule.explain(&message, &ThisMachine);
    if arguments.json {
        output::json(&to_json(&outcome, reason.as_ref()));
    } else {
        show(&outcome, reason.as_ref(), &rule, &message);
    }
    Ok(match outcome {
        Outcome::Selected(_) => Exit::Success,
        _ => Exit::Unmatched,
    })
}

/// The statement that is given, or that of a rule of the template.
fn rule(arguments: &RuleEvalArguments) -> Result<Rule, CliError> {
    let stubs = stubs(&arguments.statement.stub)?;
    if let Some(sql) = &arguments.sql {
        let options =
            Options { version: version(&arguments.statement.sql_version)?, stubs, ..Options::default() };
        return Rule::load(sql, options).map_err(|found| refused("sql", sql, &found));
    }
    let file = TemplateFile::find(&arguments.template)?;
    let name = arguments.rule.as_deref().unwrap_or_default();
    let is_named =
        |rule: &&campanile_rules::template::TopicRule| rule.logical_id == name || rule.name.value == name;
    let Some(rule) = file.template.rules.iter().find(is_named) else {
        let known: Vec<String> = file.template.rules.iter().map(|rule| rule.logical_id.clone()).collect();
        let meant = closest(name, known.iter().map(String::as_str)).map(str::to_owned);
        return Err(CliError::NoRule { name: name.to_owned(), known: known.join(", "), meant });
    };
    load(rule, &stubs)
        .map_err(|found| refused(&format!("{} {}", file.name, rule.logical_id), &rule.sql.value, &found))
}

fn refused(name: &str, sql: &str, found: &[campanile_core::diagnostic::Diagnostic]) -> CliError {
    findings::show(name, sql, found);
    CliError::Statement(findings::errors(found))
}

/// The text itself; `@FILE` and `-` name where it is.
pub(crate) fn payload(given: &str) -> Result<Vec<u8>, CliError> {
    match (given, given.strip_prefix('@')) {
        ("-", _) => {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).map_err(CliError::file("-"))?;
            Ok(bytes)
        }
        (_, Some(path)) => std::fs::read(path).map_err(CliError::file(path)),
        (text, None) => Ok(text.as_bytes().to_vec()),
    }
}

fn show(outcome: &Outcome<'_>, reason: Option<&Reason>, rule: &Rule, message: &Message<'_>) {
    match outcome {
        Outcome::Selected(selected) => match text(selected) {
            Some(json) => output::line(visible(&json)),
            None => output::line(styled(
                QUIET,
                format!("{} bytes that are no JSON, as they are", selected.bytes().len()),
            )),
        },
        Outcome::OtherTopic => {
            let topics = rule
                .topic_filter()
                .map_or_else(|| "Basic Ingest only".to_owned(), |filter| format!("'{filter}'"));
            output::line(format!("{}: the rule listens to {topics}", styled(CARE, "other topic")));
        }
        Outcome::NotTrue(_) => {
            output::line(format!("{}: the actions don't run", styled(CARE, "condition not true")));
            if let Some(reason) = reason {
                output::line("");
                show_reason(reason, 1);
            }
            if let Some(problem) = message.problem() {
                output::line(format!("\nthe payload is no JSON, so it has no attributes: {problem}"));
            }
        }
        Outcome::Exceeded => {
            output::line(format!(
                "{}: the statement takes too many steps or too much memory",
                styled(CARE, "stopped")
            ));
        }
    }
}

/// An expression a line, with its value; what it comes from is below it.
fn show_reason(reason: &Reason, depth: usize) {
    let indent = "  ".repeat(depth);
    let expression = visible(&reason.expression.split_whitespace().collect::<Vec<_>>().join(" "));
    let kind =
        if reason.value == reason.kind { String::new() } else { format!("  {}", styled(QUIET, reason.kind)) };
    output::line(format!("{indent}{expression}  {}{kind}", styled(STRONG, visible(&reason.value))));
    for because in &reason.because {
        show_reason(because, depth + 1);
    }
}

/// The output as text; none if it is neither JSON nor text.
fn text(output: &Output<'_>) -> Option<String> {
    String::from_utf8(output.bytes()).ok()
}

/// What `--json` prints.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Evaluated<'r> {
    outcome: &'static str,
    /// As it is: digits that a double has not are kept.
    output: Option<Box<RawValue>>,
    /// Of an output that is no JSON.
    output_base64: Option<String>,
    condition: Option<Condition<'r>>,
}

#[derive(Serialize)]
struct Condition<'r> {
    expression: &'r str,
    value: &'r str,
    kind: &'static str,
    because: Vec<Self>,
}

fn to_json<'r>(outcome: &Outcome<'_>, reason: Option<&'r Reason>) -> Evaluated<'r> {
    let (name, output) = match outcome {
        Outcome::Selected(output) => ("selected", Some(output)),
        Outcome::OtherTopic => ("other-topic", None),
        Outcome::NotTrue(_) => ("not-true", None),
        Outcome::Exceeded => ("exceeded", None),
    };
    let json = output.and_then(text).and_then(|json| RawValue::from_string(json).ok());
    let bytes = output.filter(|_| json.is_none()).map(|output| STANDARD.encode(output.bytes()));
    Evaluated { outcome: name, output: json, output_base64: bytes, condition: reason.map(condition) }
}

fn condition(reason: &Reason) -> Condition<'_> {
    Condition {
        expression: &reason.expression,
        value: &reason.value,
        kind: reason.kind,
        because: reason.because.iter().map(condition).collect(),
    }
}
