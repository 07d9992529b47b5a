//! The device's side as a whole: the publisher against brokers that do what brokers do (forget, cut, answer in another order, twice, or never),
//! and the program against Mosquitto and AWS's CLI.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that can not go on has failed, and some print what they have found"
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
mod rumqttc_alone;
mod run;
#[path = "../../../host/aws/tests/peers/server.rs"]
mod server;
