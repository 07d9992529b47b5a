//! Local mode: what `campanile dev` runs. A message goes from the broker into the journal, from there through the rules of the
//! deployed template to the function, which runs under the emulator, and into the history; and people look at all of it.
//!
//! It decides nothing about alerts or deliveries: that is the function's, the same one that is deployed. It compiles no plugins
//! either; whoever does tells it what there is.

pub mod broker;
pub mod data;
pub mod engine;
pub mod feed;
mod inbox;
mod intake;
pub mod journal;
pub mod plugins;
pub mod rulebook;
pub mod system;
pub mod web;

pub use self::system::System;
