//! What the figures were measured on.

use std::fmt;
use std::path::Path;
use std::process::Command;

use serde::Serialize;

/// A machine, and its Python.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Machine {
    /// As it calls itself.
    pub cpu: String,
    /// As many as may be used.
    pub cores: usize,
    /// Name, release and processor.
    pub kernel: String,
    /// For example `Python 3.13.9`.
    pub python: String,
}

impl Machine {
    /// The one that this runs on.
    pub(super) fn this(python: &Path) -> Self {
        Self {
            cpu: cpu(),
            cores: std::thread::available_parallelism().unwrap().get(),
            kernel: printed(Command::new("uname").arg("-srm")),
            python: printed(Command::new(python).arg("--version")),
        }
    }
}

/// Processors of ARM have no name there.
fn cpu() -> String {
    let known = std::fs::read_to_string("/proc/cpuinfo").unwrap();
    let name = known.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.to_owned())
}

fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

impl fmt::Display for Machine {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cpu, cores, kernel, python } = self;
        write!(to, "{cpu}, {cores} cores; {kernel}; {python}")
    }
}
