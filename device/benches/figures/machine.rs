//! What the figures were measured on: a sync costs what the disk makes of it.

use std::fmt;
use std::path::Path;
use std::process::Command;

use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Machine {
    cpu: String,
    cores: usize,
    kernel: String,
    /// Device and file system.
    disk: String,
    /// Whether nothing is ever written to a disk.
    is_memory: bool,
}

impl Machine {
    pub(crate) fn of(folder: &Path) -> Self {
        let told = printed(Command::new("df").args(["--output=source,fstype"]).arg(folder));
        let disk = told.lines().nth(1).unwrap().split_whitespace().collect::<Vec<_>>().join(", ");
        let is_memory = disk.ends_with("tmpfs");
        let kernel = printed(Command::new("uname").arg("-srm"));
        Self {
            cpu: cpu(),
            cores: std::thread::available_parallelism().unwrap().get(),
            kernel: kernel.trim().to_owned(),
            disk,
            is_memory,
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
    String::from_utf8(output.stdout).unwrap()
}

impl fmt::Display for Machine {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}, {} cores; {}; spool on {}", self.cpu, self.cores, self.kernel, self.disk)?;
        if self.is_memory {
            write!(to, ", which is memory: a sync costs nothing there")?;
        }
        Ok(())
    }
}
