//! A line becomes a status.

use serde_json::Value;

use super::{Change, Debounce, Threshold};
use std::time::Duration;

/// The longest line, in bytes: its reading goes with the event, which may have 128 KiB.
pub const LINE_BYTES: usize = 64 * 1024;

/// The longest status, in bytes: who reads the event takes a longer one for no status, and the event for none.
pub const STATUS_BYTES: usize = 64;

/// What signals are taken for.
#[derive(Clone, Debug)]
pub struct Names {
    /// The good status.
    pub good: String,
    /// The bad one.
    pub bad: String,
    /// The field of an object that is measured.
    pub field: Option<String>,
}

/// A signal that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// How the device is.
    pub status: String,
    /// Whether that is bad: what is not the good status is.
    pub is_bad: bool,
    /// All that was measured.
    pub reading: Value,
}

/// Why a line says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignalError {
    /// It is longer than [`LINE_BYTES`].
    #[error("it has {0} bytes, and the longest line has {LINE_BYTES}")]
    TooLong(usize),
    /// There is nothing in it.
    #[error("it is empty")]
    Empty,
    /// It is a number, and nobody said what numbers mean.
    #[error("it is a number, and [status] has neither bad-below nor bad-above")]
    NoThreshold,
    /// The field is not there, or no number.
    #[error("its `{0}` is no number")]
    NoNumber(String),
    /// An object without what is wanted.
    #[error("it has no `status`, and [status] names no field")]
    NoStatus,
    /// It is neither a number nor a status, where numbers are measured.
    #[error("it is neither a number nor `{0}` or `{1}`")]
    NeitherNumberNorStatus(String, String),
    /// It is no word.
    #[error("it is more than a word, and a status is a word; in JSON it may be anything")]
    NoWord,
    /// The status is empty, too long, or would move a terminal's cursor.
    #[error("a status has 1 to {STATUS_BYTES} bytes, and no control characters")]
    BadStatus,
    /// It is a JSON value that is no signal.
    #[error("a signal is an object, a number or a word")]
    NoSignal,
}

/// From lines to changes.
#[derive(Clone, Debug)]
pub struct Interpreter {
    names: Names,
    threshold: Option<Threshold>,
    debounce: Debounce,
    was_bad: Option<bool>,
    reading: Value,
}

impl Interpreter {
    /// `debounce` knows the status of before.
    #[must_use]
    pub fn new(names: Names, threshold: Option<Threshold>, debounce: Debounce) -> Self {
        Self { names, threshold, debounce, was_bad: None, reading: Value::Null }
    }

    /// Takes a line in that came at `at`.
    ///
    /// # Errors
    ///
    /// [`SignalError`]; then nothing has changed.
    pub fn hear(&mut self, line: &str, at: Duration) -> Result<Option<(Change, Value)>, SignalError> {
        let Some(signal) = self.understand(line)? else { return Ok(None) };
        self.was_bad = Some(signal.is_bad);
        self.reading = signal.reading;
        let change = self.debounce.observe(&signal.status, signal.is_bad, at);
        Ok(change.map(|change| (change, self.reading.clone())))
    }

    /// It is `at` now.
    pub fn elapse(&mut self, at: Duration) -> Option<(Change, Value)> {
        self.debounce.elapse(at).map(|change| (change, self.reading.clone()))
    }

    /// When a status becomes sure if nothing else comes.
    #[must_use]
    pub fn sure_at(&self) -> Option<Duration> {
        self.debounce.sure_at()
    }

    /// None for a number that is none (`NaN` of a broken sensor).
    fn understand(&self, line: &str) -> Result<Option<Signal>, SignalError> {
        if line.len() > LINE_BYTES {
            return Err(SignalError::TooLong(line.len()));
        }
        let line = line.trim();
        if line.is_empty() {
            return Err(SignalError::Empty);
        }
        match serde_json::from_str(line) {
            Ok(Value::Object(fields)) => self.of_object(fields),
            Ok(Value::Number(number)) => {
                let value = number.as_f64().unwrap_or(f64::NAN);
                self.of_number(value, Value::Number(number))
            }
            Ok(Value::String(word)) => self.of_word(&word, Value::Null),
            Ok(_) => Err(SignalError::NoSignal),
            Err(_) => self.of_text(line),
        }
    }

    /// A line that is no JSON.
    fn of_text(&self, line: &str) -> Result<Option<Signal>, SignalError> {
        let Names { good, bad, .. } = &self.names;
        // `nan` and `+1.5` are numbers for whoever wrote the command, if numbers are what is measured.
        match (line.parse::<f64>(), &self.threshold) {
            (Ok(value), Some(_)) => self.of_number(value, Value::from(value)),
            (Err(_), Some(_)) if line != good && line != bad => {
                Err(SignalError::NeitherNumberNorStatus(good.clone(), bad.clone()))
            }
            _ if line.contains(char::is_whitespace) => Err(SignalError::NoWord),
            _ => self.of_word(line, Value::Null),
        }
    }

