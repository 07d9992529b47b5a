//! Work that takes long, while it goes on: what it is at and for how long, for whoever watches.

use std::io::IsTerminal as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::progress::over;
use super::{QUIET, note, styled};

/// What is done sooner needs no word.
const MOMENT: Duration = Duration::from_secs(1);

/// Between two looks at the clock.
const BEAT: Duration = Duration::from_millis(500);

/// The widest line: it must not wrap on a usual terminal.
const WIDEST: usize = 78;

/// A piece of work.
#[derive(Debug)]
pub(crate) struct Step {
    what: &'static str,
    started: Instant,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    at: String,
    /// Characters of the line that is shown, on a terminal.
    shown: usize,
    is_said: bool,
}

impl Step {
    /// It begins now; nothing is shown yet.
    pub(crate) fn begin(what: &'static str) -> Self {
        Self { what, started: Instant::now(), state: Mutex::default() }
    }

    /// Does `work`, which is this step, and shows how far it is once it has taken longer than a moment.
    pub(crate) async fn watch<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = tokio::time::sleep(BEAT) => self.show(),
            }
        }
    }

    /// What it is at.
    pub(crate) fn at(&self, part: &str) {
        part.clone_into(&mut self.state().at);
    }

    fn show(&self) {
        let elapsed = self.started.elapsed();
        if elapsed < MOMENT {
            return;
        }
        let mut state = self.state();
        if std::io::stderr().is_terminal() {
            let line = line(self.what, elapsed, &state.at);
            let blank = " ".repeat(state.shown.saturating_sub(line.chars().count()));
            over(&format!("{line}{blank}"));
            state.shown = line.chars().count();
        } else if !state.is_said {
            state.is_said = true;
            note(styled(QUIET, format!("{} …", self.what)));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        let shown = self.state().shown;
        if shown > 0 {
            over(&" ".repeat(shown));
            over("");
        }
    }
}

fn line(what: &str, elapsed: Duration, at: &str) -> String {
    let line = format!("{what}  {} s  {at}", elapsed.as_secs());
    line.trim_end().chars().take(WIDEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_tells_its_time_and_part() {
        assert_eq!(line("building", Duration::from_millis(12_900), "wasmtime"), "building  12 s  wasmtime");
        assert_eq!(line("building", MOMENT, ""), "building  1 s");
        assert_eq!(line("building", MOMENT, &"x".repeat(100)).len(), WIDEST);
    }
}
