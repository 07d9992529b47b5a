//! Makes what is kept fit into an item, which has up to 400 KB with all its names (AWS, "Quotas in Amazon DynamoDB").

use std::borrow::Cow;
use std::fmt;

use campanile_core::ledger::{AttemptRecord, Record};

use super::error::DynamoError;

/// Bytes of a record, or of a state. The rest of the item is its names: at most a few KiB each.
pub(super) const TEXT_BYTES: usize = 350 * 1024;

/// What a log says after it was cut.
const CUT: &str = "(log cut: the record was too large for the table)";

/// Characters that are kept of the detail of an attempt whose log did not suffice.
const DETAIL: usize = 200;

/// The record as JSON. If it is too large, logs of old attempts go first: they have been looked at, or nobody did.
pub(super) fn to_json(record: &Record) -> serde_json::Result<String> {
    let json = serde_json::to_string(record)?;
    if json.len() <= TEXT_BYTES {
        return Ok(json);
    }
    let mut record = Cow::Borrowed(record);
    let mut size = json.len();
    for cut in [cut_log, cut_detail] {
        for attempt in &mut record.to_mut().attempts {
            if size > TEXT_BYTES {
                let before = serde_json::to_string(attempt)?.len();
                cut(attempt);
                size = (size + serde_json::to_string(attempt)?.len()).saturating_sub(before);
            }
        }
    }
    serde_json::to_string(&record)
}

/// Refuses what is too large, whatever was cut. DynamoDB would refuse it too, and not say what.
pub(super) fn checked(table: &str, what: impl fmt::Display, text: String) -> Result<String, DynamoError> {
    if text.len() <= TEXT_BYTES {
        return Ok(text);
    }
    Err(DynamoError::TooLarge { table: table.to_owned(), what: what.to_string(), bytes: text.len() })
}

fn cut_log(attempt: &mut AttemptRecord) {
    if !attempt.guest_log.is_empty() {
        attempt.guest_log = vec![CUT.to_owned()];
    }
}

fn cut_detail(attempt: &mut AttemptRecord) {
    if let Some((end, _)) = attempt.detail.char_indices().nth(DETAIL) {
        attempt.detail.truncate(end);
        attempt.detail.push('…');
    }
}

#[cfg(test)]
mod tests {
    use campanile_core::ledger::{DeliveryState, Progress};
    use campanile_core::notification::Presentation;
    use campanile_core::outcome::OutcomeKind;
    use jiff::Timestamp;

    use super::*;
    use crate::briefs::brief;

    fn record(attempts: u32, log: &str, detail: &str) -> Record {
        let attempt = |number| AttemptRecord {
            number,
            started_at: Timestamp::UNIX_EPOCH,
            duration_ms: 1,
            presentation: Presentation::Rich,
            outcome: OutcomeKind::Transient,
            detail: detail.to_owned(),
            guest_log: vec![log.to_owned(); 2],
        };
        Record {
            opened_at: Timestamp::UNIX_EPOCH,
            state: DeliveryState::Rejected { reason: "gone".into() },
            brief: brief("Heating"),
            progress: Progress::default(),
            attempts: (1..=attempts).map(attempt).collect(),
            counted_from: 0,
        }
    }

    fn fitted(record: &Record) -> Record {
        let json = to_json(record).unwrap();
        assert!(json.len() <= TEXT_BYTES, "{} bytes", json.len());
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn what_fits_is_left_alone() {
        let record = record(5, &"x".repeat(32 * 1024), "HTTP 500");
        assert_eq!(fitted(&record), record);
    }

    #[test]
    fn the_oldest_logs_go_first() {
        let fitted = fitted(&record(8, &"x".repeat(32 * 1024), "HTTP 500"));
        let cut: Vec<bool> = fitted.attempts.iter().map(|attempt| attempt.guest_log == [CUT]).collect();
        assert_eq!(cut, [true, true, true, false, false, false, false, false]);
    }

    #[test]
    fn a_large_notification_leaves_less_for_logs_and_one_that_is_too_large_says_so() {
        let mut record = record(8, &"x".repeat(32 * 1024), "HTTP 500");
        record.brief.notification.event_json = "x".repeat(200 * 1024);
        let uncut = fitted(&record).attempts.iter().filter(|attempt| attempt.guest_log != [CUT]).count();
        assert_eq!(uncut, 2);
        record.brief.notification.event_json = "x".repeat(TEXT_BYTES);
        let refusal = checked("dispatch", "the delivery `d`", to_json(&record).unwrap()).unwrap_err();
        let message = refusal.to_string();
        assert!(
            message.starts_with("the delivery `d` is too large for the table `dispatch`: 36"),
            "{message}"
        );
    }

    #[test]
    fn even_one_log_of_control_characters_and_long_details_fit() {
        fitted(&record(1, &"\u{1}".repeat(64 * 1024), "HTTP 500"));
        let fitted = fitted(&record(30, "", &"ü".repeat(16 * 1024)));
        assert_eq!(fitted.attempts.len(), 30);
        assert!(fitted.attempts[0].detail.ends_with("ü…"));
    }
}
