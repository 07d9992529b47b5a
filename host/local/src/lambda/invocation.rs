//! One invocation: what is asked, what comes back, and what may go wrong on either side of the function.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::ids;

/// A call that is to be made.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) id: String,
    pub(super) payload: Value,
    pub(super) body: Bytes,
}

/// A finished invocation.
#[derive(Clone, Debug, PartialEq)]
pub struct Invocation {
    /// What the process knew it by.
    pub request_id: String,
    /// The function's answer, or how it failed.
    pub result: Result<Value, FunctionError>,
    /// From the hand-over of the event to the answer.
    pub duration: Duration,
    /// How long the process took to start, if one was started for this invocation: a cold start.
    pub init: Option<Duration>,
}

/// A function that failed: with an answer of its own, or with one that the service gives for it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{error_type}: {error_message}")]
pub struct FunctionError {
    /// For example `Runtime.ExitError`.
    pub error_type: String,
    /// For people.
    pub error_message: String,
    /// The whole document, with all that the runtime may have added.
    pub payload: Value,
}

/// The two ways to invoke, which have different limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// The caller waits for the answer.
    Invoke,
    /// The event is queued.
    InvokeAsync,
}

/// Why a function was not called.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvokeError {
    /// `RequestEntityTooLargeException`, status 413 of the service.
    #[error("the payload has {size} bytes; {limit} are allowed for this kind of invocation")]
    RequestEntityTooLarge {
        /// Of the payload as JSON.
        size: usize,
        /// What the service takes.
        limit: usize,
    },
    /// Too many events wait. The service has no such limit.
    #[error("too many events wait for the function; repair it or send later")]
    QueueFull,
    /// The emulator was shut down or dropped.
    #[error("the emulator is stopped")]
    Stopped,
}

impl Operation {
    /// The largest payload, in bytes (quotas of the developer guide: 6 MB synchronous, 1 MB asynchronous).
    pub(super) fn max_payload(self) -> usize {
        match self {
            Self::Invoke => 6 * 1024 * 1024,
            Self::InvokeAsync => 1024 * 1024,
        }
    }
}

impl Request {
    pub(super) fn new(payload: Value, operation: Operation) -> Result<Self, InvokeError> {
        let body = Bytes::from(payload.to_string());
        let (size, limit) = (body.len(), operation.max_payload());
        if size > limit {
            return Err(InvokeError::RequestEntityTooLarge { size, limit });
        }
        Ok(Self { id: ids::uuid(), payload, body })
    }
}

impl FunctionError {
    /// The document that a runtime sent to one of the error paths. What it leaves out gets the service's defaults.
    pub(super) fn reported(body: &[u8]) -> Self {
        let payload = json_or_text(body);
        let text = |key: &str| payload.get(key).and_then(Value::as_str).map(str::to_owned);
        Self {
            error_type: text("errorType").unwrap_or_else(|| "Unhandled".to_owned()),
            error_message: text("errorMessage").unwrap_or_default(),
            payload,
        }
    }

    /// What the service answers when there is no more runtime that could.
    pub(super) fn of_service(error_type: &str, request_id: &str, reason: &str) -> Self {
        Self::new(error_type, format!("RequestId: {request_id} Error: {reason}"))
    }

    /// An answer larger than the service carries.
    pub(super) fn response_too_large(limit: usize) -> Self {
        let message = format!("Response payload size exceeded maximum allowed payload size ({limit} bytes).");
        Self::new("Function.ResponseSizeTooLarge", message)
    }

    fn new(error_type: &str, error_message: String) -> Self {
        let payload = json!({ "errorType": error_type, "errorMessage": error_message });
        Self { error_type: error_type.to_owned(), error_message, payload }
    }
}

/// The value of a body. The service passes on what is not JSON; so do we, as a string.
pub(super) fn json_or_text(body: &[u8]) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_are_limited_by_the_kind_of_invocation() {
        for operation in [Operation::Invoke, Operation::InvokeAsync] {
            let limit = operation.max_payload();
            let of_size = |size: usize| Request::new("x".repeat(size - 2).into(), operation);
            assert!(of_size(limit).is_ok());
            let error = of_size(limit + 1).unwrap_err();
            assert_eq!(error, InvokeError::RequestEntityTooLarge { size: limit + 1, limit });
        }
    }

    #[test]
    fn an_error_document_keeps_what_the_runtime_added() {
        let error = FunctionError::reported(br#"{"errorType":"A","errorMessage":"b","stackTrace":["c"]}"#);
        assert_eq!((error.error_type.as_str(), error.error_message.as_str()), ("A", "b"));
        assert_eq!(error.payload["stackTrace"][0], "c");
    }

    #[test]
    fn an_error_that_is_no_document_is_unhandled() {
        for body in [&b""[..], b"boom", b"[1]", b"\xff"] {
            assert_eq!(FunctionError::reported(body).error_type, "Unhandled");
        }
    }
}
