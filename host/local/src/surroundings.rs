//! What rules ask of the world: the clock and the dice of this machine.

use campanile_rules::message::Surroundings;

use crate::ids;

/// This machine.
#[derive(Clone, Copy, Debug)]
pub struct ThisMachine;

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
