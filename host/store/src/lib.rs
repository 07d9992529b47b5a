//! Keeps deliveries, dead letters and the history of events. Rules of what may be written are `campanile_core::ledger`'s; this crate writes.

mod any;
mod configured;
mod dynamo;
mod history;
mod ledger;
mod memory;
mod page;
mod sqlite;

pub use any::AnyLedger;
pub use dynamo::{DynamoError, DynamoHistory, DynamoLedger};
pub use history::{AnyHistory, Appended, EventFilter, History, NoKey, PastEvent};
pub use ledger::{Ledger, Letter, StoreError};
pub use memory::MemoryLedger;
pub use page::{Cursor, Entry, Filter, PAGE_LIMIT, Page};
pub use sqlite::{SqliteError, SqliteHistory, SqliteLedger, SqliteTrouble};
