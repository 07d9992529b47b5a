//! A command that is run every so often, and prints how it is.

use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::process;
use tokio::time::{Interval, timeout};

use super::{Heard, last_line, ticks};

/// How much of what a command complains about is told, in characters.
const COMPLAINT: usize = 300;

/// The command.
#[derive(Debug)]
pub struct Command {
    command: Vec<String>,
    ticks: Interval,
    timeout: Duration,
}

impl Command {
    pub(super) fn new(command: &[String], every: Duration, timeout: Duration) -> Self {
        Self { command: command.to_vec(), ticks: ticks(every), timeout }
    }

    pub(super) async fn next(&mut self) -> Heard {
        self.ticks.tick().await;
        match self.run().await {
            Ok(line) => Heard::Line(line),
            Err(why) => Heard::Trouble(why),
        }
    }

    async fn run(&self) -> Result<String, String> {
        let Some((program, arguments)) = self.command.split_first() else {
            return Err("input.command is empty".to_owned());
        };
        let running =
            process::Command::new(program).args(arguments).stdin(Stdio::null()).kill_on_drop(true).output();
        let Output { status, stdout, stderr } = match timeout(self.timeout, running).await {
            Ok(Ok(output)) => output,
            Ok(Err(error)) => return Err(format!("`{program}` can't be run: {error}")),
            Err(_) => return Err(format!("`{program}` was stopped after {:?}", self.timeout)),
        };
        if !status.success() {
            let complaint: String = String::from_utf8_lossy(&stderr).trim().chars().take(COMPLAINT).collect();
            return Err(format!("`{program}` ended with {status}: {complaint}"));
        }
        let text = String::from_utf8_lossy(&stdout);
        last_line(&text).map(str::to_owned).ok_or_else(|| format!("`{program}` printed nothing"))
    }
}
