//! The report as an answer of a size that the platform passes on. What plugins and providers say is theirs to make long.

use campanile_router::{DeliveryReport, Report};

/// Largest answer. A failed event goes to the on-failure queue together with its answer, and a record that is too large is
/// lost (Lambda developer guide, `DestinationDeliveryFailures`). Of the 256 KiB that destinations take, 128 KiB are
/// the event's, and quotation marks may double the answer.
const ANSWER_BYTES: usize = 48 * 1024;

/// Bytes of an attempt's log in a shortened report.
const LOG_BYTES: usize = 4 * 1024;

/// Characters of a reason in the shortest report.
const REASON: usize = 80;

/// What is left out, for people, and how.
type Step = (&'static str, fn(&mut DeliveryReport));

/// `report` without what makes it too large: first the plugins' logs go, then the attempts, at last all but the beginning
/// of each reason. The ledger keeps the whole.
pub(crate) fn fitting(mut report: Report) -> Report {
    let steps: [Step; 4] = [
        ("what plugins logged is cut to its beginning", with_short_logs),
        ("what plugins logged is left out", without_logs),
        ("the attempts are left out", |delivery| delivery.attempts.clear()),
        ("reasons are cut", with_short_reason),
    ];
    for (note, shorten) in steps {
        let before = size(&report);
        if before <= ANSWER_BYTES {
            break;
        }
        report.deliveries.iter_mut().for_each(shorten);
        if size(&report) == before {
            continue;
        }
        report.problems.push(format!("the report is too long for an answer: {note}"));
    }
    report
}

fn size(report: &Report) -> usize {
    serde_json::to_vec(report).map_or(usize::MAX, |json| json.len())
}

fn with_short_logs(delivery: &mut DeliveryReport) {
    for attempt in &mut delivery.attempts {
        let mut room = LOG_BYTES;
        attempt.guest_log.retain(|line| {
            room = room.saturating_sub(line.len());
            room > 0
        });
    }
}

fn without_logs(delivery: &mut DeliveryReport) {
    delivery.attempts.iter_mut().for_each(|attempt| attempt.guest_log.clear());
}

fn with_short_reason(delivery: &mut DeliveryReport) {
    delivery.detail = delivery.detail.chars().take(REASON).collect();
    if let Some(receipt) = &mut delivery.receipt {
        receipt.warnings.clear();
    }
}

#[cfg(test)]
mod tests {
    use campanile_core::ledger::AttemptRecord;
    use campanile_core::notification::Presentation;
    use campanile_core::outcome::OutcomeKind;
    use campanile_router::{DeliveryStatus, EventResult};
    use jiff::Timestamp;

    use super::*;

    fn report(channels: usize, log: &str, detail: &str) -> Report {
        let attempt = AttemptRecord {
            number: 1,
            started_at: Timestamp::UNIX_EPOCH,
            duration_ms: 1,
            presentation: Presentation::Rich,
            outcome: OutcomeKind::Transient,
            detail: detail.to_owned(),
            guest_log: vec![log.to_owned()],
        };
        let delivery = |number: usize| DeliveryReport {
            device: "home-heating".to_owned(),
            news: "01a20694-3550-7cc3-98c4-000000000001".to_owned(),
            channel: format!("family/{number}"),
            plugin: "telegram".to_owned(),
            status: DeliveryStatus::Retrying,
            detail: detail.to_owned(),
            receipt: None,
            presentation: Presentation::Rich,
            due: None,
            attempts: vec![attempt.clone(); 6],
        };
        Report {
            event: Some("01a20694-3550-7cc3-98c4-000000000001".to_owned()),
            device: Some("home-heating".to_owned()),
            status: Some("INACTIVE".to_owned()),
            result: EventResult::Retrying,
            reason: String::new(),
            problems: Vec::new(),
            silences: Vec::new(),
            deliveries: (0..channels).map(delivery).collect(),
        }
    }

    #[test]
    fn an_ordinary_report_stays_whole() {
        let report = report(4, "info: sent", "HTTP 500");
        assert_eq!(fitting(report.clone()), report);
    }

    #[test]
    fn a_report_that_is_too_long_loses_only_as_much_as_it_must() {
        let cases = [
            (report(1, &"x".repeat(64 * 1024), "HTTP 500"), 1, 6),
            (report(4, "info: sent", &"x".repeat(2048)), 2, 0),
            (report(100, "info: sent", &"x".repeat(2048)), 3, 0),
        ];
        for (report, notes, attempts) in cases {
            let fitting = fitting(report.clone());
            assert!(size(&fitting) <= ANSWER_BYTES, "{notes}");
            assert_eq!(fitting.problems.len(), notes);
            assert_eq!(fitting.deliveries[0].attempts.len(), attempts);
            assert_eq!(fitting.deliveries.len(), report.deliveries.len());
        }
    }
}
