//! Exit codes: public API, described in `docs/exit-codes.md`.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything was done.
    Success,
    /// Something outside failed: a file, a process.
    Unexpected,
    /// The command line is wrong; the argument parser ends with the same code.
    Usage,
    /// Configuration, secrets or grants are wrong.
    Configuration,
    /// No route wants the event.
    Unmatched,
    /// A plugin can't be loaded, or broke.
    Plugin,
    /// The event or a delivery was rejected.
    Rejected,
    /// A delivery was given up, or is still to be retried.
    Undelivered,
    /// A test case failed.
    Failed,
    /// A defect of the tool.
    Internal,
    /// Stopped with Ctrl-C before it was done: what shells make of that signal.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Success => 0,
            Exit::Unexpected => 1,
            Exit::Usage => 2,
            Exit::Configuration => 3,
            Exit::Unmatched => 4,
            Exit::Plugin => 5,
            Exit::Rejected => 6,
            Exit::Undelivered => 7,
            Exit::Failed => 8,
            Exit::Internal => 70,
            Exit::Interrupted => 130,
        })
    }
}
