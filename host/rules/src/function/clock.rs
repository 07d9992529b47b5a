//! Time. The patterns themselves are in `time`.

use campanile_diagnostic::Diagnostic;
use jiff::tz::TimeZone;

use super::{Function, Invocation, Prepared};
use crate::sql::tree::Expression;
use crate::time::{JdkPattern, JodaPattern, PatternError, zone};
use crate::value::{self, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("timestamp", (0, 0), |call| call.evaluation.surroundings().now().into()),
    Function::new("parse_time", (2, 3), parse_time).since_2016().prepared_by(format),
    Function::new("time_to_epoch", (2, 2), time_to_epoch).since_2016().prepared_by(time),
];

/// Patterns must be literals: they are compiled once, and one that is not supported is an error now and not silence later.
fn literal<T>(
    argument: Option<&Expression>,
    compile: impl Fn(&str) -> Result<T, PatternError>,
) -> Result<Option<T>, Diagnostic> {
    let Some(argument) = argument else { return Ok(None) };
    let problem = match argument.constant_text().map(compile) {
        Some(Ok(pattern)) => return Ok(Some(pattern)),
        Some(Err(problem)) => problem.to_string(),
        None => "the pattern must be a literal to be evaluated here".to_owned(),
    };
    Err(Diagnostic::error("sql::time-pattern", problem).at(argument.span.clone()))
}

fn format(arguments: &[Expression]) -> Result<Prepared, Diagnostic> {
    let zone = arguments.get(2).and_then(Expression::constant_text).map(zone);
    let pattern = literal(arguments.first(), JodaPattern::compile)?;
    Ok(pattern.map_or(Prepared::WrongArguments, |pattern| Prepared::Format(pattern, zone)))
}

fn time(arguments: &[Expression]) -> Result<Prepared, Diagnostic> {
    Ok(literal(arguments.get(1), JdkPattern::compile)?.map_or(Prepared::WrongArguments, Prepared::Time))
}

/// UTC unless a zone is given. A zone that does not exist makes Undefined.
fn parse_time<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    let Prepared::Format(pattern, constant) = call.prepared else { return Value::Undefined };
    let chosen = || match (constant, call.values.len()) {
        (Some(constant), _) => constant.clone(),
        (None, 2) => Some(TimeZone::UTC),
        (None, _) => zone(&call.text(2)?),
    };
    let result = || {
        let milliseconds = value::int(call.values.get(1)?)?.to_i64()?;
        pattern.format(milliseconds, &chosen()?)
    };
    result().map_or(Value::Undefined, Value::string)
}

fn time_to_epoch<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    let Prepared::Time(pattern) = call.prepared else { return Value::Undefined };
    call.text(0).and_then(|text| pattern.parse(&text)).into()
}
