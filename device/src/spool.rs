//! The spool: transitions that the broker has not acknowledged, on the disk. It is the truth: a transition is there before anybody
//! tries to publish it, and goes when its PUBACK has come, whatever happens to processes, connections and power between.
//!
//! A file of `SQLite`: one commit appends a transition and counts it, so that no number is given twice. It never guesses: a file that is
//! broken is put aside, and a transition that has no room is refused or replaces the oldest, as the bounds say, and is counted.

mod bounds;
mod counters;
mod error;
mod figures;
mod file;
mod lock;
mod open;

pub use self::bounds::{Bounds, WhenFull};
pub use self::counters::Counters;
pub use self::error::SpoolError;
pub use self::figures::{Figures, Link};
pub use self::file::{Appended, Entry, Spool};
