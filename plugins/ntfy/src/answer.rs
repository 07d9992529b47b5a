//! What the server's answer means.
//!
//! Errors: `server/errors.go` of binwiederhier/ntfy; the first three digits of a code are the HTTP status.

use campanile_channel::text::{one_line, truncate};
use campanile_channel::{Failure, Reason, Response, ResponseExt};
use serde_json::Value;

/// Most characters of the server's own words.
const WORDS: usize = 300;

/// A message that the server has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Published {
    pub(crate) id: String,
    /// That of the request, if the server knows sequences.
    pub(crate) sequence: Option<String>,
}

/// Whether the message is published, and if not, why.
pub(crate) fn read(response: &Response) -> Result<Published, Failure> {
    let body = response.json();
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    if (200..300).contains(&response.status) {
        let stranger = "the server accepted, but not as ntfy does; check `server`";
        let id = text("id").ok_or_else(|| Failure::misconfigured(stranger))?;
        return Ok(Published { id, sequence: text("sequence_id").filter(|id| !id.is_empty()) });
    }
    let code = body.get("code").and_then(Value::as_u64).unwrap_or_default();
    let (reason, advice) = reason(response, code);
    let mut detail = format!("ntfy answered {}", response.status);
    if let Some(words) = text("error") {
        detail = format!("{detail}: {words} (code {code})");
    }
    Err(Failure::new(reason, format!("{}{advice}", truncate(&one_line(&detail), WORDS))))
}

/// The reason, and what the operator can do about it.
fn reason(response: &Response, code: u64) -> (Reason, &'static str) {
    match (response.status, code) {
        // Waiting for the next day helps nobody: the channel's fallback can tell at once.
        (_, 42905 | 42908) => (
            Reason::Misconfigured,
            "; set `token` of an account with a higher quota, or use a server of your own",
        ),
        (_, 42904) => (Reason::Misconfigured, "; ask whoever runs the server"),
        (_, 42909) => (Reason::Misconfigured, "; check `token`"),
        (429, _) => (Reason::RateLimited(response.retry_after().unwrap_or_default()), ""),
        // A topic that looks like one of UnifiedPush, whose subscribers come first.
        (_, 50701) => (Reason::Misconfigured, "; choose a `topic` that does not begin with `up`"),
        (503, _) => (response.retry_after().map_or(Reason::Transient, Reason::RateLimited), ""),
        (408 | 425 | 500.., _) => (Reason::Transient, ""),
        (_, 40009 | 40010) => (Reason::Misconfigured, "; check `topic`"),
        (_, 40017 | 40024) => (Reason::Rejected, ""),
        (401, _) => (Reason::Misconfigured, "; check `token`"),
        (403, _) => (Reason::Misconfigured, "; check whether `token` may write to the topic"),
        (404 | 405, _) => (Reason::Misconfigured, "; check `server`"),
        (300..400, _) => {
            (Reason::Misconfigured, "; redirects are not followed: set `server` to where it leads")
        }
        // Too long for this server's limits, no attachments, a picture that it does not take, or what later versions check.
        (400 | 413, _) => (Reason::ContentRefused, ""),
        _ => (Reason::Rejected, ""),
    }
}

#[cfg(test)]
mod tests;
