//! What is wrong with a template or condition, and where.

use std::ops::Range;

use crate::text::quoted;

/// What is wrong with a template or condition, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    /// A lower-case fragment.
    pub message: String,
    /// Bytes of the source.
    pub range: Option<Range<usize>>,
    /// What to write instead, if that is known.
    pub help: Option<String>,
}

impl TemplateError {
    /// Of an error of `minijinja` about `source`, which is quoted: the message shows what was meant.
    pub(super) fn of(error: &minijinja::Error, source: &str) -> Self {
        let kind = error.kind().to_string();
        let detail = error.detail().map(|detail| format!("{kind}: {}", one_line(detail)));
        let range = error.range().filter(|range| source.is_char_boundary(range.start));
        let part = range.clone().and_then(|range| source.get(range)).filter(|part| !part.is_empty());
        let at = part.map(|part| format!(" (`{}`)", quoted(part))).unwrap_or_default();
        Self { message: format!("{}{at}", detail.unwrap_or(kind)), range, help: None }
    }
}

/// Details may hold what a device sent.
fn one_line(detail: &str) -> String {
    crate::text::shorten(&crate::text::one_line(detail), 200)
}
