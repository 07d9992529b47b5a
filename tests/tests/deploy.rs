//! The scripts in `deploy/` with the real AWS CLI, against moto. What moto fakes is no proof: docs/deploying.md says what that leaves.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can not go on has failed"
)]

#[path = "deploy/account.rs"]
mod account;
#[path = "deploy/devices.rs"]
mod devices;
#[path = "deploy/logs.rs"]
mod logs;
#[path = "deploy/repair.rs"]
mod repair;
#[path = "deploy/rule.rs"]
mod rule;
#[path = "deploy/secrets.rs"]
mod secrets;
#[path = "../../host/aws/tests/peers/server.rs"]
mod server;
#[path = "deploy/whole.rs"]
mod whole;
#[path = "deploy/wrong.rs"]
mod wrong;
