//! Reading all of a history, some at a time.

use std::fmt;
use std::future::Future;

use super::event::PastEvent;
use crate::ledger::StoreError;

/// Some of the events.
#[derive(Debug, Default)]
pub struct Batch {
    /// In the store's own order; there may be none although there are more to come.
    pub events: Vec<PastEvent>,
    /// What is kept among them and is no event.
    pub unreadable: Vec<Unreadable>,
}

impl Batch {
    pub(crate) fn leave_out(&mut self, name: &dyn fmt::Display, reason: &dyn fmt::Display) {
        self.unreadable.push(Unreadable { name: name.to_string(), reason: reason.to_string() });
    }
}

/// What is kept and is not what a rule's action writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Its id, as that of a [`PastEvent`].
    pub name: String,
    /// What is wrong with it.
    pub reason: String,
}

/// Reads a history from one end to the other. Whoever drops it stops there.
pub trait EventReader: Send {
    /// The next few: about a megabyte of them, so that memory is bounded however large they are. None at the end.
    ///
    /// After an error it is where it was, and may be asked again.
    fn next(&mut self) -> impl Future<Output = Result<Option<Batch>, StoreError>> + Send;
}

/// How far a reader has come.
#[derive(Clone, Debug)]
pub(crate) enum Place<P> {
    Start,
    After(P),
    End,
}

impl<P> Place<P> {
    /// After the last one that was read, if there are more.
    pub(crate) fn after(last: Option<P>) -> Self {
        last.map_or(Self::End, Self::After)
    }
}
