//! Keeps deliveries and dead letters. Rules of what may be written are `campanile_core::ledger`'s; this crate writes.

mod ledger;
mod memory;

pub use ledger::{Ledger, Letter, StoreError};
pub use memory::MemoryLedger;
