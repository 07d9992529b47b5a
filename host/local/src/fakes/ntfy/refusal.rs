//! Refusals in ntfy's own shape: a code, the HTTP status, an error and where to read more (`server/errors.go`).

use serde_json::{Value, json};

/// An answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// HTTP status, and `http` in the body.
    pub(super) status: u16,
    code: u32,
    error: String,
    link: &'static str,
}

/// Where the pages are that refusals link to.
const PAGES: &str = "https://ntfy.sh/docs";

impl Refusal {
    /// A refusal with one of the server's codes, whose first three digits are the HTTP status. `link` is below the documentation; none if
    /// it is empty.
    pub(super) fn new(code: u32, error: &str, link: &'static str) -> Self {
        let status = u16::try_from(code / 100).unwrap_or(500);
        Self { status, code, error: error.to_owned(), link }
    }

    /// No such path.
    pub(super) fn not_found() -> Self {
        Self::new(40401, "page not found", "")
    }

    /// A token that the server does not know.
    pub(super) fn unauthorized() -> Self {
        Self::new(40101, "unauthorized", "/publish/#authentication")
    }

    /// A topic that others may use.
    pub(super) fn forbidden() -> Self {
        Self::new(40301, "forbidden", "/publish/#authentication")
    }

    /// No name that a topic may have.
    pub(super) fn topic() -> Self {
        Self::new(40009, "invalid request: topic invalid", "")
    }

    /// Not what publishing as JSON takes.
    pub(super) fn not_json() -> Self {
        Self::new(40024, "invalid request: request body must be valid JSON", "")
    }

    /// Actions that the server does not take.
    pub(super) fn actions(reason: &str) -> Self {
        Self::new(40018, &format!("invalid request: actions invalid, {reason}"), "/publish/#action-buttons")
    }

    /// JSON body.
    pub(super) fn body(&self) -> Value {
        let mut body = json!({ "code": self.code, "http": self.status, "error": self.error });
        if let (false, Some(object)) = (self.link.is_empty(), body.as_object_mut()) {
            object.insert("link".to_owned(), format!("{PAGES}{}", self.link).into());
        }
        body
    }
}
