//! What type a value has, as far as it can be known without a message.

use crate::sql::tree::{Expression, Kind, Operator};
use crate::value::{Value, decimal_of_text};

/// A type that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Number,
    Text,
    Boolean,
    Null,
    Array,
    Object,
}

impl Type {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Text => "a string",
            Self::Boolean => "a Boolean",
            Self::Null => "NULL",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

/// The type of an expression; none if it depends on the message.
pub(super) fn known(expression: &Expression) -> Option<Type> {
    match &expression.kind {
        Kind::Constant(value) => of_value(value),
        Kind::Not(_) | Kind::Exists(_) => Some(Type::Boolean),
        Kind::Negative(_) => Some(Type::Number),
        Kind::Array(_) => Some(Type::Array),
        Kind::Object(_) => Some(Type::Object),
        Kind::Binary(operator, operands) => of_operator(*operator, operands),
        Kind::Call(call) => of_function(call.function.name),
        _ => None,
    }
}

const fn of_value(value: &Value<'_>) -> Option<Type> {
    match value {
        Value::Number(_) => Some(Type::Number),
        Value::String(_) => Some(Type::Text),
        Value::Boolean(_) => Some(Type::Boolean),
        Value::Null => Some(Type::Null),
        _ => None,
    }
}

fn of_operator(operator: Operator, operands: &[Expression; 2]) -> Option<Type> {
    match operator {
        Operator::Plus if operands.iter().any(|operand| known(operand) == Some(Type::Text)) => {
            Some(Type::Text)
        }
        Operator::Plus => None,
        Operator::Minus | Operator::Times | Operator::Divide | Operator::Modulo => Some(Type::Number),
        _ => Some(Type::Boolean),
    }
}

fn of_function(name: &str) -> Option<Type> {
    match name {
        "abs" | "acos" | "asin" | "atan" | "atan2" | "bitand" | "bitnot" | "bitor" | "bitxor" | "ceil"
        | "cos" | "cosh" | "exp" | "floor" | "indexof" | "length" | "ln" | "log" | "mod" | "numbytes"
        | "power" | "rand" | "remainder" | "round" | "sign" | "sin" | "sinh" | "sqrt" | "tan" | "tanh"
        | "time_to_epoch" | "timestamp" | "trunc" => Some(Type::Number),
        "accountid" | "chr" | "clientid" | "encode" | "lower" | "lpad" | "ltrim" | "md2" | "md5"
        | "newuuid" | "parse_time" | "principal" | "regexp_replace" | "regexp_substr" | "replace"
        | "rpad" | "rtrim" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512" | "sourceip"
        | "sql_version" | "substring" | "topic" | "traceid" | "trim" | "upper" => Some(Type::Text),
        "endswith" | "isNull" | "isUndefined" | "regexp_matches" | "startswith" => Some(Type::Boolean),
        "transform" => Some(Type::Array),
        _ => None,
    }
}

/// Whether a constant can't be what an order compares: a number, or a string that is one.
pub(super) fn never_ordered(expression: &Expression) -> bool {
    match &expression.kind {
        Kind::Constant(Value::String(text)) => decimal_of_text(text).is_none(),
        _ => known(expression).is_some_and(|known| !matches!(known, Type::Number | Type::Text)),
    }
}

/// Whether an expression can't be what AND, OR and NOT take: a Boolean, or "true" or "false" as a string.
pub(super) fn never_boolean(expression: &Expression) -> bool {
    match &expression.kind {
        Kind::Constant(value @ (Value::String(_) | Value::Boolean(_))) => {
            crate::value::boolean(value).is_none()
        }
        _ => known(expression).is_some_and(|known| !matches!(known, Type::Boolean | Type::Text)),
    }
}
