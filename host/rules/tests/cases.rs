//! The conformance cases, and those of our own, all hold.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::path::Path;

use campanile_rules::cases::Case;
use campanile_rules::message::Fixed;

fn run(file: &str, least: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    assert!(lines.len() >= least, "{} cases", lines.len());
    let mut failed = Vec::new();
    for line in lines {
        let case = Case::read(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        if let Err(difference) = case.run(&Fixed::default()) {
            failed.push(format!("{}: expected {}, got {}", case.id, difference.expected, difference.actual));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn the_conformance_cases_hold() {
    run("iot-sql.jsonl", 196);
}

#[test]
fn our_own_cases_hold() {
    run("rule-sql.jsonl", 500);
}
