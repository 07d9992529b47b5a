//! Types: casting, and asking what a value is.

use campanile_diagnostic::{Diagnostic, suggestion};

use super::{Function, Invocation, Prepared};
use crate::sql::tree::Expression;
use crate::value::{self, Decimal, Rounding, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("cast", (2, 2), cast).prepared_by(cast_type),
    Function::new("isNull", (1, 1), |call| matches!(call.value(0), Value::Null).into()),
    Function::new("isUndefined", (1, 1), |call| call.value(0).is_undefined().into()).since_2016(),
    Function::new("nanvl", (2, 2), nanvl),
];

/// What `cast` casts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    String,
    Int,
    Double,
    Decimal,
    Boolean,
}

const TYPES: [(&str, Type); 11] = [
    ("String", Type::String),
    ("Nvarchar", Type::String),
    ("Text", Type::String),
    ("Ntext", Type::String),
    ("varchar", Type::String),
    ("Int", Type::Int),
    ("Integer", Type::Int),
    ("Double", Type::Double),
    ("Decimal", Type::Decimal),
    ("Bool", Type::Boolean),
    ("Boolean", Type::Boolean),
];

fn cast_type(arguments: &[Expression]) -> Result<Prepared, Diagnostic> {
    let Some(argument) = arguments.get(1) else { return Ok(Prepared::WrongArguments) };
    let name = argument.constant_text().unwrap_or_default();
    match TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
        Some((_, wanted)) => Ok(Prepared::Type(*wanted)),
        None => Err(Diagnostic::error("sql::type", format!("there is no type `{name}`"))
            .at(argument.span.clone())
            .help(suggestion(name, "types", TYPES.iter().map(|(known, _)| *known)))),
    }
}

fn cast<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    let value = call.value(0);
    let Prepared::Type(wanted) = call.prepared else { return Value::Undefined };
    match wanted {
        Type::String => value::text(&value, call.version()).map_or(Value::Undefined, Value::String),
        Type::Boolean => boolean(&value).into(),
        // As it is spelled, so that version 2015-10-08 keeps `5.0`.
        Type::Decimal if matches!(value, Value::Number(_)) => value,
        Type::Decimal => number(&value).into(),
        Type::Int => number(&value).map(|number| number.round(0, Rounding::Down)).into(),
        Type::Double => number(&value).and_then(|number| Decimal::from_f64(number.to_f64())).into(),
    }
}

/// Other than in conversions, Booleans are 1 and 0.
fn number(value: &Value<'_>) -> Option<Decimal> {
    match value {
        Value::Boolean(value) => Some(i64::from(*value).into()),
        other => value::decimal(other),
    }
}

/// Other than in conversions, numbers are true unless they are 0.
fn boolean(value: &Value<'_>) -> Option<bool> {
    match value {
        Value::Number(number) => number.decimal().map(|number| number.sign() != 0),
        other => value::boolean(other),
    }
}

/// There is no NaN: what would be one is Undefined.
fn nanvl<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    match call.value(0) {
        Value::Undefined | Value::Null => call.value(1),
        value => value,
    }
}
