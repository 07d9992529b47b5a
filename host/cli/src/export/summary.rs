//! What was exported.

use campanile_store::{Batch, PastEvent, Unreadable};
use jiff::Timestamp;
use serde_json::json;

use crate::args::ExportArguments;
use crate::error::count;
use crate::exit::Exit;
use crate::output::{self, CARE, styled, visible};

/// So many of those that were left out are named; the rest is counted.
const NAMED: usize = 20;

/// What was exported so far.
#[derive(Debug, Default)]
pub(super) struct Summary {
    pub(super) rows: usize,
    pub(super) bytes: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    skipped: usize,
    named: Vec<Unreadable>,
}

impl Summary {
    pub(super) fn add(&mut self, batch: &Batch) {
        self.rows += batch.events.len();
        for at in batch.events.iter().filter_map(PastEvent::received_at) {
            self.first = Some(self.first.map_or(at, |first| first.min(at)));
            self.last = Some(self.last.map_or(at, |last| last.max(at)));
        }
        self.skipped += batch.unreadable.len();
        let room = NAMED.saturating_sub(self.named.len());
        self.named.extend(batch.unreadable.iter().take(room).cloned());
    }

    /// Nothing is lost without a word.
    pub(super) fn exit(&self) -> Exit {
        if self.skipped == 0 { Exit::Success } else { Exit::Rejected }
    }

    pub(super) fn show(&self, arguments: &ExportArguments) {
        for Unreadable { name, reason } in &self.named {
            output::note(format!("{} {}: {}", styled(CARE, "left out:"), visible(name), visible(reason)));
        }
        let more = self.skipped - self.named.len();
        if more > 0 {
            output::note(format!("{} {more} more", styled(CARE, "left out:")));
        }
        let file = arguments.out.display().to_string();
        if arguments.json {
            output::json(&json!({
                "rows": self.rows, "bytes": self.bytes, "file": file, "from": self.first, "to": self.last,
                "skipped": self.skipped,
            }));
        } else if !arguments.is_to_stdout() {
            output::line(self.line(&file));
        }
    }

    fn line(&self, file: &str) -> String {
        let time = self.first.zip(self.last).map(|(first, last)| {
            let show = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M:%SZ");
            format!(", received {} to {}", show(first), show(last))
        });
        let events = count(self.rows, "event");
        format!("{events} in {}, {}{}", visible(file), size(self.bytes), time.unwrap_or_default())
    }
}

fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    match (bytes / KIB, bytes / KIB / KIB) {
        (0, _) => format!("{bytes} bytes"),
        (kib, 0) => format!("{kib} KiB"),
        (_, mib) => format!("{mib} MiB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unreadable(number: usize) -> Unreadable {
        Unreadable { name: number.to_string(), reason: "no JSON".to_owned() }
    }

    #[test]
    fn what_is_left_out_is_counted_and_the_first_are_named() {
        let mut summary = Summary::default();
        for start in [0, 15] {
            let unreadable = (start..start + 15).map(unreadable).collect();
            summary.add(&Batch { events: Vec::new(), unreadable });
        }
        assert_eq!((summary.skipped, summary.exit()), (30, Exit::Rejected));
        assert_eq!(summary.named, (0..NAMED).map(unreadable).collect::<Vec<_>>());
    }

    #[test]
    fn a_line_tells_how_much_and_of_when() {
        let at = |text: &str| Some(text.parse().unwrap());
        let mut summary = Summary { rows: 1, bytes: 1023, ..Summary::default() };
        assert_eq!(summary.line("a.csv"), "1 event in a.csv, 1023 bytes");
        summary.first = at("2026-11-16T05:00:00.5Z");
        summary.last = at("2026-11-22T23:40:00Z");
        summary.bytes = 3 << 20;
        let expected = "1 event in a.csv, 3 MiB, received 2026-11-16 05:00:00Z to 2026-11-22 23:40:00Z";
        assert_eq!(summary.line("a.csv"), expected);
        assert_eq!(size(2048), "2 KiB");
    }
}