    fn of_object(&self, fields: serde_json::Map<String, Value>) -> Result<Option<Signal>, SignalError> {
        if let Some(field) = &self.names.field {
            let value = fields.get(field).and_then(Value::as_f64);
            let value = value.ok_or_else(|| SignalError::NoNumber(field.clone()))?;
            return self.of_number(value, Value::Object(fields));
        }
        let status = fields.get("status").and_then(Value::as_str).ok_or(SignalError::NoStatus)?.to_owned();
        let reading = fields.get("reading").cloned().unwrap_or_default();
        self.of_word(&status, reading)
    }

    fn of_number(&self, value: f64, reading: Value) -> Result<Option<Signal>, SignalError> {
        let threshold = self.threshold.as_ref().ok_or(SignalError::NoThreshold)?;
        Ok(threshold.is_bad(value, self.was_bad).map(|is_bad| {
            let status = if is_bad { &self.names.bad } else { &self.names.good };
            Signal { status: status.clone(), is_bad, reading }
        }))
    }

    fn of_word(&self, word: &str, reading: Value) -> Result<Option<Signal>, SignalError> {
        if !is_status(word) {
            return Err(SignalError::BadStatus);
        }
        Ok(Some(Signal { status: word.to_owned(), is_bad: word != self.names.good, reading }))
    }
}

/// Whether a word can be a status.
#[must_use]
pub fn is_status(word: &str) -> bool {
    !word.trim().is_empty() && word.len() <= STATUS_BYTES && !word.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Bad, Held};
    use super::*;

    fn interpreter(field: Option<&str>, threshold: Option<f64>) -> Interpreter {
        let names = Names { good: "ACTIVE".into(), bad: "INACTIVE".into(), field: field.map(str::to_owned) };
        let threshold = threshold.map(|enter| Threshold::new(Bad::Below, enter, enter).unwrap());
        Interpreter::new(names, threshold, Debounce::new(Held::default(), None))
    }

    fn hear(interpreter: &mut Interpreter, line: &str) -> Result<Option<(String, Value)>, SignalError> {
        let heard = interpreter.hear(line, Duration::ZERO)?;
        Ok(heard.map(|(change, reading)| (change.status, reading)))
    }

    #[test]
    fn words_are_statuses() {
        let mut plain = interpreter(None, None);
        assert_eq!(hear(&mut plain, " INACTIVE \n"), Ok(Some(("INACTIVE".into(), Value::Null))));
        assert_eq!(hear(&mut plain, "\"ACTIVE\""), Ok(Some(("ACTIVE".into(), Value::Null))));
        let with_reading = r#"{"status": "FAULTY", "reading": {"code": 7}}"#;
        assert_eq!(hear(&mut plain, with_reading), Ok(Some(("FAULTY".into(), json!({ "code": 7 })))));
        assert_eq!(hear(&mut plain, "FAULTY"), Ok(None), "no change");
    }

    #[test]
    fn numbers_are_judged() {
        let mut flow = interpreter(None, Some(0.5));
        assert_eq!(hear(&mut flow, "0.4"), Ok(Some(("INACTIVE".into(), json!(0.4)))));
        assert_eq!(hear(&mut flow, "NaN"), Ok(None), "nothing is known");
        assert_eq!(hear(&mut flow, "+1.5"), Ok(Some(("ACTIVE".into(), json!(1.5)))));
        let mut field = interpreter(Some("flow"), Some(0.5));
        let reading = json!({ "flow": 0, "room": "cellar" });
        assert_eq!(hear(&mut field, &reading.to_string()), Ok(Some(("INACTIVE".into(), reading))));
    }

    #[test]
    fn what_says_nothing_is_told_why() {
        let mut plain = interpreter(None, None);
        assert_eq!(hear(&mut plain, "  "), Err(SignalError::Empty));
        assert_eq!(hear(&mut plain, "7"), Err(SignalError::NoThreshold));
        assert_eq!(hear(&mut plain, "{}"), Err(SignalError::NoStatus));
        assert_eq!(hear(&mut plain, "[1]"), Err(SignalError::NoSignal));
        assert_eq!(hear(&mut plain, "sensor timed out"), Err(SignalError::NoWord));
        for bad in [r#""""#.to_owned(), r#"{"status": "\u001b[2J"}"#.to_owned(), "x".repeat(STATUS_BYTES + 1)]
        {
            assert_eq!(hear(&mut plain, &bad), Err(SignalError::BadStatus), "{bad}");
        }
        let long = "x".repeat(LINE_BYTES + 1);
        assert_eq!(hear(&mut plain, &long), Err(SignalError::TooLong(LINE_BYTES + 1)));
        let mut field = interpreter(Some("flow"), Some(0.5));
        assert_eq!(hear(&mut field, "INACTIVE"), Ok(Some(("INACTIVE".into(), Value::Null))));
        let neither = SignalError::NeitherNumberNorStatus("ACTIVE".into(), "INACTIVE".into());
        assert_eq!(hear(&mut field, "timeout"), Err(neither));
        assert_eq!(hear(&mut field, r#"{"flow": "much"}"#), Err(SignalError::NoNumber("flow".into())));
    }
}
