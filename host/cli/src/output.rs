//! The only place that prints: results to standard output, narration to standard error.

mod columns;
mod pace;
mod progress;
mod step;

use std::io::{IsTerminal as _, Write as _};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use campanile_core::text::is_invisible;
pub(crate) use columns::{Cell, columns};
pub(crate) use pace::Pace;
pub(crate) use progress::Progress;
use serde::Serialize;
pub(crate) use step::Step;

use crate::error::CliError;
use crate::exit::Exit;

pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const CARE: Style = AnsiColor::Yellow.on_default().bold();
pub(crate) const QUIET: Style = Style::new().dimmed();
pub(crate) const STRONG: Style = Style::new().bold();

/// `text` in `style`, where colours are shown.
pub(crate) fn styled(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// `text` of a plugin or a device: it can't move the cursor or turn words around.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        push_visible(&mut shown, character);
    }
    shown
}

/// Adds `character`, escaped if it would control the terminal. The joiner of emoji stays.
pub(crate) fn push_visible(shown: &mut String, character: char) {
    const JOINER: char = '\u{200D}';
    if is_invisible(character) && character != JOINER {
        shown.extend(character.escape_default());
    } else {
        shown.push(character);
    }
}

/// A line of the result. A reader that went away (`| head`) is no error.
pub(crate) fn line(text: impl std::fmt::Display) {
    if writeln!(anstream::stdout(), "{text}").is_err() {
        std::process::exit(0);
    }
}

/// The result as JSON.
pub(crate) fn json(value: &impl Serialize) {
    match serde_json::to_string_pretty(value) {
        Ok(text) => line(text),
        Err(error) => note(format!("error: {error}")),
    }
}

/// One of many results as JSON, on a line of its own. Whoever reads gets it at once.
pub(crate) fn json_line(value: &impl Serialize) {
    match serde_json::to_string(value) {
        Ok(text) => line(text),
        Err(error) => note(format!("error: {error}")),
    }
}

/// Clears the screen, if there is one.
pub(crate) fn clear() {
    const CLEAR: &str = "\x1b[2J\x1b[H";
    if std::io::stdout().is_terminal() {
        let mut stdout = std::io::stdout();
        drop(write!(stdout, "{CLEAR}").and_then(|()| stdout.flush()));
    }
}

/// A line for whoever watches.
pub(crate) fn note(text: impl std::fmt::Display) {
    let written = writeln!(anstream::stderr(), "{text}");
    debug_assert!(written.is_ok() || !std::io::stderr().is_terminal(), "a terminal takes lines");
}

/// Asks whoever watches; whether the answer is yes. Everything else, and the end of the input, is a no.
pub(crate) fn ask(question: &str) -> bool {
    let mut stderr = std::io::stderr();
    drop(write!(stderr, "{question} [y/N] ").and_then(|()| stderr.flush()));
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    read.is_ok() && ["y", "yes"].contains(&answer.trim().to_lowercase().as_str())
}

/// Says what is going on if `work` takes longer than a moment.
pub(crate) async fn with_patience<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    match tokio::time::timeout(Duration::from_secs(1), &mut work).await {
        Ok(done) => done,
        Err(_) => {
            note(styled(QUIET, format!("{what} …")));
            work.await
        }
    }
}

/// Why a command failed, and how it ends.
pub(crate) fn error(error: &CliError) -> Exit {
    note(format!("{}: {error}", styled(BAD, "error")));
    if let Some(help) = error.help() {
        note(format!("{}: {help}", styled(STRONG, "help")));
    }
    error.exit()
}
