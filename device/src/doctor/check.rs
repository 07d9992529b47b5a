//! What a step has found.

use serde::Serialize;

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at, in a word.
    pub name: &'static str,
    /// What was found.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What was found, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Outcome {
    /// All is well.
    Ok {
        /// What was found.
        found: String,
    },
    /// It works, and may not for long, or not everywhere.
    Warning {
        /// What was found.
        found: String,
        /// What to do.
        remedy: String,
    },
    /// It does not work.
    Failed {
        /// What was found.
        found: String,
        /// What to do.
        remedy: String,
    },
    /// It was not looked at.
    NotTried {
        /// Why.
        found: String,
    },
}

impl Check {
    /// Whether something does not work.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed { .. })
    }
}

impl Outcome {
    pub(super) fn ok(found: impl Into<String>) -> Self {
        Self::Ok { found: found.into() }
    }

    pub(super) fn warning(found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Warning { found: found.into(), remedy: remedy.into() }
    }

    pub(super) fn failed(found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Failed { found: found.into(), remedy: remedy.into() }
    }

    pub(super) fn not_tried(why: impl Into<String>) -> Self {
        Self::NotTried { found: why.into() }
    }
}
