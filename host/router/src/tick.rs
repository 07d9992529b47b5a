//! What is due: deliveries that wait, devices and groups that time changes.

use std::collections::{BTreeMap, BTreeSet};

use campanile_core::retry::ATTEMPT_TIME;
use campanile_core::transition::device::{Changed, Device, RouteNews};
use campanile_core::transition::storm::{self, Closed, Group};
use campanile_core::transition::{NewsKind, Summary};
use campanile_store::{Ledger, StateKey, States, StoreError};

use crate::invocation::Invocation;
use crate::pipeline::Router;
use crate::report::TickReport;
use crate::runner::Runner;
use crate::states::{Change, StateError, change};
use crate::teller::{Teller, changed};

/// How much is looked for at a time: as many deliveries as one invocation makes side by side.
const AT_ONCE: usize = 100;

/// How many times. More is left to the next tick, so that one invocation never runs for ever.
const ROUNDS: usize = 50;

/// Groups, and their summaries that are told.
type Ended = Vec<(StateKey, Vec<Summary>)>;

impl<R: Runner, S: Ledger + States> Router<R, S> {
    /// Does what is due, as far as the invocation's time goes.
    pub async fn tick(&self, invocation: &Invocation) -> TickReport {
        let mut report = TickReport::default();
        for _ in 0..ROUNDS {
            report.more = true;
            if invocation.remaining() < ATTEMPT_TIME {
                break;
            }
            let before = report.problems.len();
            let states = self.tick_states(invocation, &mut report).await;
            let deliveries = self.tick_deliveries(invocation, &mut report).await;
            report.more = states + deliveries > 0;
            // What went wrong would go wrong again.
            if !report.more || report.problems.len() > before {
                break;
            }
        }
        for problem in &report.problems {
            tracing::warn!("{problem}");
        }
        report
    }

    /// Devices and groups; how many there were.
    async fn tick_states(&self, invocation: &Invocation, report: &mut TickReport) -> usize {
        let due = match self.store().due_states(self.now(), AT_ONCE).await {
            Ok(due) => due,
            Err(error) => {
                report.problems.push(error.to_string());
                return 0;
            }
        };
        let mut teller = Teller::new(self, invocation);
        let mut digests: BTreeMap<String, Vec<RouteNews>> = BTreeMap::new();
        let mut ended = Ended::new();
        for key in &due {
            let told = match key {
                StateKey::Device(_) => self.tick_device(key).await,
                StateKey::Group { route, .. } => self.tick_group(key, route, &mut teller, &mut ended).await,
            };
            for told in told.unwrap_or_else(|error| noted(&error, report)) {
                match told.news.kind {
                    NewsKind::Digest { .. } => digests.entry(told.route.clone()).or_default().push(told),
                    _ => teller.tell(told).await,
                }
            }
        }
        for (route, digests) in digests {
            self.digest(&route, digests, &mut teller).await;
        }
        let outcomes = teller.finish().await;
        report.problems.extend(outcomes.problems);
        report.deliveries.extend(outcomes.deliveries);
        for (key, told) in ended {
            self.forget(&key, &told).await.unwrap_or_else(|error| drop(noted(&error, report)));
        }
        report.states += due.len();
        due.len()
    }

    async fn tick_device(&self, key: &StateKey) -> Result<Vec<RouteNews>, StateError> {
        let now = self.now();
        let decide = |device: &Device| {
            let Changed { device, news } = device.tick(self.routes(), now);
            let due = device.due(self.routes());
            Change { state: device, due, expires_at: None, always: true, answer: news }
        };
        change(self.store(), key, decide).await
    }

    /// The summaries are forgotten when they are told: whoever breaks off in between tells them again under the same names.
    async fn tick_group(
        &self,
        key: &StateKey,
        route: &str,
        teller: &mut Teller<'_, R, S>,
        ended: &mut Ended,
    ) -> Result<Vec<RouteNews>, StateError> {
        let now = self.now();
        let decide = |group: &Group| {
            let Closed { group, .. } = storm::close(group, now);
            let untold: Vec<Summary> = group.untold().cloned().collect();
            changed(group, untold, now)
        };
        let untold = change(self.store(), key, decide).await?;
        for summary in &untold {
            teller.sum_up(route, summary).await;
        }
        ended.push((key.clone(), untold));
        Ok(Vec::new())
    }

    async fn forget(&self, key: &StateKey, told: &[Summary]) -> Result<(), StateError> {
        let now = self.now();
        let decide = |group: &Group| Change { always: true, ..changed(storm::forget(group, told), (), now) };
        change(self.store(), key, decide).await
    }

    /// One message for all that is still wrong when quiet hours end.
    async fn digest(&self, route: &str, digests: Vec<RouteNews>, teller: &mut Teller<'_, R, S>) {
        if digests.len() == 1 {
            for told in digests {
                teller.tell(told).await;
            }
            return;
        }
        if let Some(summary) = Summary::of(digests.iter().map(|told| &told.news)) {
            teller.sum_up(route, &summary).await;
        }
    }

    /// Deliveries whose wait or lease has ended; how many there were.
    async fn tick_deliveries(&self, invocation: &Invocation, report: &mut TickReport) -> usize {
        let mut teller = Teller::new(self, invocation);
        match self.begin_due(&mut teller).await {
            Ok(begun) => {
                let outcomes = teller.finish().await;
                report.problems.extend(outcomes.problems);
                report.deliveries.extend(outcomes.deliveries);
                begun
            }
            Err(error) => {
                report.problems.push(error.to_string());
                0
            }
        }
    }

    /// Of those of one device on one channel only the first: the others come after it.
    async fn begin_due(&self, teller: &mut Teller<'_, R, S>) -> Result<usize, StoreError> {
        let mut busy = BTreeSet::new();
        let mut begun = 0;
        for key in self.store().due(self.now(), AT_ONCE).await? {
            if !busy.insert((key.device.clone(), key.channel.clone())) {
                continue;
            }
            // The list may be older than the record.
            let Some(record) = self.store().find(&key, self.now()).await? else { continue };
            if record.state.due().is_some_and(|due| due <= self.now()) {
                teller.resume(key, record.brief).await;
                begun += 1;
            }
        }
        Ok(begun)
    }
}

fn noted(error: &StateError, report: &mut TickReport) -> Vec<RouteNews> {
    report.problems.push(error.to_string());
    Vec::new()
}
