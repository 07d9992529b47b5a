//! Runs channel plugins: WebAssembly components that nobody has to trust.
//!
//! One plugin, one attempt, one fresh instance. Everything that a plugin can do is in four places: [`limits`] (how
//! much), [`inspect`] (which imports), [`egress`] (where to) and [`secrets`] (with what). Each of them says no by a
//! typed value that ends up in the attempt's outcome; nothing a plugin does may end in a panic or a hang of the host.
//!
//! This crate does not know events, routes or retries: it turns one notification and one attempt into one outcome.

mod attempt;
mod bindings;
mod broken;
pub mod catalogue;
#[cfg(feature = "compiler")]
pub mod compile;
pub mod digest;
pub mod egress;
mod engine;
#[cfg(feature = "compiler")]
pub mod folder;
mod guest_log;
pub mod inspect;
pub mod limits;
mod link;
mod plugin;
pub mod precompiled;
pub mod secrets;
mod state;
mod wasi_http;

pub use attempt::{BROKE, Channel, STOPPED};
pub use engine::{Allocation, Engine, EngineError};
#[cfg(feature = "compiler")]
pub use plugin::Described;
pub use plugin::{LoadError, Plugin};
