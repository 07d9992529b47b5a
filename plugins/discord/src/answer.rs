//! What Discord's answer to a request means.
//!
//! Codes: discord-api-docs `topics/opcodes-and-status-codes`; rate limits: `topics/rate-limits`.

mod detail;
mod retry;

use campanile_channel::{Failure, Reason, Response, ResponseExt};
use serde_json::Value;

/// A message that Discord has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Empty if the answer does not say.
    pub(crate) message: String,
    /// The channel or thread it is in; empty if the answer does not say.
    pub(crate) channel: String,
}

/// Whether the message is delivered, and if not, why.
pub(crate) fn read(response: &Response) -> Result<Sent, Failure> {
    let body = response.json();
    if (200..300).contains(&response.status) {
        let id = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        return Ok(Sent { message: id("id"), channel: id("channel_id") });
    }
    let reason = reason(response, &body);
    Err(Failure::new(reason, detail::sentence(response.status, &body)))
}

fn code(body: &Value) -> Option<u64> {
    body.get("code").and_then(Value::as_u64)
}

fn reason(response: &Response, body: &Value) -> Reason {
    match (response.status, code(body)) {
        (_, Some(retry::CLOUDFLARE_BLOCK)) | (429, _) => {
            Reason::RateLimited(retry::milliseconds(response, body))
        }
        (408 | 425 | 500.., _) => Reason::Transient,
        (400, Some(50035)) if detail::is_about_settings(body) => Reason::Misconfigured,
        // Bad form, empty message, too many or too large files, refused by the server's moderation rules.
        (_, Some(50035 | 50006 | 30015 | 40005 | 50045 | 200_000 | 200_001)) | (413, _) => {
            Reason::ContentRefused
        }
        // Wrong or deleted webhook, missing permission, wrong or locked thread, forum without thread or tag.
        (401 | 403 | 404, _)
        | (_, Some(10003 | 10015 | 40067 | 50027 | 50083 | 160_005 | 220_001..=220_004)) => {
            Reason::Misconfigured
        }
        // Redirects are not followed: they would carry the token elsewhere.
        (300..400, _) => Reason::Misconfigured,
        _ => Reason::Rejected,
    }
}

#[cfg(test)]
mod tests;
