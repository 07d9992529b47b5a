//! What broke in a guest: a line for the operator, and the guest's own frames for its author.
//!
//! Names come from the component, so they are as hostile as the rest of it: demangled, on one line, bounded.

use std::fmt;

use wasmtime::{FrameInfo, WasmBacktrace};

use crate::limits;
use crate::state::Exhausted;

/// Why a call into a guest ended in a trap.
#[derive(Debug)]
pub(crate) struct Broken {
    /// The limit that ran out, or the trap.
    cause: String,
    /// Functions that have a name, the innermost first.
    frames: Vec<String>,
}

/// How the functions begin that a language's runtime comes through on its way to a trap. The author wrote none of them.
const RUNTIME: [&str; 8] =
    ["core::", "std::", "alloc::", "panic_abort", "__rust", "rust_panic", "rust_begin_unwind", "abort"];

impl Broken {
    pub(crate) fn of(error: &wasmtime::Error) -> Self {
        let trace = error.downcast_ref::<WasmBacktrace>().map(WasmBacktrace::frames).unwrap_or_default();
        Self { cause: cause(error), frames: authors_frames(trace.iter().filter_map(FrameInfo::func_name)) }
    }

    /// At most [`limits::FRAMES`] lines for the guest's log.
    pub(crate) fn into_lines(self) -> impl Iterator<Item = String> {
        self.frames.into_iter().map(|frame| format!("trap: in {frame}"))
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.cause)?;
        self.frames.first().map_or(Ok(()), |frame| write!(formatter, " in `{frame}`"))
    }
}

fn cause(error: &wasmtime::Error) -> String {
    if let Some(exhausted) = error.downcast_ref::<Exhausted>() {
        return exhausted.to_string();
    }
    match error.downcast_ref::<wasmtime_wasi::I32Exit>() {
        Some(exit) => format!("it exited with status {}", exit.0),
        None => error.root_cause().to_string(),
    }
}

/// Without the runtime's own frames, unless there are no others.
fn authors_frames<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let names: Vec<String> = names.map(readable).collect();
    let is_runtime =
        |name: &String| RUNTIME.iter().any(|start| name.trim_start_matches('<').starts_with(start));
    let first = names.iter().position(|name| !is_runtime(name)).unwrap_or_default();
    names.into_iter().skip(first).take(limits::FRAMES).collect()
}

/// The name as it was written in Rust, if it is one; others stay as they are.
fn readable(name: &str) -> String {
    // A mangled name can stand for a much longer one.
    if name.len() > limits::FRAME_BYTES * 4 {
        return bounded(name, limits::FRAME_BYTES);
    }
    bounded(&format!("{:#}", rustc_demangle::demangle(name)), limits::FRAME_BYTES)
}

/// At most `limit` bytes, on one line, whatever the plugin wrote.
pub(crate) fn bounded(text: &str, limit: usize) -> String {
    let mut bounded = String::new();
    for character in text.chars() {
        let shown = if character.is_control() { ' ' } else { character };
        if bounded.len() + shown.len_utf8() > limit {
            break;
        }
        bounded.push(shown);
    }
    bounded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(names: &[&str]) -> Vec<String> {
        authors_frames(names.iter().copied())
    }

    #[test]
    fn the_authors_function_comes_first_in_the_authors_words() {
        let found = frames(&[
            "__rust_start_panic",
            "_ZN4core9panicking9panic_fmt17h0123456789abcdefE",
            "_ZN10my_channel6render17h0123456789abcdefE",
            "_ZN4core3ops8function6FnOnce9call_once17h0123456789abcdefE",
            "PyObject_Call",
        ]);
        assert_eq!(found, ["my_channel::render", "core::ops::function::FnOnce::call_once", "PyObject_Call"]);
    }

    #[test]
    fn a_runtime_that_breaks_by_itself_is_shown() {
        assert_eq!(frames(&["abort", "std::process::exit"]), ["abort", "std::process::exit"]);
        assert_eq!(frames(&[]), Vec::<String>::new());
    }

    #[test]
    fn names_are_bounded_in_number_and_length_and_stay_on_their_line() {
        let long = "x".repeat(100_000);
        let found = frames(&[long.as_str(); 100]);
        assert_eq!(found.len(), limits::FRAMES);
        assert!(found.iter().all(|name| name.len() == limits::FRAME_BYTES));
        assert_eq!(frames(&["a\nhost: b\u{1b}[31m"]), ["a host: b [31m"]);
    }
}
