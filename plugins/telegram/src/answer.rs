//! What an answer of the Bot API means. The `error_code` in its JSON decides: proxies change the HTTP status.
//!
//! Codes and wording: `fail_query_with_error` in `telegram-bot-api/Client.cpp` and `Query.cpp` of tdlib/telegram-bot-api.

use campanile_channel::{Failure, Response, ResponseExt, text};
use serde_json::Value;

/// Longest description that is passed on.
const MAX_DESCRIPTION: usize = 300;

/// How the content of a refused message is spoken of.
const CONTENT: [&str; 5] = [
    "can't parse entities",
    "message is too long",
    // Markup included, before it is read.
    "text is too long",
    "text must be non-empty",
    "message text is empty",
];

/// How an address that does not exist is spoken of.
const ADDRESS: [&str; 2] = ["chat not found", "message thread not found"];

/// What became of a request.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    /// The message is there.
    Sent(Sent),
    /// The group has become the supergroup with this id; nothing was sent.
    Moved(i64),
    /// Nothing was sent, or nobody can tell.
    Failed(Failure),
}

/// A message in a chat. Both are empty if the server does not say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) message_id: String,
    pub(crate) chat_id: String,
}

/// Reads the answer to a request.
pub(crate) fn read(response: &Response) -> Answer {
    let json = response.json();
    if json.get("ok").and_then(Value::as_bool) == Some(true) {
        let id = |pointer| {
            json.pointer(pointer).and_then(Value::as_i64).map_or_else(String::new, |id| id.to_string())
        };
        return Answer::Sent(Sent { message_id: id("/result/message_id"), chat_id: id("/result/chat/id") });
    }
    if let Some(chat) = json.pointer("/parameters/migrate_to_chat_id").and_then(Value::as_i64) {
        return Answer::Moved(chat);
    }
    Answer::Failed(match json.get("error_code").and_then(Value::as_u64) {
        Some(code) => refusal(code, &json, response),
        // A proxy's refusal has no JSON, but says as clearly that nothing was sent.
        None if response.status == 429 => Failure::rate_limited(wait(&json, response), "HTTP 429"),
        None => unreadable(response.status),
    })
}

/// Somebody else answers in Telegram's place.
fn unreadable(status: u16) -> Failure {
    let detail = format!("HTTP {status} without a readable answer");
    match status {
        300..=399 | 401 | 403 | 404 => Failure::misconfigured(format!("{detail}; check api-url")),
        413 => Failure::content_refused(detail),
        _ => Failure::transient(detail),
    }
}

fn refusal(code: u64, json: &Value, response: &Response) -> Failure {
    let description = json.get("description").and_then(Value::as_str).unwrap_or_default();
    let description = text::truncate(&text::one_line(description), MAX_DESCRIPTION);
    let wording = description.to_ascii_lowercase();
    let about = |words: &[&str]| words.iter().any(|word| wording.contains(word));
    let detail = format!("{code}: {description}");
    match code {
        429 => Failure::rate_limited(wait(json, response), detail),
        401 | 404 | 421 => Failure::misconfigured(format!("{detail}; check bot-token and api-url")),
        400 if about(&CONTENT) => Failure::content_refused(detail),
        400 if about(&ADDRESS) => {
            Failure::misconfigured(format!("{detail}; check chat-id, and whether the bot may write there"))
        }
        400..500 => Failure::rejected(detail),
        _ => Failure::transient(detail),
    }
}

/// The milliseconds to wait, 0 if the server does not say.
fn wait(json: &Value, response: &Response) -> u32 {
    let header = || response.header("retry-after").and_then(|seconds| seconds.trim().parse().ok());
    let seconds =
        json.pointer("/parameters/retry_after").and_then(Value::as_u64).or_else(header).unwrap_or_default();
    u32::try_from(seconds.saturating_mul(1000)).unwrap_or(u32::MAX)
}
