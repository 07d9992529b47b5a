//! Keeps deliveries, dead letters, the states of devices, and the history of events. What a delivery may become is
//! `campanile_core::ledger`'s, and what a state says is the router's; this crate writes.

mod any;
#[cfg(test)]
#[path = "../tests/conformance/briefs.rs"]
mod briefs;
mod configured;
mod dynamo;
mod history;
mod ledger;
mod memory;
mod page;
mod sqlite;
mod states;

pub use any::AnyLedger;
pub use dynamo::{DynamoError, DynamoHistory, DynamoLedger, DynamoReader};
pub use history::{
    AnyHistory, AnyReader, Appended, Batch, EventFilter, EventReader, History, NoKey, PastEvent, Unreadable,
};
pub use ledger::{Ledger, Letter, StoreError};
pub use memory::MemoryLedger;
pub use page::{Cursor, Entry, Filter, PAGE_LIMIT, Page, Tally};
pub use sqlite::{
    EndedAttempt, Fault, Schema, SqliteError, SqliteFile, SqliteHistory, SqliteLedger, SqliteReader,
    SqliteTrouble,
};
pub use states::{KeptState, NewState, StateKey, States, Version};
