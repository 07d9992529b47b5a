//! The pipeline: an event comes in, the transition engine says what is news, each channel gets its delivery, each delivery
//! its attempts, and the device's state hears how they end.
//!
//! Channels work side by side and alone: what one plugin does never delays, repeats or loses the delivery of another. Decisions
//! are `campanile_core`'s, records the store's; this crate puts them in order.

mod channels;
mod delivery;
mod gate;
mod invocation;
mod muster;
mod pipeline;
pub mod record;
mod renewable_channel;
mod report;
mod runner;
mod secret_source;
mod states;
mod teller;
mod telling;
mod tick;

pub use channels::{Channels, ReadyChannel};
pub use invocation::Invocation;
pub use pipeline::{Clock, Router};
pub use renewable_channel::RenewableChannel;
pub use report::{DeliveryReport, DeliveryStatus, EventResult, Report, RouteSilence, TickReport};
pub use runner::{Runner, SandboxRunner};
pub use secret_source::{ParameterError, Parameters, SecretError, SecretReader, SourceError};

/// From 0 to 1; the middle if the system has no randomness, which only makes jitter less.
fn random() -> f64 {
    getrandom::u32().map_or(0.5, |random| f64::from(random) / f64::from(u32::MAX))
}
