//! `campanile rule …`: the rules of the template, and rule SQL.

pub(crate) mod eval;
mod lint;
mod list;
mod test;

use campanile_rules::Stubs;

use crate::args::RuleVerb;
use crate::error::CliError;
use crate::exit::Exit;

pub(crate) fn run(verb: &RuleVerb) -> Result<Exit, CliError> {
    match verb {
        RuleVerb::List { json, template } => list::run(*json, template),
        RuleVerb::Lint(arguments) => lint::run(arguments),
        RuleVerb::Eval(arguments) => eval::run(arguments),
        RuleVerb::Test { cases, json } => test::run(cases, *json),
    }
}

/// What `--stub NAME=JSON` says, given any number of times.
pub(crate) fn stubs(given: &[String]) -> Result<Stubs, CliError> {
    let mut stubs = Stubs::default();
    for stub in given {
        let refused = |reason: String| CliError::Stub { given: stub.clone(), reason };
        let (name, json) = stub.split_once('=').ok_or_else(|| refused("it has no `=`".to_owned()))?;
        stubs.insert(name.trim(), json).map_err(|error| refused(error.to_string()))?;
    }
    Ok(stubs)
}
