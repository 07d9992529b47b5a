//! What is kept in memory, and what has to go to make room.

use std::collections::{HashMap, VecDeque};

use campanile_core::ledger::{AttemptRecord, DeliveryKey, Record};

use crate::ledger::Letter;

/// Deliveries that are kept: at two channels, the last 5 000 events of one execution environment.
const DELIVERIES: usize = 10_000;

/// Bytes of attempts and briefs that are kept: what a plugin logs has up to 64 KiB for each, a notification up to some hundred,
/// and a function has 128 MiB or more for everything.
const RECORD_BYTES: usize = 32 * 1024 * 1024;

/// Dead letters that are kept; each is logged as well.
const LETTERS: usize = 100;

#[derive(Debug, Default)]
pub(super) struct Kept {
    records: HashMap<DeliveryKey, Record>,
    order: VecDeque<DeliveryKey>,
    record_bytes: usize,
    letters: VecDeque<(u64, Letter)>,
    buried: u64,
}

impl Kept {
    pub(super) fn record(&self, key: &DeliveryKey) -> Option<&Record> {
        self.records.get(key)
    }

    pub(super) fn record_mut(&mut self, key: &DeliveryKey) -> Option<&mut Record> {
        self.records.get_mut(key)
    }

    pub(super) fn records(&self) -> impl Iterator<Item = (&DeliveryKey, &Record)> {
        self.records.iter()
    }

    pub(super) fn write(&mut self, key: &DeliveryKey, record: Record) {
        let bytes = bytes(&record);
        match self.records.insert(key.clone(), record) {
            Some(replaced) => self.record_bytes -= self::bytes(&replaced),
            None => self.order.push_back(key.clone()),
        }
        self.grew(bytes);
    }

    /// Counts bytes of records that came, and lets the oldest go until the rest is within bounds.
    pub(super) fn grew(&mut self, bytes: usize) {
        self.record_bytes += bytes;
        while self.records.len() > DELIVERIES || self.record_bytes > RECORD_BYTES {
            let Some(oldest) = self.order.pop_front() else { break };
            self.record_bytes -= self.records.remove(&oldest).as_ref().map_or(0, self::bytes);
        }
    }

    pub(super) fn bury(&mut self, letter: Letter) {
        if self.letters.len() >= LETTERS {
            self.letters.pop_front();
        }
        self.letters.push_back((self.buried, letter));
        self.buried += 1;
    }

    pub(super) fn letters(&self) -> impl Iterator<Item = (u64, &Letter)> {
        self.letters.iter().map(|(number, letter)| (*number, letter))
    }
}

/// Bytes of a record, roughly.
fn bytes(record: &Record) -> usize {
    let notification = &record.brief.notification;
    let fields = notification.fields.iter().map(|field| field.name.len() + field.value.len());
    let texts = notification.title.len() + notification.body.len() + notification.event_json.len();
    let tells = record.brief.tells.iter().map(|told| told.device.len() + told.news.len());
    let attempts = record.attempts.iter().map(size);
    texts + fields.sum::<usize>() + tells.sum::<usize>() + attempts.sum::<usize>()
}

/// Bytes of an attempt, roughly.
pub(super) fn size(attempt: &AttemptRecord) -> usize {
    let lines = attempt.guest_log.iter().map(|line| size_of::<String>() + line.len());
    size_of::<AttemptRecord>() + attempt.detail.len() + lines.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use campanile_core::ledger::{DeliveryState, Progress};
    use campanile_core::notification::Presentation;
    use campanile_core::outcome::OutcomeKind;
    use jiff::Timestamp;

    use super::*;
    use crate::briefs::brief;

    fn key(event: usize) -> DeliveryKey {
        DeliveryKey { device: "a".into(), event: event.to_string(), channel: "family".into() }
    }

    fn record(log: usize) -> Record {
        let attempt = AttemptRecord {
            number: 1,
            started_at: Timestamp::UNIX_EPOCH,
            duration_ms: 1,
            presentation: Presentation::Rich,
            outcome: OutcomeKind::Transient,
            detail: "HTTP 500".into(),
            guest_log: vec!["x".repeat(log)],
        };
        Record {
            opened_at: Timestamp::UNIX_EPOCH,
            state: DeliveryState::Rejected { reason: "gone".into() },
            brief: brief(&"x".repeat(log)),
            progress: Progress::default(),
            attempts: vec![attempt],
            counted_from: 0,
        }
    }

    #[test]
    fn what_plugins_log_is_bounded_too() {
        let mut kept = Kept::default();
        let events = 2 * RECORD_BYTES / (64 * 1024);
        for event in 0..events {
            kept.write(&key(event), record(10));
            kept.write(&key(event), record(64 * 1024));
        }
        assert!(kept.record(&key(0)).is_none());
        assert_eq!(kept.record(&key(events - 1)).unwrap().attempts.len(), 1);
        assert!(kept.record_bytes <= RECORD_BYTES);
        assert_eq!(kept.record_bytes, kept.records.values().map(bytes).sum::<usize>());
        assert_eq!(kept.order.len(), kept.records.len());
    }

    #[test]
    fn memory_is_bounded() {
        let mut kept = Kept::default();
        for event in 0..DELIVERIES + 100 {
            kept.write(&key(event), record(1));
        }
        assert!(kept.record(&key(99)).is_none());
        assert!(kept.record(&key(100)).is_some());
        assert_eq!(kept.records.len(), DELIVERIES);
    }

    #[test]
    fn the_last_letters_are_kept() {
        let mut kept = Kept::default();
        for number in 0..LETTERS + 5 {
            let (at, event) = (Timestamp::UNIX_EPOCH, None);
            kept.bury(Letter { at, event, reason: number.to_string(), payload: String::new() });
        }
        assert_eq!(kept.letters().count(), LETTERS);
        assert_eq!(kept.letters().next().unwrap().1.reason, "5");
    }
}
