//! One finding about a file that somebody wrote: what is wrong, where, and what to write instead.
//!
//! The same shape for configuration, templates, plugins and rule SQL. How it is drawn is the reader's business; the plain
//! form here is for logs.

use std::fmt;
use std::ops::Range;

use serde::Serialize;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It works, but probably not as meant.
    Warning,
    /// It can't work.
    Error,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Stable name of the kind of finding, for example `config::unknown-key`.
    pub code: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong: a lower-case fragment.
    pub message: String,
    /// Bytes of the file that it is about.
    pub span: Option<Range<usize>>,
    /// A few words to draw beside the span; may be empty, and repeats the message.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, severity: Severity::Error, message, span: None, label: String::new(), help: None }
    }

    /// A warning.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Says where it is.
    #[must_use]
    pub fn at(self, span: Range<usize>) -> Self {
        Self { span: Some(span), ..self }
    }

    /// Says what to draw beside the span.
    #[must_use]
    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    /// Says what to do.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Writes it in plain text, with line and column in `source`.
    #[must_use]
    pub fn plain(&self, file: &str, source: &str) -> impl fmt::Display {
        let place = self.span.as_ref().map(|span| position(source, span.start));
        let place = place.map_or_else(|| file.to_owned(), |(line, column)| format!("{file}:{line}:{column}"));
        let help = self.help.as_ref().map(|help| format!("\n  help: {help}")).unwrap_or_default();
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        format!("{place}: {severity}[{}]: {}{help}", self.code, self.message)
    }
}

/// Line and column of a byte, counted from 1; columns are characters.
#[must_use]
pub fn position(source: &str, byte: usize) -> (usize, usize) {
    let before = source.get(..source.floor_char_boundary(byte)).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}

/// The one of `known` that was probably meant by `word`.
#[must_use]
pub fn closest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // Jaro–Winkler forgives a slip or two and prefers a common beginning; below 0.8 words just share letters. A long word
    // is no slip, and comparing it costs the product of both lengths.
    const ALIKE: f64 = 0.8;
    const LONGEST: usize = 128;
    if word.len() > LONGEST {
        return None;
    }
    let scored = known.into_iter().map(|known| (strsim::jaro_winkler(word, known), known));
    scored
        .filter(|(score, _)| *score >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, known)| known)
}

/// `did you mean …?`, or all that is known.
#[must_use]
pub fn suggestion<'k>(word: &str, what: &str, known: impl IntoIterator<Item = &'k str> + Clone) -> String {
    if let Some(meant) = closest(word, known.clone()) {
        return format!("did you mean `{meant}`?");
    }
    let list: Vec<String> = known.into_iter().map(|known| format!("`{known}`")).collect();
    if list.is_empty() { format!("there are no {what}") } else { format!("{what}: {}", list.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_form_has_place_code_and_help() {
        let source = "a = 1\nü = x";
        let found =
            Diagnostic::error("config::syntax", "`x` is no value").at(11..12).label("here").help("quote it");
        assert_eq!(
            found.plain("campanile.toml", source).to_string(),
            "campanile.toml:2:5: error[config::syntax]: `x` is no value\n  help: quote it"
        );
    }

    #[test]
    fn a_place_outside_the_file_is_its_end() {
        assert_eq!(position("a\nb", 99), (2, 2));
        assert_eq!(position("", 0), (1, 1));
    }

    #[test]
    fn a_slip_finds_the_word_that_was_meant() {
        let known = ["channels", "routes"];
        assert_eq!(closest("chanels", known), Some("channels"));
        assert_eq!(closest("template", known), None);
        assert_eq!(suggestion("x", "keys", known), "keys: `channels`, `routes`");
        assert_eq!(suggestion("x", "keys", []), "there are no keys");
    }
}
