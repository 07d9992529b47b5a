//! Functions that ask other services. Nothing here does; a stub may answer for them, and without one the rule is refused. It is
//! never silently Undefined.

use campanile_diagnostic::Diagnostic;

use super::{Function, Prepared};
use crate::rule::Stubs;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    external("aws_lambda"),
    external("get_dynamodb"),
    external("get_registry_data"),
    external("get_secret"),
    external("get_thing_shadow"),
    external("machinelearning_predict"),
];

const fn external(name: &'static str) -> Function {
    Function::new(name, (0, usize::MAX), |call| match call.prepared {
        Prepared::Stub(answer) => answer.clone(),
        _ => Value::Undefined,
    })
}

/// The stub of a function.
pub(super) fn stub(function: &Function, stubs: &Stubs) -> Result<Prepared, Diagnostic> {
    let name = function.name;
    stubs.get(name).map(Prepared::Stub).ok_or_else(|| {
        Diagnostic::error(
            "sql::external-function",
            format!("{name}() asks another service, which is not there"),
        )
        .help(format!("say what it answers: --stub {name}='{{\"key\":\"value\"}}'"))
    })
}
