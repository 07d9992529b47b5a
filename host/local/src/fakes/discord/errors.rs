//! Refusals in Discord's own shape: a status, a code and, for a bad form, a tree of errors.
//!
//! Codes are those of discord-api-docs `topics/opcodes-and-status-codes`; the wording of form errors is what the API
//! has been seen to answer, because the documentation does not list it.

use serde_json::{Value, json};

/// An answer that is not a success.
#[derive(Debug)]
pub(super) struct Refusal {
    /// HTTP status.
    pub(super) status: u16,
    /// JSON body.
    pub(super) body: Value,
}

impl Refusal {
    /// A refusal with one of the documented codes.
    pub(super) fn new(status: u16, code: u32, message: &str) -> Self {
        Self { status, body: json!({ "message": message, "code": code }) }
    }

    /// No such path.
    pub(super) fn not_found() -> Self {
        Self::new(404, 0, "404: Not Found")
    }

    /// The path exists, for another method.
    pub(super) fn method_not_allowed() -> Self {
        Self::new(405, 0, "405: Method Not Allowed")
    }
}

/// What is wrong with a form, by the path of each field (`embeds.0.title`).
#[derive(Debug)]
pub(super) struct FormErrors {
    tree: Value,
}

impl FormErrors {
    /// Nothing wrong yet.
    pub(super) fn new() -> Self {
        Self { tree: json!({}) }
    }

    /// Adds an error at `path`.
    pub(super) fn add(&mut self, path: &str, code: &str, message: &str) {
        let mut node = &mut self.tree;
        for key in path.split('.') {
            let Some(object) = node.as_object_mut() else { return };
            node = object.entry(key).or_insert_with(|| json!({}));
        }
        let Some(object) = node.as_object_mut() else { return };
        if let Some(list) = object.entry("_errors").or_insert_with(|| json!([])).as_array_mut() {
            list.push(json!({ "code": code, "message": message }));
        }
    }

    /// More than `max` characters or items.
    pub(super) fn too_long(&mut self, path: &str, max: usize) {
        self.add(path, "BASE_TYPE_MAX_LENGTH", &format!("Must be {max} or fewer in length."));
    }

    /// Not between `min` and `max` characters.
    pub(super) fn bad_length(&mut self, path: &str, min: usize, max: usize) {
        self.add(path, "BASE_TYPE_BAD_LENGTH", &format!("Must be between {min} and {max} in length."));
    }

    /// Missing, or empty once trimmed.
    pub(super) fn required(&mut self, path: &str) {
        self.add(path, "BASE_TYPE_REQUIRED", "This field is required");
    }

    /// Not an object.
    pub(super) fn not_an_object(&mut self, path: &str) {
        self.add(path, "MODEL_TYPE_CONVERT", "Expected an object/dictionary.");
    }

    /// Not a number of the kind that is wanted (`int`, `snowflake`).
    pub(super) fn not_a(&mut self, path: &str, value: &str, kind: &str) {
        self.add(path, "NUMBER_TYPE_COERCE", &format!("Value \"{value}\" is not {kind}."));
    }

    /// Code 50035 with the tree, unless there is nothing wrong.
    pub(super) fn into_result(self) -> Result<(), Refusal> {
        if self.tree.as_object().is_none_or(serde_json::Map::is_empty) {
            return Ok(());
        }
        let body = json!({ "message": "Invalid Form Body", "code": 50035, "errors": self.tree });
        Err(Refusal { status: 400, body })
    }
}
