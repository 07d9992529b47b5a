//! Where signals come from, and what they mean.

use std::path::PathBuf;

use jiff::SignedDuration;
use serde::Deserialize;

use crate::signal::{Bad, Held, STATUS_BYTES, Threshold, ThresholdError, is_status};

/// Where signals come from. A signal is a line: JSON with a `status`, or with the field that `[status]` measures; a bare number; or a
/// bare word, which is the status.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, tag = "kind")]
pub enum Input {
    /// Lines of the standard input.
    #[default]
    Stdin,
    /// What a command prints: its last line.
    Command {
        /// The program and its arguments; no shell.
        command: Vec<String>,
        /// How often it is run.
        every: SignedDuration,
        /// How long it may run.
        #[serde(default = "Input::timeout")]
        timeout: SignedDuration,
    },
    /// A file that others write: its last line, when it has changed.
    File {
        /// Where it is.
        path: PathBuf,
        /// How often it is looked at.
        #[serde(default = "Input::every")]
        every: SignedDuration,
    },
}

/// What signals mean.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Status {
    /// What the good status is called.
    pub good: String,
    /// What the bad one is called.
    pub bad: String,
    /// The field of a signal that is measured.
    pub field: Option<String>,
    /// It is bad below this number.
    pub bad_below: Option<f64>,
    /// It is bad above this number.
    pub bad_above: Option<f64>,
    /// It is good again from this number on; the threshold itself, if none is given.
    pub good_at: Option<f64>,
    /// How long it must be bad before it counts.
    pub bad_for: SignedDuration,
    /// How long it must be good.
    pub good_for: SignedDuration,
}

impl Input {
    fn timeout() -> SignedDuration {
        SignedDuration::from_secs(10)
    }

    fn every() -> SignedDuration {
        SignedDuration::from_secs(1)
    }

    pub(super) fn path(&mut self) -> Option<&mut PathBuf> {
        match self {
            Self::File { path, .. } => Some(path),
            Self::Stdin | Self::Command { .. } => None,
        }
    }
}

impl Default for Status {
    fn default() -> Self {
        Self {
            good: "ACTIVE".to_owned(),
            bad: "INACTIVE".to_owned(),
            field: None,
            bad_below: None,
            bad_above: None,
            good_at: None,
            bad_for: SignedDuration::ZERO,
            good_for: SignedDuration::ZERO,
        }
    }
}

impl Status {
    /// The threshold, if numbers are measured.
    ///
    /// # Errors
    ///
    /// [`ThresholdError`] if it makes no sense.
    pub fn threshold(&self) -> Result<Option<Threshold>, ThresholdError> {
        let (bad, enter) = match (self.bad_below, self.bad_above) {
            (Some(enter), _) => (Bad::Below, enter),
            (None, Some(enter)) => (Bad::Above, enter),
            (None, None) => return Ok(None),
        };
        Threshold::new(bad, enter, self.good_at.unwrap_or(enter)).map(Some)
    }

    /// How long statuses must last.
    #[must_use]
    pub fn held(&self) -> Held {
        Held { bad: self.bad_for.unsigned_abs(), good: self.good_for.unsigned_abs() }
    }

    pub(super) fn impossible(&self) -> Option<String> {
        if self.bad_below.is_some() && self.bad_above.is_some() {
            return Some("status: bad-below or bad-above, not both".to_owned());
        }
        if ![&self.good, &self.bad].into_iter().all(|name| is_status(name)) {
            return Some(format!(
                "status: good and bad have 1 to {STATUS_BYTES} bytes, and no control characters"
            ));
        }
        if self.good == self.bad {
            return Some("status: good and bad are called the same".to_owned());
        }
        let is_measured = self.bad_below.is_some() || self.bad_above.is_some();
        if !is_measured && (self.field.is_some() || self.good_at.is_some()) {
            return Some("status: field and good-at want a bad-below or a bad-above".to_owned());
        }
        self.threshold().err().map(|error| format!("status: {error}"))
    }
}
