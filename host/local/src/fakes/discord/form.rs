//! The body of a request: JSON, a URL-encoded form, or multipart with `payload_json` and `files[n]`
//! (discord-api-docs `reference`, "Uploading Files").

use serde_json::{Map, Value, json};

use super::errors::Refusal;

/// Most files a message may have (discord-api-docs `resources/message`).
const FILES: usize = 10;
/// Largest file without a boosted server (discord-api-docs `reference`, "Uploading Files").
const FILE_BYTES: usize = 10 * 1024 * 1024;

/// What was sent, whatever its encoding.
#[derive(Debug, Default)]
pub(super) struct Form {
    /// The fields.
    pub(super) fields: Map<String, Value>,
    /// The attached files, in order.
    pub(super) files: Vec<File>,
}

/// A file attached to a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    /// Name as the sender gave it.
    pub(super) name: String,
    /// Its length in bytes.
    pub(super) size: usize,
}

/// Reads `body` as `content_type` says.
pub(super) fn read(content_type: &str, body: &[u8]) -> Result<Form, Refusal> {
    let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    let form = match kind.trim().to_ascii_lowercase().as_str() {
        "application/json" => Form { fields: object(body)?, files: Vec::new() },
        "application/x-www-form-urlencoded" => url_encoded(body)?,
        "multipart/form-data" => multipart(parameters, body)?,
        _ => return Err(Refusal::new(400, 50035, "Unsupported Content-Type")),
    };
    if form.files.len() > FILES {
        return Err(Refusal::new(400, 30015, "Maximum number of attachments in a message reached (10)"));
    }
    if form.files.iter().any(|file| file.size > FILE_BYTES) {
        return Err(Refusal::new(413, 40005, "Request entity too large"));
    }
    Ok(form)
}

fn object(text: &[u8]) -> Result<Map<String, Value>, Refusal> {
    match serde_json::from_slice(text) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(Refusal::new(400, 50109, "The request body contains invalid JSON.")),
    }
}

fn url_encoded(body: &[u8]) -> Result<Form, Refusal> {
    let mut form = Form::default();
    for (name, value) in url::form_urlencoded::parse(body) {
        form.put(&name, value.as_bytes())?;
    }
    Ok(form)
}

fn multipart(parameters: &str, body: &[u8]) -> Result<Form, Refusal> {
    let invalid = || Refusal::new(400, 50035, "Invalid multipart body");
    let boundary = parameter(parameters, "boundary").filter(|text| !text.is_empty()).ok_or_else(invalid)?;
    let delimiter = format!("\r\n--{boundary}");
    // The first delimiter has no line break before it: give it one, so that all look alike.
    let body = [b"\r\n", body].concat();
    let mut form = Form::default();
    let mut rest = split_at(&body, delimiter.as_bytes()).ok_or_else(invalid)?.1;
    while !rest.starts_with(b"--") {
        let (part, next) = split_at(rest, delimiter.as_bytes()).ok_or_else(invalid)?;
        let (head, content) = split_at(part, b"\r\n\r\n").ok_or_else(invalid)?;
        let head = String::from_utf8_lossy(head);
        let disposition = head
            .lines()
            .find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))
            .ok_or_else(invalid)?;
        let name = parameter(disposition, "name").ok_or_else(invalid)?;
        match parameter(disposition, "filename") {
            Some(file) => form.files.push(File { name: file, size: content.len() }),
            None => form.put(&name, content)?,
        }
        rest = next;
    }
    Ok(form)
}

impl Form {
    /// Adds one field of a form; `payload_json` holds them all.
    fn put(&mut self, name: &str, value: &[u8]) -> Result<(), Refusal> {
        if name == "payload_json" {
            self.fields.extend(object(value)?);
        } else {
            self.fields.insert(name.to_owned(), json!(String::from_utf8_lossy(value)));
        }
        Ok(())
    }
}

/// The value of `name` in `a; name="value"; b=c`.
fn parameter(text: &str, name: &str) -> Option<String> {
    text.split(';').find_map(|piece| {
        let (key, value) = piece.split_once('=')?;
        (key.trim().eq_ignore_ascii_case(name)).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn split_at<'a>(text: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = text.windows(separator.len()).position(|window| window == separator)?;
    Some((text.get(..at)?, text.get(at + separator.len()..)?))
}
