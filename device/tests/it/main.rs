//! The publisher against brokers that do what brokers do: forget, cut, answer in another order, twice, or never.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that can not go on has failed"
)]

mod aarch64;
mod broker;
mod certificates;
mod cycles;
mod doctor;
mod losses;
mod mosquitto;
mod provision;
mod publishing;
#[path = "../../../host/aws/tests/peers/server.rs"]
mod server;
