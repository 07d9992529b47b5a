//! Surroundings that stand still, for tests.

use crate::message::Surroundings;

/// 2026-11-24T07:00:00Z, and dice that always fall alike.
pub(crate) struct StandStill;

impl Surroundings for StandStill {
    fn now(&self) -> i64 {
        1_795_503_600_000
    }

    fn random(&self) -> f64 {
        0.25
    }

    fn uuid(&self) -> String {
        "123a4567-b89c-42d3-a456-426614174000".to_owned()
    }
}
