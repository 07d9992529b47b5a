//! A number becomes one of two statuses.

/// Which side is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bad {
    /// Numbers below it: no flow, no heat, an empty battery.
    Below,
    /// Numbers above it: overheating, an open door in degrees.
    Above,
}

/// A threshold with hysteresis: it is bad from `enter` on, and good again only beyond `leave`. Between the two it stays as it was, so a
/// number that trembles around one of them changes nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    bad: Bad,
    enter: f64,
    leave: f64,
}

/// Why a threshold makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ThresholdError {
    /// Neither number may be infinite or none.
    #[error("a threshold is a finite number")]
    NotFinite,
    /// It would be good and bad at once.
    #[error("it is bad {} {enter}, so it can't be good again at {leave} already", if matches!(bad, Bad::Below) { "below" } else { "above" })]
    Crossed {
        /// Which side is bad.
        bad: Bad,
        /// Where it gets bad.
        enter: f64,
        /// Where it would get good.
        leave: f64,
    },
}

impl Threshold {
    /// Bad beyond `enter`, good again at `leave`, which may be the same.
    ///
    /// # Errors
    ///
    /// [`ThresholdError`].
    pub fn new(bad: Bad, enter: f64, leave: f64) -> Result<Self, ThresholdError> {
        if !enter.is_finite() || !leave.is_finite() {
            return Err(ThresholdError::NotFinite);
        }
        let is_crossed = match bad {
            Bad::Below => leave < enter,
            Bad::Above => leave > enter,
        };
        if is_crossed {
            Err(ThresholdError::Crossed { bad, enter, leave })
        } else {
            Ok(Self { bad, enter, leave })
        }
    }

    /// Whether `value` is bad, if it was `before`; without a before, the threshold alone decides. None for what is no number: nothing is
    /// known then, and it stays as it was.
    #[must_use]
    pub fn is_bad(&self, value: f64, before: Option<bool>) -> Option<bool> {
        if value.is_nan() {
            return None;
        }
        let (is_beyond, is_back) = match self.bad {
            Bad::Below => (value < self.enter, value >= self.leave),
            Bad::Above => (value > self.enter, value <= self.leave),
        };
        Some(match before {
            Some(true) => !is_back,
            Some(false) | None => is_beyond,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn between_the_two_it_stays_as_it_was() {
        let cold = Threshold::new(Bad::Below, 15.0, 17.0).unwrap();
        let mut is_bad = None;
        let course = [18.0, 15.0, 14.9, 16.0, 16.9, 17.0, 16.0, 15.0, f64::NAN, 14.0].map(|value| {
            is_bad = cold.is_bad(value, is_bad).or(is_bad);
            is_bad.unwrap()
        });
        assert_eq!(course, [false, false, true, true, true, false, false, false, false, true]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert!(matches!(Threshold::new(Bad::Below, 15.0, 14.0), Err(ThresholdError::Crossed { .. })));
        assert_eq!(
            Threshold::new(Bad::Above, 80.0, 81.0).unwrap_err().to_string(),
            "it is bad above 80, so it can't be good again at 81 already"
        );
        assert_eq!(Threshold::new(Bad::Above, f64::NAN, 1.0), Err(ThresholdError::NotFinite));
        Threshold::new(Bad::Above, 80.0, 80.0).unwrap();
    }

    proptest! {
        /// Mirrored numbers at a mirrored threshold are as bad.
        #[test]
        fn above_is_below_in_the_mirror(enter in -1e6..1e6f64, gap in 0.0..1e3f64, value in -1e6..1e6f64, before: Option<bool>) {
            let below = Threshold::new(Bad::Below, enter, enter + gap).unwrap();
            let above = Threshold::new(Bad::Above, -enter, -(enter + gap)).unwrap();
            prop_assert_eq!(below.is_bad(value, before), above.is_bad(-value, before));
        }
    }
}
