//! How long it takes from a process's start to the first byte at a provider, beside functions that send the same two requests without us.
//! `tests/cold-start` builds and installs what is measured, and prints the figures. How it is done is in `campanile_tests::cold_start`.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a figure that can't be measured is none, and all others are printed"
)]

use campanile_tests::cold_start::{Programs, Report, measured};

/// How the figures are printed.
type Form = fn(&Report) -> String;

fn main() {
    let (form, runs) = arguments();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let report = runtime.block_on(measured(&Programs::from_environment(), runs));
    println!("{}", form(&report).trim_end());
}

/// What `tests/cold-start` has checked. Cargo adds `--bench`.
fn arguments() -> (Form, usize) {
    let (mut form, mut runs): (Form, usize) = (Report::to_string, 20);
    for argument in std::env::args().skip(1).filter(|argument| argument != "--bench") {
        match argument.as_str() {
            "--json" => form = |report| serde_json::to_string_pretty(report).unwrap(),
            "--markdown" => form = Report::markdown,
            number => runs = number.parse().unwrap(),
        }
    }
    (form, runs)
}
