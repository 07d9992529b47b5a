//! What a fleet does, and when. Pure: the same seed gives the same story.

use std::time::Duration;

use fastrand::Rng;

/// One in so many devices flaps: when it changes, it changes some more times at once.
const FLAPS: usize = 10;

/// One in so many has a clock that nobody sets.
const SKEWED: usize = 10;

/// How far such a clock may be off, in seconds.
const SKEW: i64 = 3600;

/// How often a part of the fleet loses its network, on average.
const OUTAGE_EVERY: Duration = Duration::from_secs(15);

/// Shares of states: the bad one is the usual trouble, the other one is rare.
const FAULTY_SHARE: f64 = 0.05;

/// Something that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A device has another status.
    Change {
        /// Its number.
        device: usize,
        /// What it is now.
        status: &'static str,
    },
    /// Devices lose their network for a while.
    Outage {
        /// Their numbers.
        devices: Vec<usize>,
        /// For how long.
        lasts: Duration,
        /// Whether they are not even told: nothing comes back any more, and no connection ends.
        is_silent: bool,
    },
}

/// The story of a fleet, without an end.
#[derive(Clone, Debug)]
pub struct Plan {
    rng: Rng,
    statuses: Vec<&'static str>,
    rate: f64,
    next_change: Duration,
    next_outage: Duration,
    /// The device that flaps, and how often it will still change.
    flapping: Option<(usize, u32)>,
}

impl Plan {
    /// One of `devices` devices that change `rate` times a second together.
    #[must_use]
    pub fn new(seed: u64, devices: usize, rate: f64) -> Self {
        let mut plan = Self {
            rng: Rng::with_seed(seed),
            statuses: vec!["ACTIVE"; devices],
            rate,
            next_change: Duration::ZERO,
            next_outage: Duration::ZERO,
            flapping: None,
        };
        plan.next_change = plan.pause(Duration::from_secs_f64(1.0 / rate));
        plan.next_outage = plan.pause(OUTAGE_EVERY);
        plan
    }

    /// How far the clock of a device is off, in seconds; none if it is set right.
    #[must_use]
    pub fn skew(seed: u64, device: usize) -> Option<i64> {
        let mut rng = Rng::with_seed(seed ^ u64::try_from(device).unwrap_or_default().rotate_left(32));
        (rng.usize(..SKEWED) == 0).then(|| rng.i64(-SKEW..=SKEW))
    }

    /// A pause that is so long on average (a Poisson process).
    fn pause(&mut self, average: Duration) -> Duration {
        average.mul_f64(-(1.0 - self.rng.f64()).ln())
    }

    fn change(&mut self) -> Option<Step> {
        let count = self.statuses.len();
        let device = match self.flapping.take() {
            Some((device, left)) => {
                self.flapping = left.checked_sub(1).map(|left| (device, left));
                device
            }
            None => self.rng.usize(..count),
        };
        if self.flapping.is_none() && device.is_multiple_of(FLAPS) && self.rng.bool() {
            self.flapping = Some((device, self.rng.u32(2..8)));
        }
        let bad = if self.rng.f64() < FAULTY_SHARE { "FAULTY" } else { "INACTIVE" };
        let status = self.statuses.get_mut(device)?;
        *status = if *status == "ACTIVE" { bad } else { "ACTIVE" };
        Some(Step::Change { device, status })
    }

    fn outage(&mut self) -> Step {
        let count = self.statuses.len();
        let share = self.rng.usize(1..=count.div_ceil(4));
        let first = self.rng.usize(..count);
        let devices = (first..first + share).map(|device| device % count).collect();
        Step::Outage {
            devices,
            lasts: Duration::from_millis(self.rng.u64(500..8000)),
            is_silent: self.rng.bool(),
        }
    }
}

impl Iterator for Plan {
    /// When it happens, since the beginning, and what.
    type Item = (Duration, Step);

    fn next(&mut self) -> Option<Self::Item> {
        if self.next_outage < self.next_change {
            let at = self.next_outage;
            self.next_outage = at + self.pause(OUTAGE_EVERY);
            return Some((at, self.outage()));
        }
        let at = self.next_change;
        let step = self.change()?;
        self.next_change = at + self.pause(Duration::from_secs_f64(1.0 / self.rate));
        Some((at, step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_story() {
        let story = |seed| Plan::new(seed, 50, 20.0).take(500).collect::<Vec<_>>();
        assert_eq!(story(7), story(7));
        assert_ne!(story(7), story(8));
    }

    #[test]
    fn each_change_is_one_and_they_come_as_often_as_they_should() {
        let mut statuses = vec!["ACTIVE"; 50];
        let story: Vec<_> =
            Plan::new(1, 50, 20.0).take_while(|(at, _)| *at < Duration::from_secs(300)).collect();
        let mut changes = 0;
        for (_, step) in &story {
            match step {
                Step::Change { device, status } => {
                    assert_ne!(statuses[*device], *status);
                    statuses[*device] = status;
                    changes += 1;
                }
                Step::Outage { devices, lasts, .. } => {
                    assert!(
                        !devices.is_empty()
                            && devices.len() <= 13
                            && devices.iter().all(|device| *device < 50)
                    );
                    assert!(*lasts < Duration::from_secs(8));
                }
            }
        }
        assert!((5_500..6_500).contains(&changes), "300 s of 20 a second: {changes}");
        assert!((10..35).contains(&(story.len() - changes)), "an outage every 15 s");
        assert!(story.is_sorted_by_key(|(at, _)| *at));
    }

    #[test]
    fn some_clocks_are_off() {
        let skewed = (0..1000).filter(|device| Plan::skew(1, *device).is_some()).count();
        assert!((60..150).contains(&skewed), "{skewed}");
        assert!((0..1000).filter_map(|device| Plan::skew(1, device)).all(|skew| skew.abs() <= SKEW));
    }
}
