//! The device's side of Campanile: signals become transitions, each is kept on the disk before it is published and until the broker
//! has acknowledged it.
//!
//! It must stay small: it runs on machines with little memory, little disk and a clock that may be wrong.

pub mod cli;
pub mod clock;
pub mod config;
pub mod doctor;
pub mod input;
pub mod link;
pub mod metrics;
pub mod provision;
pub mod publisher;
pub mod run;
pub mod signal;
pub mod simulate;
pub mod spool;
pub mod tls;
pub mod transition;
