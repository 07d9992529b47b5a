//! The host as a plugin sees it: a trait, so that plugins are tested natively.

use std::time::Duration;

use crate::bindings::campanile::channel::{http, log, secrets};
use crate::{Failure, Level, ReferenceError, Request, Response, SendError, SendReason};

/// The host's functions.
pub trait Host {
    /// Sends `request` and returns the answer, whatever its status.
    ///
    /// # Errors
    /// [`SendError`] when there is no answer.
    fn send(&mut self, request: Request) -> Result<Response, SendError>;

    /// A fresh placeholder for the secret `name` (or its part, `NAME.PART`), good for one request.
    ///
    /// # Errors
    /// [`ReferenceError`] when the secret is not declared or has no value.
    fn reference(&mut self, name: &str) -> Result<String, ReferenceError>;

    /// Writes a line to the log that is shown beside the attempt.
    fn log(&mut self, level: Level, message: &str);
}

/// The real host, by the imports of the component.
pub(crate) struct Imports;

impl Host for Imports {
    fn send(&mut self, request: Request) -> Result<Response, SendError> {
        http::send(&request)
    }

    fn reference(&mut self, name: &str) -> Result<String, ReferenceError> {
        secrets::reference(name)
    }

    fn log(&mut self, level: Level, message: &str) {
        log::write(level, message);
    }
}

/// Reading answers.
pub trait ResponseExt {
    /// The first header `name` (in lower case), if it is there.
    fn header(&self, name: &str) -> Option<&str>;

    /// The body as JSON; `Null` if it is not JSON.
    fn json(&self) -> serde_json::Value;

    /// Milliseconds of `retry-after`, rounded up, as [`Reason::RateLimited`](crate::Reason::RateLimited) takes them.
    ///
    /// `None` if it is missing or a date: then the host backs off by itself.
    fn retry_after(&self) -> Option<u32>;
}

impl ResponseExt for Response {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    fn retry_after(&self) -> Option<u32> {
        let seconds: f64 = self.header("retry-after")?.trim().parse().ok()?;
        let wait = Duration::try_from_secs_f64(seconds).ok()?;
        Some(u32::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(u32::MAX))
    }
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        match error.reason {
            SendReason::Denied(detail) => Self::misconfigured(detail),
            SendReason::Invalid(detail) => Self::rejected(format!("invalid request: {detail}")),
            // A request that did not leave carries too much: a simpler presentation may fit.
            SendReason::TooLarge if !error.request_sent => Self::content_refused("the request is too large"),
            SendReason::TooLarge => Self::transient("the answer is too large"),
            SendReason::Timeout => Self::transient("no answer in time"),
            SendReason::Network(detail) => Self::transient(detail),
        }
    }
}

impl From<ReferenceError> for Failure {
    fn from(error: ReferenceError) -> Self {
        Self::misconfigured(match error {
            ReferenceError::Undeclared => "the plugin uses a secret that its description does not declare",
            ReferenceError::Unset => "a secret of this channel has no value",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reason;

    #[test]
    fn what_may_work_later_is_told_from_what_needs_a_change() {
        let rows = [
            (SendReason::Denied("no grant".into()), false, Reason::Misconfigured),
            (SendReason::Invalid("no scheme".into()), false, Reason::Rejected),
            (SendReason::TooLarge, false, Reason::ContentRefused),
            (SendReason::TooLarge, true, Reason::Transient),
            (SendReason::Timeout, true, Reason::Transient),
            (SendReason::Network("connection reset".into()), true, Reason::Transient),
        ];
        for (reason, request_sent, expected) in rows {
            assert_eq!(Failure::from(SendError { reason, request_sent }).reason, expected);
        }
    }

    #[test]
    fn a_wait_is_rounded_up_and_never_guessed() {
        let rows = [
            ("1", Some(1000)),
            (" 0.0001 ", Some(1)),
            ("99999999", Some(u32::MAX)),
            ("-3", None),
            ("NaN", None),
            ("1e300", None),
            ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ];
        for (value, expected) in rows {
            let headers = vec![("retry-after".to_owned(), value.to_owned())];
            assert_eq!(Response { status: 429, headers, body: vec![] }.retry_after(), expected, "{value}");
        }
        assert_eq!(Response { status: 429, headers: vec![], body: vec![] }.retry_after(), None);
    }
}
