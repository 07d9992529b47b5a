//! How long Discord wants us to wait.

use std::time::Duration;

use campanile_channel::{Response, ResponseExt};
use serde_json::Value;

/// Refused before Discord saw it.
pub(super) const CLOUDFLARE_BLOCK: u64 = 40333;
/// Blocked addresses are told no time. Trying on prolongs the block (10,000 refused requests in 10 minutes), so the
/// next attempt is minutes away.
const BLOCKED_MS: u32 = 300_000;

/// The wait in milliseconds, rounded up; 0 if nothing tells it.
pub(super) fn milliseconds(response: &Response, body: &Value) -> u32 {
    let told = body.get("retry_after").and_then(Value::as_f64).and_then(from_seconds);
    let told = told.or_else(|| from_seconds(response.header("retry-after")?.trim().parse().ok()?));
    if is_blocked(response, body, told.is_some()) {
        return told.unwrap_or_default().max(BLOCKED_MS);
    }
    told.unwrap_or_default()
}

/// Whether this is a block of our address and not a limit of the webhook (discord-api-docs issue 5810): Cloudflare's
/// words or page, or Discord's code 0 without a time.
fn is_blocked(response: &Response, body: &Value, told: bool) -> bool {
    let code = body.get("code").and_then(Value::as_u64);
    let message = body.get("message").and_then(Value::as_str).unwrap_or_default();
    let is_page = body.is_null() && !response.body.trim_ascii().is_empty();
    code == Some(CLOUDFLARE_BLOCK)
        || is_page
        || message.contains("being blocked")
        || (code == Some(0) && !told)
}

fn from_seconds(seconds: f64) -> Option<u32> {
    let wait = Duration::try_from_secs_f64(seconds).ok()?;
    Some(u32::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(u32::MAX))
}
