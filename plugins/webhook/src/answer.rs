//! What the endpoint's answer means (spec/standard-webhooks.md, "Operational considerations"): 2xx is success and nothing
//! else is, 410 asks to stop, `retry-after` is honoured.

use campanile_channel::text::{one_line, truncate};
use campanile_channel::{Failure, Reason, Response, ResponseExt};

/// Most characters of the endpoint's own words.
const WORDS: usize = 200;

/// Whether the endpoint took the notification, and if not, why.
pub(crate) fn read(response: &Response) -> Result<(), Failure> {
    let (reason, advice) = match response.status {
        200..300 => return Ok(()),
        300..=399 => (Reason::Rejected, moved(response)),
        410 => {
            (Reason::Misconfigured, "; the endpoint is gone: remove the channel or change `url`".to_owned())
        }
        401 | 403 => (Reason::Misconfigured, "; check the secrets".to_owned()),
        429 => (Reason::RateLimited(response.retry_after().unwrap_or_default()), String::new()),
        503 => (response.retry_after().map_or(Reason::Transient, Reason::RateLimited), String::new()),
        408 | 425 | 500.. => (Reason::Transient, String::new()),
        _ => (Reason::Rejected, String::new()),
    };
    let words = truncate(&one_line(&String::from_utf8_lossy(&response.body)), WORDS);
    let colon = if words.is_empty() { "" } else { ": " };
    Err(Failure::new(reason, format!("endpoint answered {}{advice}{colon}{words}", response.status)))
}

/// Names no more than the new origin: the rest of a location may be as secret as a token.
fn moved(response: &Response) -> String {
    let location = response.header("location").unwrap_or_default();
    let origin = location.split_inclusive('/').take(3).collect::<String>();
    let target = if origin.contains("://") {
        truncate(&one_line(&origin), WORDS)
    } else {
        "where it leads".to_owned()
    };
    format!("; redirects are not followed: set `url` to {target}")
}
