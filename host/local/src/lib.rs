//! The parts around the Lambda function on one machine: the runtime emulator, providers' fakes that validate as the
//! services do, and the inbox of caught messages.
//!
//! Tests and local mode use the same parts. Nothing here is linked into the deployed binary.

pub mod catcher;
pub mod fakes;
pub mod fault;
mod ids;
pub mod inbox;
pub mod lambda;
pub mod surroundings;
