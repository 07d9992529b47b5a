//! A host for tests of a plugin: answers from a script, and keeps what was asked.

use std::collections::VecDeque;

use crate::{Host, Level, ReferenceError, Request, Response, SendError, SendReason};

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
