//! What Resend's answer means.
//!
//! Errors: <https://resend.com/docs/api-reference/errors>; waits and quotas: <https://resend.com/docs/api-reference/rate-limit>.

use campanile_channel::text::{one_line, truncate};
use campanile_channel::{Failure, Reason, Response, ResponseExt};
use serde_json::Value;

/// Most characters of Resend's own words.
const WORDS: usize = 300;
/// Fields that come from settings alone: simpler content would not help.
const FROM_SETTINGS: [&str; 3] = ["`from`", "`to`", "`reply_to`"];

/// What became of an e-mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is sent; its id, empty if the answer does not say.
    Sent(String),
    /// One with this key, but with other words, was sent before.
    SentBefore,
}

/// Whether the e-mail is sent, and if not, why.
pub(crate) fn read(response: &Response) -> Result<Answer, Failure> {
    let body = response.json();
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    if (200..300).contains(&response.status) {
        return Ok(Answer::Sent(text("id").to_owned()));
    }
    let (name, message) = (text("name"), text("message"));
    if name == "invalid_idempotent_request" {
        return Ok(Answer::SentBefore);
    }
    let (reason, advice) = reason(response, name, message);
    let mut detail = format!("Resend answered {}", response.status);
    if !message.is_empty() {
        detail = format!("{detail}: {message} ({name})");
    }
    Err(Failure::new(reason, format!("{}{advice}", truncate(&one_line(&detail), WORDS))))
}

/// The reason, and what the operator can do about it.
fn reason(response: &Response, name: &str, message: &str) -> (Reason, &'static str) {
    match (response.status, name) {
        // Days or weeks: the channel's fallback can tell at once.
        (_, "daily_quota_exceeded" | "monthly_quota_exceeded") => {
            (Reason::Misconfigured, "; the plan's quota is used up")
        }
        (429, _) => (Reason::RateLimited(wait(response)), ""),
        (503, _) => (response.retry_after().map_or(Reason::Transient, Reason::RateLimited), ""),
        // Another request with the same key, or a lock, is in the way for a moment.
        (408 | 409 | 425 | 500.., _) => (Reason::Transient, ""),
        (401, _) => (Reason::Misconfigured, "; check `api-key`"),
        (403, _) => {
            (Reason::Misconfigured, "; check `api-key`, and whether the domain of `from` is verified")
        }
        (404 | 405, _) => (Reason::Misconfigured, "; check `api-url`"),
        (300..400, _) => {
            (Reason::Misconfigured, "; redirects are not followed: set `api-url` to where it leads")
        }
        (_, "invalid_idempotency_key") => (Reason::Rejected, ""),
        (400 | 422, _) if message.contains("API key") => (Reason::Misconfigured, "; check `api-key`"),
        (400 | 422, _) if FROM_SETTINGS.iter().any(|field| message.contains(field)) => {
            (Reason::Misconfigured, "; check `from`, `to` and `reply-to`")
        }
        (_, "invalid_from_address" | "invalid_to_address") => {
            (Reason::Misconfigured, "; check `from` and `to`")
        }
        (400 | 413 | 422, _) => (Reason::ContentRefused, ""),
        _ => (Reason::Rejected, ""),
    }
}

/// Milliseconds until the next request may be made; 0 if nothing tells them.
fn wait(response: &Response) -> u32 {
    let reset = || response.header("ratelimit-reset")?.trim().parse::<u32>().ok()?.checked_mul(1000);
    response.retry_after().or_else(reset).unwrap_or_default()
}

#[cfg(test)]
mod tests;
