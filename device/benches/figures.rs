//! What the program costs: its size, its memory, its rest, how many events it takes in a second, and how long one takes; beside what does
//! the same without a spool. `tests/device` builds the program and prints the figures.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a figure that can't be measured is none, and all others are printed"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::machine::Machine;
use crate::report::Report;

#[path = "figures/acknowledging.rs"]
mod acknowledging;
#[path = "../tests/it/broker.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod broker;
#[path = "../tests/it/certificates.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod certificates;
#[path = "figures/device.rs"]
mod device;
#[path = "figures/disk.rs"]
mod disk;
#[path = "figures/latency.rs"]
mod latency;
#[path = "figures/machine.rs"]
mod machine;
#[path = "figures/memory.rs"]
mod memory;
#[path = "../tests/it/mosquitto.rs"]
mod mosquitto;
#[path = "figures/others.rs"]
mod others;
#[path = "figures/process.rs"]
mod process;
#[path = "figures/rate.rs"]
mod rate;
#[path = "figures/report.rs"]
mod report;

/// The program that is measured.
const PROGRAM: &str = "CAMPANILE_DEVICE";

fn main() -> ExitCode {
    let (folder, is_json) = arguments();
    let program = program();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let report = runtime.block_on(measured(&program, &folder));
    if is_json {
        println!("{}", serde_json::to_string_pretty(&report).unwrap());
    } else {
        println!("{report}");
    }
    let missed = report.missed();
    missed.iter().for_each(|missed| eprintln!("missed: {missed}"));
    if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn measured(program: &Path, folder: &Path) -> Report {
    let machine = Machine::of(folder);
    let (memory, idle) = memory::measured(program, folder).await;
    let sync = disk::measured(folder).await;
    let (latency, payloads) = latency::measured(program, folder).await;
    let rate = rate::measured(program, folder, &payloads).await;
    let size_bytes = std::fs::metadata(program).unwrap().len();
    Report { machine, size_bytes, memory, idle, sync, latency, rate }
}

/// The folder for spools, and whether programs read what is printed. Cargo adds `--bench`.
fn arguments() -> (PathBuf, bool) {
    let (mut folder, mut is_json) = (PathBuf::from(env!("CARGO_TARGET_TMPDIR")), false);
    for argument in std::env::args_os().skip(1).filter(|argument| argument != "--bench") {
        if argument == "--json" {
            is_json = true;
        } else {
            folder = argument.into();
        }
    }
    (folder, is_json)
}

fn program() -> PathBuf {
    let path = std::env::var_os(PROGRAM).map(PathBuf::from);
    path.filter(|path| path.is_file())
        .unwrap_or_else(|| panic!("{PROGRAM} names no file; tests/device builds it and sets that"))
}

/// Tells those who wait what is measured now.
fn tell(what: &str) {
    eprintln!("measuring: {what}");
}
