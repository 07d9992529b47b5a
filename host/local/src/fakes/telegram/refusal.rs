//! Refusals in the Bot API's own shape.

use serde_json::{Value, json};

/// An answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    /// HTTP status and `error_code`.
    pub(super) code: u16,
    description: String,
    migrate_to_chat_id: Option<i64>,
}

impl Refusal {
    /// A refusal in exactly these words.
    pub(super) fn new(code: u16, description: &str) -> Self {
        Self { code, description: description.to_owned(), migrate_to_chat_id: None }
    }

    /// A refusal in TDLib's words, which get a prefix and a small letter (`fail_query_with_error`).
    pub(super) fn bad_request(words: &str) -> Self {
        let mut letters = words.chars();
        let first = letters.next().unwrap_or_default();
        let is_code =
            letters.clone().next().is_some_and(|second| second == '_' || second.is_ascii_uppercase());
        let first = if is_code { first } else { first.to_ascii_lowercase() };
        Self::new(400, &format!("Bad Request: {first}{}", letters.as_str()))
    }

    /// The group lives on under another id.
    pub(super) fn upgraded(to: i64) -> Self {
        let description = "Bad Request: group chat was upgraded to a supergroup chat";
        Self { migrate_to_chat_id: Some(to), ..Self::new(400, description) }
    }

    /// JSON body.
    pub(super) fn body(&self) -> Value {
        let mut body = json!({ "ok": false, "error_code": self.code, "description": self.description });
        if let (Some(to), Some(object)) = (self.migrate_to_chat_id, body.as_object_mut()) {
            object.insert("parameters".to_owned(), json!({ "migrate_to_chat_id": to }));
        }
        body
    }
}
