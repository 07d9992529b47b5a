//! How far long work is that nobody knows the end of, for whoever watches.

use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use super::progress::over;

/// What is done sooner needs no word.
const MOMENT: Duration = Duration::from_secs(1);

/// Between two looks of whoever watches.
const BEAT: Duration = Duration::from_millis(200);

/// A line on standard error that is written over, if that is a terminal; it goes when this does.
#[derive(Debug)]
pub(crate) struct Pace {
    what: &'static str,
    things: &'static str,
    started: Instant,
    last: Instant,
    /// Characters of the line.
    shown: usize,
}

impl Pace {
    /// Nothing is shown yet.
    pub(crate) fn new(what: &'static str, things: &'static str) -> Self {
        let now = Instant::now();
        Self { what, things, started: now, last: now, shown: 0 }
    }

    /// Shows that so many are done.
    pub(crate) fn show(&mut self, done: usize) {
        let elapsed = self.started.elapsed();
        if elapsed < MOMENT || self.last.elapsed() < BEAT || !std::io::stderr().is_terminal() {
            return;
        }
        let line = line(self.what, self.things, done, elapsed);
        let blank = " ".repeat(self.shown.saturating_sub(line.len()));
        over(&format!("{line}{blank}"));
        (self.shown, self.last) = (line.len(), Instant::now());
    }
}

impl Drop for Pace {
    fn drop(&mut self) {
        if self.shown > 0 {
            over(&" ".repeat(self.shown));
            over("");
        }
    }
}

fn line(what: &str, things: &str, done: usize, elapsed: Duration) -> String {
    let milliseconds = elapsed.as_millis().max(1);
    let rate = done as u128 * 1000 / milliseconds;
    format!("{what}  {done} {things}  {rate} a second")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_a_count_and_a_rate() {
        let line = |done, elapsed| line("exporting", "events", done, elapsed);
        assert_eq!(line(120_000, Duration::from_millis(2400)), "exporting  120000 events  50000 a second");
        assert_eq!(line(0, Duration::ZERO), "exporting  0 events  0 a second");
    }
}
