//! Deliveries that were reopened, until they have ended.

use campanile_core::ledger::{Record, StateKind};
use campanile_core::outcome::OutcomeKind;
use campanile_store::{AnyLedger, Entry, Ledger as _};
use jiff::Timestamp;

use crate::error::CliError;
use crate::exit::Exit;

/// A delivery that is redriven.
#[derive(Debug)]
pub(super) struct Redriven {
    /// As it stands.
    pub(super) entry: Entry,
    /// Where it stood before.
    pub(super) before: StateKind,
}

/// All that are redriven.
#[derive(Debug)]
pub(super) struct Followed<'l> {
    ledger: &'l AnyLedger,
    pub(super) deliveries: Vec<Redriven>,
}

impl<'l> Followed<'l> {
    /// Reopens them, the oldest first. One that somebody else has reopened meanwhile is followed all the same.
    pub(super) async fn reopen(ledger: &'l AnyLedger, chosen: Vec<Entry>) -> Result<Self, CliError> {
        let mut deliveries = Vec::new();
        for entry in chosen {
            ledger.reopen(&entry.key, Timestamp::now()).await?;
            deliveries.push(Redriven { before: entry.record.state.kind(), entry });
        }
        let mut followed = Self { ledger, deliveries };
        for redriven in &mut followed.deliveries {
            redriven.look(ledger).await?;
        }
        Ok(followed)
    }

    pub(super) fn len(&self) -> usize {
        self.deliveries.len()
    }

    /// Looks how those stand that have not ended; how many have.
    pub(super) async fn look(&mut self) -> Result<usize, CliError> {
        for redriven in self.deliveries.iter_mut().filter(|redriven| !redriven.has_ended()) {
            redriven.look(self.ledger).await?;
        }
        Ok(self.ended())
    }

    /// How many have ended.
    pub(super) fn ended(&self) -> usize {
        self.deliveries.iter().filter(|redriven| redriven.has_ended()).count()
    }

    /// When the next one is due; none if all have ended.
    pub(super) fn due(&self) -> Option<Timestamp> {
        self.records().filter_map(|record| record.state.due()).min()
    }

    /// All attempts so far.
    pub(super) fn attempts(&self) -> usize {
        self.records().map(|record| record.attempts.len()).sum()
    }

    fn records(&self) -> impl Iterator<Item = &Record> {
        self.deliveries.iter().map(|redriven| &redriven.entry.record)
    }

    /// The worst that happened, as `docs/exit-codes.md` says.
    pub(super) fn exit(&self) -> Exit {
        let any = |kind: StateKind| self.records().any(|record| record.state.kind() == kind);
        if self.due().is_some() {
            Exit::Undelivered
        } else if self.records().any(broke) {
            Exit::Plugin
        } else if any(StateKind::Rejected) {
            Exit::Rejected
        } else if any(StateKind::DeadLetter) {
            Exit::Undelivered
        } else {
            Exit::Success
        }
    }
}

impl Redriven {
    async fn look(&mut self, ledger: &AnyLedger) -> Result<(), CliError> {
        // One that has expired stays as it was last seen.
        if let Some(record) = ledger.find(&self.entry.key, Timestamp::now()).await? {
            self.entry.record = record;
        }
        Ok(())
    }

    fn has_ended(&self) -> bool {
        self.entry.record.state.due().is_none()
    }
}

/// Whether its plugin broke, and it did not end well.
fn broke(record: &Record) -> bool {
    let last = record.attempts.last();
    record.state.kind() != StateKind::Delivered
        && last.is_some_and(|last| last.outcome == OutcomeKind::Trapped)
}
