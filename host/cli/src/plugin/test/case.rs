//! A case: a file of the author's that says what is handed to the plugin, what its provider answers, and what is to come of it.
//!
//! The format is documented in `docs/writing-a-plugin.md`. Unknown keys are errors, because a slip would let a case pass.

mod answer;
mod run;
mod update;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use campanile_core::diagnostic::Diagnostic;
use campanile_core::notification::{
    Attempt, Field, Notification, Presentation, Receipt, Severity, TextFormat,
};
use campanile_core::outcome::OutcomeKind;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::golden::GoldenRequest;
use super::trial;
use crate::error::CliError;
use answer::Answered;

/// A case file as it was read.
pub(super) struct Case {
    /// The file's name without `.json`.
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) source: String,
    /// What it says, or where it does not say it right.
    pub(super) script: Result<CaseScript, Box<Diagnostic>>,
}

/// What a case file says.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct CaseScript {
    /// What the case is about, for people.
    #[serde(default, rename = "summary")]
    _summary: String,
    #[serde(default)]
    notification: NotificationChange,
    /// In place of the settings that all attempts have, each by its name.
    #[serde(default)]
    settings: Map<String, Value>,
    /// In place of the examples; none is a secret that is not set.
    #[serde(default)]
    secrets: BTreeMap<String, Option<String>>,
    #[serde(default)]
    attempt: AttemptChange,
    /// For one request each, in order.
    #[serde(default)]
    answers: Vec<Answered>,
    expect: Expected,
    /// The requests that are to be made; not looked at if there are none.
    requests: Option<Vec<GoldenRequest>>,
}

/// What differs from an ordinary notification.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct NotificationChange {
    event_id: Option<String>,
    device_id: Option<String>,
    status: Option<String>,
    severity: Option<Severity>,
    title: Option<String>,
    body: Option<String>,
    body_format: Option<TextFormat>,
    occurred_at: Option<String>,
    fields: Option<Vec<CaseField>>,
    /// The event as the device sent it.
    event: Option<Map<String, Value>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseField {
    name: String,
    value: String,
}

/// What differs from the first attempt.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct AttemptChange {
    delivery_id: Option<String>,
    number: Option<u32>,
    presentation: Option<Presentation>,
    resume: Option<String>,
    earlier: Option<ReceiptChange>,
    /// How long it has; the host's own limit otherwise.
    wall_ms: Option<u64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ReceiptChange {
    message_id: Option<String>,
    target: Option<String>,
    warnings: Option<Vec<String>>,
}

/// What is to come of it. What is left out may be anything.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Expected {
    outcome: OutcomeKind,
    /// The wait of `rate-limited`; 0 if the plugin is to name none.
    wait_ms: Option<u64>,
    /// A piece of the failure's detail.
    detail: Option<String>,
    resume: Option<String>,
    receipt: Option<ReceiptChange>,
}

impl Case {
    /// All cases of a folder, by their names.
    pub(super) fn all(folder: &Path) -> Result<Vec<Self>, CliError> {
        let mut cases = Vec::new();
        for file in std::fs::read_dir(folder).map_err(CliError::file(folder))? {
            let path = file.map_err(CliError::file(folder))?.path();
            let is_case = path.extension().is_some_and(|extension| extension == "json");
            if let (true, Some(name)) = (is_case, path.file_stem().and_then(|name| name.to_str())) {
                let source = std::fs::read_to_string(&path).map_err(CliError::file(&path))?;
                let script = CaseScript::read(&source).map_err(Box::new);
                cases.push(Self { name: name.to_owned(), script, source, path });
            }
        }
        cases.sort_by(|one, other| one.name.cmp(&other.name));
        if cases.is_empty() { Err(CliError::NoCases(folder.to_owned())) } else { Ok(cases) }
    }
}

impl CaseScript {
    fn read(source: &str) -> Result<Self, Diagnostic> {
        serde_json::from_str(source).map_err(|error| {
            let at = byte(source, error.line(), error.column());
            let message = error.to_string();
            // The place is shown in the file.
            let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
            Diagnostic::error("case::syntax", message).at(at..at).label("here")
        })
    }
}

/// Where line and column are, both counted from 1; serde counts bytes, and says 0 for what is before the first.
fn byte(source: &str, line: usize, column: usize) -> usize {
    let before: usize = source.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    source.floor_char_boundary((before + column.saturating_sub(1)).min(source.len()))
}

