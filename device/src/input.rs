//! Where signals come from: lines, each with the moment at which it came.

mod command;
mod file;
mod lines;

use std::time::Duration;

use self::command::Command;
use self::file::File;
use self::lines::Lines;
use crate::config;

/// What comes of an input.
#[derive(Debug)]
pub enum Heard {
    /// A line.
    Line(String),
    /// Something that is no line, and why: it is told, and the input goes on.
    Trouble(String),
}

/// An input.
#[derive(Debug)]
pub enum Input {
    /// The standard input.
    Stdin(Lines),
    /// What a command prints.
    Command(Command),
    /// What is in a file.
    File(File),
}

impl Input {
    /// The one that the configuration wants.
    #[must_use]
    pub fn open(config: &config::Input) -> Self {
        match config {
            config::Input::Stdin => Self::Stdin(Lines::default()),
            config::Input::Command { command, every, timeout } => {
                Self::Command(Command::new(command, every.unsigned_abs(), timeout.unsigned_abs()))
            }
            config::Input::File { path, every } => Self::File(File::new(path, every.unsigned_abs())),
        }
    }

    /// The next one; none at the end. Nothing is lost if this is dropped before it ends.
    pub async fn next(&mut self) -> Option<Heard> {
        match self {
            Self::Stdin(lines) => lines.next().await,
            Self::Command(command) => Some(command.next().await),
            Self::File(file) => Some(file.next().await),
        }
    }
}

/// A clock for what is done every so often; a machine that slept does it once.
fn ticks(every: Duration) -> tokio::time::Interval {
    // Zero would be no pause at all.
    let mut ticks = tokio::time::interval(every.max(Duration::from_millis(10)));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    ticks
}

/// The last line of `text` that has something in it.
fn last_line(text: &str) -> Option<&str> {
    text.lines().rev().map(str::trim).find(|line| !line.is_empty())
}
