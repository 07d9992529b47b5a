//! The pipeline: an event comes in, its routes are found, each channel gets its delivery, each delivery its attempts.
//!
//! Channels work side by side and alone: what one plugin does never delays, repeats or loses the delivery of another. Decisions
//! are `campanile_core`'s, records the ledger's; this crate puts them in order.

mod channels;
mod delivery;
mod gate;
mod invocation;
mod pipeline;
mod renewable_channel;
mod report;
mod runner;
mod secret_source;

pub use channels::{Channels, ReadyChannel};
pub use invocation::Invocation;
pub use pipeline::{Clock, Router};
pub use renewable_channel::RenewableChannel;
pub use report::{DeliveryReport, DeliveryStatus, EventResult, Report};
pub use runner::{Runner, SandboxRunner};
pub use secret_source::{ParameterError, Parameters, SecretError, SecretReader, SourceError};
