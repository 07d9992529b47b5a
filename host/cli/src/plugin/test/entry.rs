//! A line of the report: what was tried, how it went, and what there is to say about it.

use serde::Serialize;

use super::trial::Observed;

/// How something went. The worse, the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    Passed,
    /// It works, but hardly as well as it could.
    Advice,
    Failed,
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Section {
    /// What the component is and says of itself.
    Conformance,
    /// What it does when its provider has a bad day.
    Behaviour,
    /// The author's own cases.
    Cases,
}

/// Something to repair, or to think about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    pub(super) verdict: Verdict,
    pub(super) text: String,
}

/// A line of the report.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Entry {
    pub(super) section: Section,
    pub(super) name: String,
    /// The worst of its findings.
    pub(super) verdict: Verdict,
    /// What was seen, in a few words.
    pub(super) summary: String,
    pub(super) findings: Vec<Finding>,
    /// The attempts that it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attempts: Vec<Observed>,
    /// What changed in a file, as a diff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) diff: Option<String>,
}

impl Finding {
    pub(super) fn failed(text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Failed, text: text.into() }
    }

    pub(super) fn advice(text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Advice, text: text.into() }
    }
}

impl Entry {
    pub(super) fn new(
        section: Section,
        name: impl Into<String>,
        summary: impl Into<String>,
        findings: Vec<Finding>,
    ) -> Self {
        let verdict = findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Passed);
        Self {
            section,
            name: name.into(),
            verdict,
            summary: summary.into(),
            findings,
            attempts: Vec::new(),
            diff: None,
        }
    }

    pub(super) fn with_attempts(self, attempts: Vec<Observed>) -> Self {
        Self { attempts, ..self }
    }
}
