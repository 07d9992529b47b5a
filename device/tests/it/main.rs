//! The publisher against brokers that do what brokers do: forget, cut, answer in another order, twice, or never.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can not go on has failed")]

mod aarch64;
mod broker;
mod losses;
mod publishing;
