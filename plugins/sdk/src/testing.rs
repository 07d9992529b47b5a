//! For tests of a plugin: a host that answers from a script and keeps what was asked, and something to deliver.

use std::collections::VecDeque;

use crate::{
    Attempt, Field, Host, Level, Notification, Presentation, ReferenceError, Request, Response, SendError,
    SendReason, Severity, TextFormat,
};

/// A notification with something in each of its parts.
#[must_use]
pub fn notification() -> Notification {
    let text = str::to_owned;
    Notification {
        event_id: text("019354f0-7d1c-7a1b-8c3d-2f6e5a4b3c2d"),
        device_id: text("home-heating"),
        status: text("INACTIVE"),
        severity: Severity::Critical,
        title: text("Heating is off"),
        body: text("It was ACTIVE before."),
        body_format: TextFormat::Text,
        occurred_at: text("2026-11-23T04:05:06Z"),
        fields: vec![Field { name: text("Previous"), value: text("ACTIVE") }],
        event_json: text(r#"{"device_id":"home-heating","status":"INACTIVE"}"#),
    }
}

/// The first attempt of a delivery, in full presentation.
#[must_use]
pub fn attempt() -> Attempt {
    Attempt {
        delivery_id: "019354f0-7d1c-7a1b-8c3d-2f6e5a4b3c2d:family".to_owned(),
        number: 1,
        presentation: Presentation::Rich,
        remaining_ms: 10_000,
        resume: String::new(),
        earlier: None,
    }
}

/// Answers requests from a script, in order.
///
/// Secrets listed in `secrets` give the placeholder `SECRET-NAME`; any other name has no value.
#[derive(Debug, Default)]
pub struct ScriptedHost {
    /// The answers still to give; when there is none left, sending fails as a lost connection.
    pub answers: VecDeque<Result<Response, SendError>>,
    /// The requests made, in order.
    pub requests: Vec<Request>,
    /// Names (and `NAME.PART`s) of the secrets that have a value.
    pub secrets: Vec<String>,
    /// The lines logged.
    pub lines: Vec<String>,
}

impl ScriptedHost {
    /// A host with these secrets and no answers yet.
    #[must_use]
    pub fn with_secrets(names: &[&str]) -> Self {
        Self { secrets: names.iter().map(ToString::to_string).collect(), ..Self::default() }
    }

    /// Adds an answer with `status`, `headers` and `body`.
    #[must_use]
    pub fn answer(mut self, status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.answers.push_back(Ok(Response { status, headers, body: body.as_bytes().to_vec() }));
        self
    }

    /// Adds a failure to get an answer.
    #[must_use]
    pub fn fail(mut self, reason: SendReason, request_sent: bool) -> Self {
        self.answers.push_back(Err(SendError { reason, request_sent }));
        self
    }
}

impl Host for ScriptedHost {
    fn send(&mut self, request: Request) -> Result<Response, SendError> {
        self.requests.push(request);
        let lost = SendError {
            reason: SendReason::Network("the script has no more answers".into()),
            request_sent: false,
        };
        self.answers.pop_front().unwrap_or(Err(lost))
    }

    fn reference(&mut self, name: &str) -> Result<String, ReferenceError> {
        if self.secrets.iter().any(|secret| secret == name) {
            Ok(format!("SECRET-{name}"))
        } else {
            Err(ReferenceError::Unset)
        }
    }

    fn log(&mut self, level: Level, message: &str) {
        self.lines.push(format!("{level:?}: {message}"));
    }
}
