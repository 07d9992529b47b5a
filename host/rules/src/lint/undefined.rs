//! Whether an expression may be Undefined because the message lacks an attribute.

use crate::sql::tree::{Expression, Kind};

/// The attributes whose absence makes the expression Undefined.
pub(super) fn needs(expression: &Expression) -> Vec<&Expression> {
    match &expression.kind {
        Kind::Attribute(_) => vec![expression],
        Kind::Member(..) if is_path(expression) => vec![expression],
        // A variable may hold anything; a query makes an array.
        Kind::Variable(_) | Kind::Query(_) | Kind::Exists(_) | Kind::Array(_) | Kind::Object(_) => vec![],
        Kind::Call(call) if copes_with_undefined(call.function.name, call.arguments.len()) => vec![],
        _ => expression.children().into_iter().flat_map(needs).collect(),
    }
}

fn copes_with_undefined(function: &str, arguments: usize) -> bool {
    match function {
        "isNull" | "isUndefined" | "nanvl" => true,
        "get_or_default" => arguments == 2,
        _ => false,
    }
}

fn is_path(expression: &Expression) -> bool {
    match &expression.kind {
        Kind::Member(inner, _) => is_path(inner),
        Kind::Attribute(_) => true,
        _ => false,
    }
}
