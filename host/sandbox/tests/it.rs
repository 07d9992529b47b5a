//! The sandbox against real components and real servers on this machine.
#![cfg(test)]

#[path = "it/beside.rs"]
mod beside;
#[path = "it/by_hand.rs"]
mod by_hand;
#[path = "it/containment.rs"]
mod containment;
#[path = "it/corpus.rs"]
mod corpus;
#[path = "it/descriptions.rs"]
mod descriptions;
#[path = "it/network.rs"]
mod network;
#[path = "it/released.rs"]
mod released;
#[path = "it/secrets.rs"]
mod secrets;
#[path = "it/server.rs"]
mod server;
#[path = "it/support.rs"]
mod support;
#[path = "it/ways.rs"]
mod ways;
