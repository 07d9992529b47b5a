//! What a request wants, by its method and its path (`handleInternal` of `server/server.go`).

use serde_json::Value;

use super::parameters;
use super::refusal::Refusal;
use crate::fakes::CaughtRequest;

/// Most characters of a topic, and of a sequence id.
const NAME: usize = 64;
/// Topics that are pages of the server.
const PAGES: [&str; 11] = [
    "docs",
    "static",
    "file",
    "app",
    "metrics",
    "account",
    "settings",
    "signup",
    "login",
    "reset-password",
    "v1",
];
/// Headers that nobody else sends.
const OWN_HEADERS: [&str; 7] =
    ["x-title", "title", "x-priority", "x-tags", "tags", "x-sequence-id", "sequence-id"];

/// What a request wants.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// Publish what the body and the headers say.
    Publish { topic: String, sequence: Option<String> },
    /// Publish what the body says, which is JSON.
    PublishJson,
    /// Mark as read.
    Clear { topic: String, sequence: String },
    /// Take back.
    Delete { topic: String, sequence: String },
}

impl Route {
    /// Reads method and path.
    pub(super) fn read(request: &CaughtRequest) -> Result<Self, Refusal> {
        let path: Vec<&str> = request.url.path_segments().into_iter().flatten().collect();
        if path != [""] && !path.iter().all(|segment| is_name(segment)) {
            return Err(Refusal::not_found());
        }
        let owned = |text: &str| text.to_owned();
        match (request.method.as_str(), path.as_slice()) {
            ("POST" | "PUT", [""]) => Ok(Self::PublishJson),
            ("PUT", [topic, sequence, "clear" | "read"]) => {
                Ok(Self::Clear { topic: owned(topic), sequence: owned(sequence) })
            }
            ("GET", [topic, "publish" | "send" | "trigger"]) | ("POST" | "PUT", [topic]) => {
                Ok(Self::Publish { topic: owned(topic), sequence: None })
            }
            ("POST" | "PUT", [topic, sequence]) => {
                Ok(Self::Publish { topic: owned(topic), sequence: Some(owned(sequence)) })
            }
            ("DELETE", [topic, sequence]) => {
                Ok(Self::Delete { topic: owned(topic), sequence: owned(sequence) })
            }
            _ => Err(Refusal::not_found()),
        }
    }
}

/// Whether `text` may be a topic or a sequence id.
pub(super) fn is_name(text: &str) -> bool {
    (1..=NAME).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// Refuses topics that there can't be.
pub(super) fn check_topic(topic: &str) -> Result<(), Refusal> {
    if !is_name(topic) {
        return Err(Refusal::topic());
    }
    if PAGES.contains(&topic) {
        return Err(Refusal::new(40010, "invalid request: topic name is not allowed", ""));
    }
    Ok(())
}

/// Whether a request to a server that nothing is known about publishes a notification: JSON to the root that says nothing but what ntfy
/// reads, or a topic with headers that nobody else sends.
pub(in crate::fakes) fn is_publication(request: &CaughtRequest) -> bool {
    match Route::read(request) {
        Ok(Route::PublishJson) => {
            serde_json::from_slice(&request.body).is_ok_and(|body: Value| is_message(&body))
        }
        Ok(_) => OWN_HEADERS.iter().any(|name| request.header(name).is_some()),
        Err(_) => false,
    }
}

fn is_message(body: &Value) -> bool {
    let Some(object) = body.as_object() else { return false };
    object.get("topic").is_some_and(Value::is_string)
        && object.keys().all(|key| parameters::FIELDS.contains(&key.as_str()))
}
