//! Builds styled text from front to back.

use crate::fakes::{Style, StyleKind, StyledText};

/// Text that is being written. Styles open and close like brackets, so outer ones come before inner ones.
#[derive(Debug, Default)]
pub(in crate::fakes) struct Writer {
    out: StyledText,
    /// Places of the open styles, the innermost last.
    open: Vec<usize>,
}

impl Writer {
    /// Adds text in the open styles.
    pub(in crate::fakes) fn push(&mut self, text: &str) {
        self.out.text.push_str(text);
    }

    /// Begins a style.
    pub(in crate::fakes) fn open(&mut self, kind: StyleKind) {
        let at = self.out.text.len();
        self.open.push(self.out.styles.len());
        self.out.styles.push(Style { start: at, end: at, kind });
    }

    /// Ends the innermost style.
    pub(in crate::fakes) fn close(&mut self) {
        let end = self.out.text.len();
        if let Some(style) = self.open.pop().and_then(|place| self.out.styles.get_mut(place)) {
            style.end = end;
        }
    }

    /// Adds text in a style of its own.
    pub(in crate::fakes) fn styled(&mut self, kind: StyleKind, text: &str) {
        self.open(kind);
        self.push(text);
        self.close();
    }

    /// Whether the last character is white space, or nothing is written yet.
    pub(in crate::fakes) fn after_space(&self) -> bool {
        self.out.text.chars().next_back().is_none_or(char::is_whitespace)
    }

    /// Goes to the start of a line, and leaves `blank` lines empty if something is above.
    pub(in crate::fakes) fn new_line(&mut self, blank: usize) {
        if self.out.text.is_empty() {
            return;
        }
        let breaks = self.out.text.len() - self.out.text.trim_end_matches('\n').len();
        self.out.text.extend(std::iter::repeat_n('\n', (blank + 1).saturating_sub(breaks)));
    }

    /// What was written, without white space at its end and without styles of nothing.
    pub(in crate::fakes) fn finish(mut self) -> StyledText {
        while !self.open.is_empty() {
            self.close();
        }
        self.out.text.truncate(self.out.text.trim_end().len());
        let length = self.out.text.len();
        for style in &mut self.out.styles {
            style.end = style.end.min(length);
        }
        self.out.styles.retain(|style| style.start < style.end);
        self.out
    }
}
