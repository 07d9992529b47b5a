//! The history of events: every message as the cold rule keeps it. Nothing in it is ever changed or deleted.
//!
//! In AWS the rule's own action writes the event table, whose policy lets nobody else: so a [`History`] only reads, and what
//! plays the rule on one machine appends to a [`SqliteHistory`](crate::SqliteHistory).

mod any;
mod event;
mod reading;

use std::future::Future;

use jiff::Timestamp;

pub use self::any::{AnyHistory, AnyReader};
pub use self::event::{NoKey, PastEvent};
pub(crate) use self::reading::Place;
pub use self::reading::{Batch, EventReader, Unreadable};
use crate::ledger::StoreError;
use crate::page::{Cursor, Page};

/// Which events to list; an empty filter means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only this device's: what the client that published it is called.
    pub device: Option<String>,
    /// Only those that were received at this moment or later.
    pub since: Option<Timestamp>,
    /// Only those that were received before this moment.
    pub until: Option<Timestamp>,
}

/// What was kept of all messages. An event whose item does not tell when it was received counts as the oldest.
pub trait History: Send + Sync + std::fmt::Debug + 'static {
    /// Reads on where it was.
    type Reader<'h>: EventReader
    where
        Self: 'h;

    /// Everything that `filter` wants, once and in the store's own order: a file's is by time, oldest first; a table has none. Nothing is
    /// read yet. What comes while it is read may or may not be part of it.
    fn read(&self, filter: &EventFilter) -> Self::Reader<'_>;

    /// The events that `filter` wants, newest first, at most `limit` and [`PAGE_LIMIT`](crate::PAGE_LIMIT).
    fn list(
        &self,
        filter: &EventFilter,
        after: Option<Cursor>,
        limit: usize,
    ) -> impl Future<Output = Result<Page<PastEvent>, StoreError>> + Send;
}

/// What became of an event that was to be kept.
///
/// The rule's action in AWS overwrites an item with the same key. Its key is the broker's id of the message, so that can only
/// be the same item once more, and to keep the first is the same; where it is not, the one who made the key is mistaken, and
/// what is kept stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is kept now.
    New,
    /// It was kept before.
    Again,
    /// Another one is kept under its key.
    Different,
}

impl EventFilter {
    /// Whether it wants an event that was received then.
    pub(crate) fn wants(&self, received_at: Option<Timestamp>) -> bool {
        self.since.is_none_or(|since| received_at >= Some(since))
            && self.until.is_none_or(|until| received_at.unwrap_or_default() < until)
    }

    /// Where a list starts that goes on after a place: not before the end of the time that is wanted.
    pub(crate) fn start(&self, after: Option<Cursor>) -> Option<Cursor> {
        let until = self.until.map(|until| Cursor::new(until, ""));
        match (after, until) {
            (Some(after), Some(until)) => Some(after.min(until)),
            (after, until) => after.or(until),
        }
    }
}
