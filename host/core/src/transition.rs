//! The transition engine: what of a device's events is told, and when.
//!
//! A pure state machine over one [`DeviceState`] for each device and [`Policy`]. The caller keeps the state, replaces
//! it by a conditional write, and only then sends the [`News`] that came with it:
//!
//! - [`arrive`] for every event, with its [`Standing`]; [`tick`] when [`due`] says so;
//! - [`told`] as soon as one channel has delivered a piece of news, [`lost`] if no channel ever will. A recovery is
//!   told only if its alert was, so this is what recoveries wait for.
//!
//! Nothing is lost if the caller breaks down between writing the state and sending: news that nobody reported on is
//! given out again, by a repeated event as [`Verdict::Resume`] and by the tick; the ledger knows which channels are
//! done. No I/O, no clock and no dice in here.

mod alert;
mod arrive;
pub mod device;
mod flapping;
mod news;
mod policy;
mod quiet_hours;
mod recent;
mod reminder;
mod report;
mod standing;
mod state;
pub mod storm;
mod summary;
mod tell;
mod tick;
mod verdict;
mod version;
mod waiting;
mod watermark;

use std::time::Duration;

pub use arrive::arrive;
pub use flapping::FlappingPolicy;
use jiff::Timestamp;
pub use news::{News, NewsKind};
pub use policy::{Policy, Recoveries};
pub use quiet_hours::{QuietHours, UnknownZone, Window};
pub use report::{lost, told};
pub use standing::Standing;
pub use state::DeviceState;
pub use summary::{Member, SUMMARY_MEMBERS, Summary};
pub use tick::{Tick, due, tick};
pub use verdict::{Arrival, Silence, Verdict};

/// `by` after `time`, or the end of time.
fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// From `start` to `end`; nothing if a clock went backwards.
fn between(start: Timestamp, end: Timestamp) -> Duration {
    Duration::try_from(end.duration_since(start)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
