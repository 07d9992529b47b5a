//! Refusals in Resend's own shape: `statusCode`, `name` and `message` (page "Errors").

use serde_json::{Value, json};

/// An answer that is not a success.
#[derive(Debug)]
pub(super) struct Refusal {
    /// HTTP status, and `statusCode` in the body.
    pub(super) status: u16,
    name: &'static str,
    message: String,
}

impl Refusal {
    /// A refusal with one of the documented names.
    pub(super) fn new(status: u16, name: &'static str, message: &str) -> Self {
        Self { status, name, message: message.to_owned() }
    }

    /// The body can't be read.
    pub(super) fn not_json() -> Self {
        Self::new(400, "validation_error", "An error was found with one or more fields in the request.")
    }

    /// A field that must be there.
    pub(super) fn missing(fields: &str) -> Self {
        Self::new(422, "missing_required_field", &format!("Missing {fields} field."))
    }

    /// A field that is there and wrong.
    pub(super) fn invalid(message: &str) -> Self {
        Self::new(422, "validation_error", message)
    }

    /// An idempotency key that was used for something else.
    pub(super) fn other_body() -> Self {
        let message = "This idempotency key has been used with this HTTP method and endpoint within the last 24 hours, but the \
                       request body was modified and doesn't match the original request.";
        Self::new(409, "invalid_idempotent_request", message)
    }

    /// JSON body.
    pub(super) fn body(&self) -> Value {
        json!({ "statusCode": self.status, "name": self.name, "message": self.message })
    }
}
