//! Decisions of the notification router: what an event is, which routes it takes, what people read, and what happens
//! after an attempt.
//!
//! Nothing here does I/O, reads a clock or knows tokio, wasmtime or AWS: time and randomness are arguments.

pub mod breaker;
pub mod config;
pub mod deployed;
pub mod description;
pub mod duration;
pub mod event;
pub mod grant;
pub mod ledger;
pub mod notification;
pub mod outcome;
pub mod render;
pub mod resolve;
pub mod retry;
pub mod route;
pub mod secret_pattern;
#[cfg(feature = "schema")]
pub mod settings_schema;
pub mod template;
pub mod text;
pub mod transition;

pub use campanile_diagnostic as diagnostic;
