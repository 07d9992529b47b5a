//! What rules ask of the world: the clock and the dice of this machine.

use campanile_rules::message::Surroundings;

use crate::ids;

/// This machine.
#[derive(Clone, Copy, Debug)]
pub struct ThisMachine;

/// This machine at the moment when a message was received, in milliseconds since 1970: what rules make of the message is the same
/// whenever they are asked.
#[derive(Clone, Copy, Debug)]
pub struct ThisMachineAt(pub i64);

impl Surroundings for ThisMachineAt {
    fn now(&self) -> i64 {
        self.0
    }

    fn random(&self) -> f64 {
        ThisMachine.random()
    }

    fn uuid(&self) -> String {
        ThisMachine.uuid()
    }
}

impl Surroundings for ThisMachine {
    fn now(&self) -> i64 {
        jiff::Timestamp::now().as_millisecond()
    }

    fn random(&self) -> f64 {
        ids::fraction()
    }

    fn uuid(&self) -> String {
        ids::uuid()
    }
}
