//! What is wrong so far; bounded, so that a template full of mistakes costs no more than one with some.

use campanile_diagnostic::{Diagnostic, closest};

use super::shown::shown;

/// Nobody reads more, and looking for what was meant is the most expensive part of a finding.
const MOST: usize = 100;

/// Most names that are compared with what was written: twice the resources that a stack can have.
const MOST_NAMES: usize = 1000;

/// Longest word that somebody may have mistyped; comparing costs the product of both lengths.
const LONGEST_WORD: usize = 64;

/// How many letters a slip adds or leaves out at most.
const SLIP: usize = 8;

#[derive(Debug, Default)]
pub(super) struct Findings {
    list: Vec<Diagnostic>,
}

impl Findings {
    /// Adds the finding that `make` makes, unless there are too many already.
    pub(super) fn add(&mut self, make: impl FnOnce() -> Diagnostic) {
        if self.list.len() < MOST {
            self.list.push(make());
        }
    }

    pub(super) fn into_sorted(mut self) -> Vec<Diagnostic> {
        sort(&mut self.list);
        self.list
    }
}

/// In the order of the text; what has no place comes first.
pub(super) fn sort(findings: &mut [Diagnostic]) {
    findings.sort_by_key(|finding| finding.span.as_ref().map(|span| span.start));
}

/// `did you mean …?`, if one of the template's own names was probably meant. There may be hundreds: unlike
/// [`campanile_diagnostic::suggestion`] this never lists them all.
pub(super) fn did_you_mean<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    if word.len() > LONGEST_WORD {
        return None;
    }
    let names = known.into_iter().take(MOST_NAMES).filter(|name| name.len().abs_diff(word.len()) <= SLIP);
    closest(word, names).map(|meant| format!("did you mean `{}`?", shown(meant)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_never_too_many() {
        let mut findings = Findings::default();
        for at in (0..1000).rev() {
            findings.add(|| Diagnostic::error("template::shape", "wrong").at(at..at));
        }
        let sorted = findings.into_sorted();
        assert_eq!(sorted.len(), MOST);
        assert!(sorted.is_sorted_by_key(|finding| finding.span.clone().unwrap().start));
    }

    #[test]
    fn a_slip_is_recognized() {
        assert_eq!(did_you_mean("HotRul", ["HotRule", "x"]).as_deref(), Some("did you mean `HotRule`?"));
        assert_eq!(did_you_mean("nothing", ["HotRule"]), None);
        assert_eq!(did_you_mean(&"x".repeat(65), [&*"x".repeat(64)]), None);
    }
}
