//! The Telegram fake against what the real software answers, and against itself.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can not go on has failed"
)]

mod answers;
mod escaping;
mod requests;
mod support;
mod vectors;
