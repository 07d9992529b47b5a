//! Refusals in Slack's own shape: `ok` is false, and `error` says why.

use serde_json::{Map, Value, json};

/// An answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    error: &'static str,
    details: Vec<String>,
    more: Map<String, Value>,
}

impl Refusal {
    /// A refusal with one of the documented errors.
    pub(super) fn new(error: &'static str) -> Self {
        Self { error, details: Vec::new(), more: Map::new() }
    }

    /// An argument that must be there.
    pub(super) fn missing(argument: &str) -> Self {
        let details = vec![format!("missing required field: {argument}")];
        Self { details, ..Self::new("invalid_arguments") }
    }

    /// Blocks that break the rules, each with the place where it does.
    pub(super) fn blocks(details: Vec<String>) -> Self {
        Self { details, ..Self::new("invalid_blocks") }
    }

    /// A method that there isn't.
    pub(super) fn unknown_method(method: &str) -> Self {
        Self::new("unknown_method").with("req_method", method)
    }

    /// The same refusal, which says more.
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.more.insert(name.to_owned(), value.into());
        self
    }

    /// JSON body.
    pub(super) fn body(&self) -> Value {
        let mut body = self.more.clone();
        body.extend([("ok".to_owned(), json!(false)), ("error".to_owned(), json!(self.error))]);
        if !self.details.is_empty() {
            let messages: Vec<String> =
                self.details.iter().map(|detail| format!("[ERROR] {detail}")).collect();
            if self.error == "invalid_blocks" {
                body.insert("errors".to_owned(), json!(self.details));
            }
            body.insert("response_metadata".to_owned(), json!({ "messages": messages }));
        }
        Value::Object(body)
    }
}
