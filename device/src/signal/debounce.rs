//! A status that lasts becomes the status of the device; one that passes is none.

use std::time::Duration;

/// How long a status must last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// A bad one: longer than any pause that is usual.
    pub bad: Duration,
    /// A good one.
    pub good: Duration,
}

/// The device has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it was; none if nothing was known.
    pub previous: Option<String>,
    /// What it is.
    pub status: String,
    /// When it began to be it, which is before it was sure.
    pub since: Duration,
}

/// What a device is taken for.
#[derive(Clone, Debug)]
pub struct Debounce {
    held: Held,
    known: Option<String>,
    candidate: Option<Candidate>,
}

#[derive(Clone, Debug)]
struct Candidate {
    status: String,
    is_bad: bool,
    since: Duration,
}

impl Debounce {
    /// `known` is what the device was taken for before this process began.
    #[must_use]
    pub fn new(held: Held, known: Option<String>) -> Self {
        Self { held, known, candidate: None }
    }

    /// The device has this status at `at`.
    pub fn observe(&mut self, status: &str, is_bad: bool, at: Duration) -> Option<Change> {
        if self.known.as_deref() == Some(status) {
            self.candidate = None;
            return None;
        }
        if self.candidate.as_ref().is_none_or(|candidate| candidate.status != status) {
            self.candidate = Some(Candidate { status: status.to_owned(), is_bad, since: at });
        }
        self.elapse(at)
    }

    /// It is `at` now, and nothing was observed since.
    pub fn elapse(&mut self, at: Duration) -> Option<Change> {
        if at < self.sure_at()? {
            return None;
        }
        let Candidate { status, since, .. } = self.candidate.take()?;
        let previous = self.known.replace(status.clone());
        Some(Change { previous, status, since })
    }

    /// When the status that was observed last becomes sure if it lasts; none if it is sure.
    #[must_use]
    pub fn sure_at(&self) -> Option<Duration> {
        let candidate = self.candidate.as_ref()?;
        let held = if candidate.is_bad { self.held.bad } else { self.held.good };
        Some(candidate.since.saturating_add(held))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HELD: Held = Held { bad: Duration::from_secs(30), good: Duration::from_secs(5) };

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn change(previous: Option<&str>, status: &str, since: u64) -> Option<Change> {
        Some(Change { previous: previous.map(str::to_owned), status: status.to_owned(), since: at(since) })
    }

    #[test]
    fn what_lasts_is_told_with_its_beginning() {
        let mut heater = Debounce::new(HELD, Some("ACTIVE".to_owned()));
        assert_eq!(heater.observe("INACTIVE", true, at(10)), None);
        assert_eq!(heater.observe("INACTIVE", true, at(39)), None);
        assert_eq!(heater.sure_at(), Some(at(40)));
        assert_eq!(heater.elapse(at(40)), change(Some("ACTIVE"), "INACTIVE", 10));
        assert_eq!((heater.elapse(at(41)), heater.sure_at()), (None, None));
        assert_eq!(heater.observe("ACTIVE", false, at(50)), None);
        assert_eq!(heater.observe("ACTIVE", false, at(55)), change(Some("INACTIVE"), "ACTIVE", 50));
    }

    #[test]
    fn what_passes_is_not() {
        let mut heater = Debounce::new(HELD, Some("ACTIVE".to_owned()));
        assert_eq!(heater.observe("INACTIVE", true, at(10)), None);
        assert_eq!(heater.observe("ACTIVE", false, at(39)), None);
        assert_eq!(heater.observe("INACTIVE", true, at(41)), None);
        assert_eq!(heater.elapse(at(70)), None, "it began again");
        assert_eq!(heater.elapse(at(71)), change(Some("ACTIVE"), "INACTIVE", 41));
    }

    #[test]
    fn the_first_status_ever_is_a_change_from_nothing() {
        let mut heater = Debounce::new(Held::default(), None);
        assert_eq!(heater.observe("ACTIVE", false, at(0)), change(None, "ACTIVE", 0));
        assert_eq!(heater.observe("ACTIVE", false, at(1)), None);
    }

    proptest! {
        /// Whatever is observed, changes alternate without a gap, and each status has lasted.
        #[test]
        fn changes_follow_each_other(observed in prop::collection::vec((0..20u64, 0..3usize), 1..100)) {
            let names = ["ACTIVE", "INACTIVE", "FAULTY"];
            let (mut heater, mut now, mut known) = (Debounce::new(HELD, None), 0, None::<String>);
            for (pause, which) in observed {
                now += pause;
                let changes = [heater.elapse(at(now)), heater.observe(names[which], which > 0, at(now))];
                for change in changes.into_iter().flatten() {
                    prop_assert_eq!(&change.previous, &known);
                    prop_assert!(change.previous.as_ref() != Some(&change.status));
                    let held = if change.status == "ACTIVE" { HELD.good } else { HELD.bad };
                    prop_assert!(change.since + held <= at(now));
                    known = Some(change.status);
                }
            }
        }
    }
}
