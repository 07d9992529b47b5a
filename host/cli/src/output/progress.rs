//! How far long work is, for whoever watches.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// What is done sooner needs no progress.
const MOMENT: Duration = Duration::from_secs(1);

/// A line on standard error that is written over, if that is a terminal; it goes when this does.
#[derive(Debug)]
pub(crate) struct Progress {
    what: &'static str,
    total: usize,
    started: Instant,
    /// Characters of the line.
    shown: usize,
}

impl Progress {
    /// Nothing is shown yet.
    pub(crate) fn new(what: &'static str, total: usize) -> Self {
        Self { what, total, started: Instant::now(), shown: 0 }
    }

    /// Shows that so many are done.
    pub(crate) fn show(&mut self, done: usize) {
        if std::io::stderr().is_terminal() && self.started.elapsed() >= MOMENT {
            let line = line(self.what, done, self.total);
            self.shown = line.chars().count();
            over(&line);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown > 0 {
            over(&" ".repeat(self.shown));
            over("");
        }
    }
}

/// It only grows, so the next one covers it.
fn line(what: &str, done: usize, total: usize) -> String {
    format!("{what} {done} / {total}")
}

/// Whoever watches is gone if this fails, which is no reason to stop.
pub(super) fn over(line: &str) {
    let mut stderr = std::io::stderr();
    drop(write!(stderr, "\r{line}").and_then(|()| stderr.flush()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_a_count_of_the_whole() {
        assert_eq!(line("redriving", 3, 12), "redriving 3 / 12");
    }
}
