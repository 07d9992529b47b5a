//! The journal and the engine, without a function and without devices.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can not go on has failed"
)]

#[path = "it/engine.rs"]
mod engine;
#[path = "it/journal.rs"]
mod journal;
#[path = "it/support.rs"]
mod support;
