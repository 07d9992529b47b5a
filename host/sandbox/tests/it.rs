//! The sandbox against real components and real servers on this machine.
#![cfg(test)]

#[path = "it/containment.rs"]
mod containment;
#[path = "it/descriptions.rs"]
mod descriptions;
#[path = "it/network.rs"]
mod network;
#[path = "it/secrets.rs"]
mod secrets;
#[path = "it/server.rs"]
mod server;
#[path = "it/support.rs"]
mod support;
