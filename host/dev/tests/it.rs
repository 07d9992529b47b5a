//! The journal and the engine, without a function and without devices.

#[path = "it/engine.rs"]
mod engine;
#[path = "it/journal.rs"]
mod journal;
#[path = "it/support.rs"]
mod support;
