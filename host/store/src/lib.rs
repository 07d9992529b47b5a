//! Keeps deliveries and dead letters. Rules of what may be written are `campanile_core::ledger`'s; this crate writes.

mod any;
mod configured;
mod dynamo;
mod ledger;
mod memory;
mod page;
mod sqlite;

pub use any::AnyLedger;
pub use dynamo::{DynamoError, DynamoLedger};
pub use ledger::{Ledger, Letter, StoreError};
pub use memory::MemoryLedger;
pub use page::{Cursor, Entry, Filter, PAGE_LIMIT, Page};
pub use sqlite::{SqliteError, SqliteLedger, SqliteTrouble};
