//! Alerts in a storm: the first are told at once, the rest by the group's summary.

use campanile_core::ledger::Told;
use campanile_core::route::{Route, Storm};
use campanile_core::transition::device::{Fate, RouteNews, SummaryName};
use campanile_core::transition::storm::{self, Fold, Group, Joined};
use campanile_core::transition::{NewsKind, Silence, Summary};
use campanile_store::{Ledger, StateKey, States};
use jiff::{SignedDuration, Timestamp};

use super::Teller;
use crate::runner::Runner;
use crate::states::{Change, StateError, change};
use crate::telling::{Telling, on};

/// How long a group is kept after its last window: long enough for whoever looks what happened.
const GROUP_LIFE: SignedDuration = SignedDuration::from_hours(24);

impl<R: Runner, S: Ledger + States> Teller<'_, R, S> {
    /// Whether news is told on its own. What goes wrong with the group must not silence an alert.
    pub(super) async fn is_told_at_once(&mut self, route: &Route, told: &RouteNews) -> bool {
        let Some(storm) = route.storm.as_ref().filter(|_| told.news.kind == NewsKind::Alert) else {
            return true;
        };
        if told.is_again && self.is_begun(route, told).await {
            return true;
        }
        match self.join(route, storm, told).await {
            Ok(Fold::AtOnce) => true,
            Ok(Fold::Folded { until }) => {
                self.outcomes.silences.push((route.name.clone(), Silence::Folded { until }).into());
                false
            }
            Ok(Fold::Counted { until }) => {
                self.outcomes.silences.push((route.name.clone(), Silence::Folded { until }).into());
                let member = Told { device: told.news.device_id.clone(), news: told.news.key.clone() };
                match self.router.report(&route.name, &member, &Fate::Told(None)).await {
                    Ok(follows) => self.follows.extend(follows),
                    Err(error) => self.outcomes.problems.push(error.to_string()),
                }
                false
            }
            Err(error) => {
                self.outcomes.problems.push(error.to_string());
                true
            }
        }
    }

    /// Whether it was told on its own before, or begun to be: its window may be over, and another one would tell it once more.
    async fn is_begun(&mut self, route: &Route, told: &RouteNews) -> bool {
        let name = SummaryName { device: told.news.device_id.clone(), key: told.news.key.clone() };
        let channels = route.channels.iter().flat_map(|channel| self.channels.named(channel));
        for key in channels.map(|(channel, _)| on(&name, channel)) {
            match self.router.store().find(&key, self.router.now()).await {
                Ok(None) => {}
                Ok(Some(_)) => return true,
                Err(error) => {
                    self.outcomes.problems.push(error.to_string());
                    return true;
                }
            }
        }
        false
    }

    async fn join(&mut self, route: &Route, storm: &Storm, told: &RouteNews) -> Result<Fold, StateError> {
        let now = self.router.now();
        let (group, problem) = route.group(&told.event, now);
        self.outcomes.problems.extend(problem);
        if group.is_empty() {
            // It has nothing in common with others.
            return Ok(Fold::AtOnce);
        }
        let key = StateKey::Group { route: route.name.clone(), group };
        let decide = |group: &Group| {
            let Joined { group, fold, summary } = storm::join(group, &told.news, &storm.policy, now);
            changed(group, (fold, summary), now)
        };
        let (fold, summary) = change(self.router.store(), &key, decide).await?;
        if let Some(summary) = summary {
            self.sum_up(&route.name, &summary).await;
        }
        Ok(fold)
    }

    /// Begins the message about many devices.
    pub(crate) async fn sum_up(&mut self, route: &str, summary: &Summary) {
        let Some(route) = self.router.routes().get(route) else { return };
        let rendered = route.render_summary(summary, self.router.now());
        self.outcomes.problems.extend(rendered.problems);
        Box::pin(self.begin(Telling::of_summary(&route.name, summary, rendered.notification))).await;
    }
}

/// A group as it is kept.
pub(crate) fn changed<A>(group: Group, answer: A, now: Timestamp) -> Change<Group, A> {
    let due = storm::due(&group);
    let expires_at = due.unwrap_or(now).saturating_add(GROUP_LIFE).unwrap_or(Timestamp::MAX);
    Change { state: group, due, expires_at: Some(expires_at), always: false, answer }
}
