//! The pipeline with scripted plugins, on paused time: minutes of waiting take no time and are exact to the millisecond.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can not go on has failed"
)]

#[path = "it/breaker.rs"]
mod breaker;
#[path = "it/endings.rs"]
mod endings;
#[path = "it/events.rs"]
mod events;
#[path = "it/fallback.rs"]
mod fallback;
#[path = "it/isolation.rs"]
mod isolation;
#[path = "it/order.rs"]
mod order;
#[path = "it/records.rs"]
mod records;
#[path = "it/renewal.rs"]
mod renewal;
#[path = "it/resumption.rs"]
mod resumption;
#[path = "it/retries.rs"]
mod retries;
#[path = "it/script.rs"]
mod script;
#[path = "it/summaries.rs"]
mod summaries;
#[path = "it/support.rs"]
mod support;
#[path = "it/tick.rs"]
mod tick;
#[path = "it/transitions.rs"]
mod transitions;