impl NotificationChange {
    fn apply(&self) -> Notification {
        let usual = trial::notification();
        let text = |changed: &Option<String>, usual: String| changed.clone().unwrap_or(usual);
        let field = |field: &CaseField| Field { name: field.name.clone(), value: field.value.clone() };
        Notification {
            event_id: text(&self.event_id, usual.event_id),
            device_id: text(&self.device_id, usual.device_id),
            status: text(&self.status, usual.status),
            severity: self.severity.unwrap_or(usual.severity),
            title: text(&self.title, usual.title),
            body: text(&self.body, usual.body),
            body_format: self.body_format.unwrap_or(usual.body_format),
            occurred_at: text(&self.occurred_at, usual.occurred_at),
            fields: self.fields.as_ref().map_or(usual.fields, |fields| fields.iter().map(field).collect()),
            event_json: self.event.clone().map_or(usual.event_json, |event| Value::Object(event).to_string()),
        }
    }
}

impl AttemptChange {
    fn apply(&self) -> Attempt {
        let usual = trial::attempt(self.presentation.unwrap_or_default());
        Attempt {
            delivery_id: self.delivery_id.clone().unwrap_or(usual.delivery_id),
            number: self.number.unwrap_or(usual.number),
            presentation: usual.presentation,
            resume: self.resume.clone().unwrap_or_default(),
            earlier: self.earlier.clone().map(|receipt| Receipt {
                message_id: receipt.message_id.unwrap_or_default(),
                target: receipt.target.unwrap_or_default(),
                warnings: receipt.warnings.unwrap_or_default(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(source: &str) -> Result<CaseScript, Diagnostic> {
        CaseScript::read(source)
    }

    #[test]
    fn what_is_left_out_is_as_usual() {
        let case =
            read(r#"{ "notification": { "title": "T" }, "expect": { "outcome": "rejected" } }"#).unwrap();
        let notification = case.notification.apply();
        assert_eq!((notification.title.as_str(), notification.status.as_str()), ("T", "INACTIVE"));
        assert_eq!(case.attempt.apply(), trial::attempt(Presentation::Rich));
        assert!(case.requests.is_none() && case.answers.is_empty());
    }

    #[test]
    fn all_of_an_attempt_can_be_said() {
        let case = read(
            r#"{
                "notification": { "severity": "info", "body-format": "html", "fields": [], "event": { "a": 1 } },
                "settings": { "url": "https://a.example" }, "secrets": { "key": "abc", "pin": null },
                "attempt": { "number": 2, "presentation": "plain", "resume": "1", "earlier": { "message-id": "7" } },
                "answers": [{ "status": 200, "json": { "id": 7 } }, "reset", "timeout"],
                "expect": { "outcome": "delivered", "receipt": { "message-id": "7" } },
                "requests": [{ "method": "POST", "url": "https://a.example", "json": {} }]
            }"#,
        )
        .unwrap();
        assert_eq!(case.notification.apply().event_json, r#"{"a":1}"#);
        let attempt = case.attempt.apply();
        assert_eq!((attempt.number, attempt.earlier.unwrap().message_id.as_str()), (2, "7"));
        assert_eq!((case.answers.len(), case.secrets["pin"].is_none()), (3, true));
    }

    #[test]
    fn a_slip_is_shown_where_it_is() {
        for (source, message, at) in [
            ("{\n  \"expct\": {}\n}", "unknown field `expct`", 2),
            (
                "{\n  \"answers\": [\n    { \"stats\": 200 }\n  ],\n  \"expect\": {}\n}",
                "unknown field `stats`",
                3,
            ),
            ("{\n  \"answers\": [\"resett\"]\n}", "`resett` is no answer", 2),
            ("{\n  \"expect\": { \"outcome\": \"sent\" }\n}", "unknown variant `sent`", 2),
            ("{\n  \"attempt\": { \"earlier\": { \"id\": 1 } }\n}", "unknown field `id`", 2),
            ("{\n}", "missing field `expect`", 2),
            ("{ \"expect\": ", "EOF", 1),
        ] {
            let found = read(source).unwrap_err();
            assert!(found.message.contains(message), "{source}: {found:?}");
            let (line, _) = campanile_core::diagnostic::position(source, found.span.unwrap().start);
            assert_eq!(line, at, "{source}");
        }
    }
}
