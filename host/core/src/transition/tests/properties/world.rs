//! A device, its people, and the promises that are checked at every step.

use super::super::*;
use super::{MOST_BYTES, Step};

/// A device, its people, and what they were told.
pub(super) struct World {
    pub(super) state: DeviceState,
    pub(super) policy: Policy,
    now: i64,
    /// Keys that were given out, and whether they reached somebody or nobody.
    fates: Vec<(String, Option<bool>)>,
    /// The news in order, without what was only given out again.
    pub(super) news: Vec<News>,
    /// The news of the bad period that is open, with its status.
    open: Vec<(String, String)>,
}

impl World {
    pub(super) fn new(policy: Policy) -> Self {
        let (fates, news, open) = (Vec::new(), Vec::new(), Vec::new());
        Self { state: DeviceState::default(), policy, now: 0, fates, news, open }
    }

    pub(super) fn step(&mut self, step: &Step, history: &[Event]) {
        match step {
            Step::Arrive(index) => self.arrives(index.get(history)),
            Step::Wait(seconds) => self.now += seconds,
            Step::Tick => self.ticks(),
            Step::Told(pick) => self.reports(*pick, true),
            Step::Lost(pick) => self.reports(*pick, false),
        }
        let json = serde_json::to_string(&self.state).unwrap();
        assert!(json.len() < MOST_BYTES, "(f) {} bytes", json.len());
        assert_eq!(serde_json::from_str::<DeviceState>(&json).unwrap(), self.state, "(g)");
    }

    fn arrives(&mut self, event: &Event) {
        self.now = self.now.max(event.occurred_at.as_second() - START) + 1;
        let before = self.state.clone();
        let standing = standing(event, is_inactive_or_fault);
        let Arrival { state, verdict } = arrive(&before, event, standing, &self.policy, at(self.now));
        let again = arrive(&state, event, standing, &self.policy, at(self.now + 1));
        assert_eq!(again.state, state, "(e)");
        assert!(!matches!(again.verdict, Verdict::Tell(_)), "(e) {:?}", again.verdict);
        let is_newest = before.changed_at() != state.changed_at() || before.status() != state.status();
        self.becomes(state);
        if let Verdict::Tell(news) = &verdict {
            self.tells(news.clone());
        }
        let is_fresh_and_bad =
            is_newest && self.state.bad_since().is_some() && event.age(at(self.now)) <= minutes(15);
        let is_quiet = self.policy.quiet_until(at(self.now)).is_some() || self.state.is_flapping();
        if is_fresh_and_bad && !is_quiet && !self.waits(&verdict) {
            let is_told = matches!(verdict, Verdict::Tell(_) | Verdict::Silent(Silence::AlertOpen));
            assert!(is_told && !self.open.is_empty(), "(d) {verdict:?}");
        }
    }

    /// Whether the alert waits to see if it lasts, as long as it is to last and no longer.
    fn waits(&self, verdict: &Verdict) -> bool {
        let Verdict::Silent(Silence::Pending { until }) = verdict else { return false };
        let since = self.state.bad_since().unwrap();
        assert!(*until > at(self.now) && *until == since + self.policy.lasting, "(h) {verdict:?}");
        self.open.is_empty()
    }

    fn ticks(&mut self) {
        let Tick { state, news } = tick(&self.state, &self.policy, at(self.now));
        self.becomes(state);
        for news in news {
            let is_known = self.fates.iter().any(|(key, fate)| *key == news.key && fate.is_none());
            if !is_known {
                self.tells(news);
            }
        }
        let due = due(&self.state, &self.policy);
        assert!(due.is_none_or(|due| due > at(self.now)), "a tick does all that is due: {:?}", self.state);
    }

    /// Reports on one of those that nobody has reported on.
    fn reports(&mut self, pick: usize, reached: bool) {
        let waiting = self.fates.iter().filter(|(_, fate)| fate.is_none()).count();
        let pick = pick.checked_rem(waiting);
        let mut waiting = self.fates.iter_mut().filter(|(_, fate)| fate.is_none());
        let Some((key, fate)) = pick.and_then(|pick| waiting.nth(pick)) else { return };
        *fate = Some(reached);
        let key = key.clone();
        if !reached {
            // If people did not hear the last word, it is told again.
            let is_last = self.open.last().is_some_and(|(last, _)| *last == key);
            self.open.retain(|(open, _)| *open != key && !is_last);
            return self.becomes(lost(&self.state, &key));
        }
        let Tick { state, news } = told(&self.state, &key, &self.policy, at(self.now));
        self.becomes(state);
        for news in news {
            self.tells(news);
        }
    }

    fn becomes(&mut self, state: DeviceState) {
        if state.bad_since() != self.state.bad_since() {
            self.open.clear();
        }
        self.state = state;
    }

    fn tells(&mut self, news: News) {
        assert!(self.fates.iter().all(|(key, _)| *key != news.key), "one message for each key: {news:?}");
        let was_told = |key: &String| self.fates.contains(&(key.clone(), Some(true)));
        match &news.kind {
            NewsKind::Recovery { alerts, .. } | NewsKind::Settled { bad: false, alerts } => {
                assert!(!alerts.is_empty() && alerts.iter().all(was_told), "(b) {news:?}");
            }
            NewsKind::Alert | NewsKind::Stale { .. } | NewsKind::Digest { .. } => {
                let last = self.open.last().map(|(_, status)| status);
                assert_ne!(last, Some(&news.status), "(c) {news:?}");
            }
            _ => {}
        }
        if self.state.bad_since().is_some() {
            self.open.push((news.key.clone(), news.status.clone()));
        }
        self.fates.push((news.key.clone(), None));
        self.news.push(news);
    }

    /// Time passes, and everything is delivered.
    pub(super) fn comes_to_rest(&mut self) {
        self.policy.repeat = None;
        for _ in 0..200 {
            while self.fates.iter().any(|(_, fate)| fate.is_none()) {
                self.reports(0, true);
            }
            let Some(due) = due(&self.state, &self.policy) else { return };
            self.now = self.now.max(due.as_second() - START);
            self.ticks();
        }
        panic!("there is always something due");
    }
}
