//! `campanile rule test`: conformance cases, one a line.

use std::path::Path;

use campanile_local::surroundings::ThisMachine;
use campanile_rules::cases::{Case, Difference};
use serde_json::{Value, json};

use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{self, BAD, styled, visible};

/// A case that did not pass.
struct Failure {
    line: usize,
    id: String,
    difference: Difference,
}

pub(crate) fn run(path: &Path, json: bool) -> Result<Exit, CliError> {
    let text = std::fs::read_to_string(path).map_err(CliError::file(path))?;
    let (mut passed, mut failures) = (0, Vec::new());
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match run_line(line) {
            Ok(()) => passed += 1,
            Err((id, difference)) => failures.push(Failure { line: index + 1, id, difference }),
        }
    }
    let failed = failures.len();
    if json {
        let failures: Vec<Value> = failures.iter().map(to_json).collect();
        output::json(&json!({ "passed": passed, "failed": failed, "failures": failures }));
    } else {
        for failure in &failures {
            show(failure, path);
        }
        output::line(format!("{passed} passed, {failed} failed"));
    }
    Ok(if failed > 0 || passed == 0 { Exit::Failed } else { Exit::Success })
}

/// A line that is no case fails like one that comes out otherwise.
fn run_line(line: &str) -> Result<(), (String, Difference)> {
    let case = Case::read(line).map_err(|error| {
        ("?".to_owned(), Difference { expected: "a case".to_owned(), actual: error.to_string() })
    })?;
    case.run(&ThisMachine).map_err(|difference| (case.id.clone(), difference))
}

fn show(failure: &Failure, path: &Path) {
    let Failure { line, id, difference } = failure;
    output::line(format!("{} {}  {}:{line}", styled(BAD, "failed"), visible(id), path.display()));
    output::line(format!("  expected  {}", visible(&difference.expected)));
    output::line(format!("  actual    {}", visible(&difference.actual)));
}

fn to_json(failure: &Failure) -> Value {
    json!({
        "id": failure.id,
        "line": failure.line,
        "expected": failure.difference.expected,
        "actual": failure.difference.actual,
    })
}
