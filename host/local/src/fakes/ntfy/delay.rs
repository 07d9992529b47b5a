//! When a notification is to be delivered (`delay`; page "Publishing", "Scheduled delivery").

use jiff::{SignedDuration, Timestamp};

use super::refusal::Refusal;

/// Shortest delay.
const MIN: SignedDuration = SignedDuration::from_secs(10);
/// Longest delay.
const MAX: SignedDuration = SignedDuration::from_hours(3 * 24);

/// Where the rules are.
const PAGE: &str = "/publish/#scheduled-delivery";

/// Reads a duration such as `30m`, or a Unix time.
pub(super) fn read(text: &str, now: Timestamp) -> Result<Timestamp, Refusal> {
    let refuse = |code, reason: &str| Refusal::new(code, &format!("invalid delay parameter: {reason}"), PAGE);
    let time = time(text, now).ok_or_else(|| refuse(40004, "unable to parse delay"))?;
    let delay = time.duration_since(now);
    if delay < MIN {
        return Err(refuse(40005, "too small, please refer to the docs"));
    }
    if delay > MAX {
        return Err(refuse(40006, "too large, please refer to the docs"));
    }
    Ok(time)
}

fn time(text: &str, now: Timestamp) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse::<i64>() {
        return Timestamp::from_second(seconds).ok();
    }
    let digits = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(digits)?;
    let seconds = match unit.trim() {
        "s" | "sec" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hour" | "hours" => 60 * 60,
        "d" | "day" | "days" => 24 * 60 * 60,
        _ => return None,
    };
    let delay = number.parse::<i64>().ok()?.checked_mul(seconds)?;
    now.checked_add(SignedDuration::from_secs(delay)).ok()
}
