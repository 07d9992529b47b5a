//! One delivery: claim, attempt, record, decide; until it has ended or the invocation's time has.

mod order;
mod place;
mod telling;
mod waiting;

use std::time::Duration;

use campanile_core::ledger::{AttemptRecord, Brief, Claim, DeliveryKey, DeliveryState, Progress, Record};
use campanile_core::notification::{Attempt, Receipt};
use campanile_core::outcome::{AttemptReport, Outcome, OutcomeKind};
use campanile_core::retry::{Decision, Situation, decide, fits};
use campanile_store::{Ledger, States, StoreError};
use jiff::Timestamp;
use tokio::time::Instant;

use self::place::Place;
use self::waiting::until;
use crate::channels::ReadyChannel;
use crate::gate::Gate;
use crate::invocation::Invocation;
use crate::muster::Muster;
use crate::pipeline::Clock;
use crate::record::Ending;
use crate::report::{DeliveryReport, DeliveryStatus};
use crate::runner::Runner;

/// A delivery that was claimed.
struct Work {
    brief: Brief,
    /// Of the message that this one edits.
    earlier: Option<Receipt>,
    progress: Progress,
    attempts: Vec<AttemptRecord>,
    counted_from: usize,
}

/// Everything that one delivery needs.
pub(crate) struct Delivery<'a, R: Runner, L> {
    pub(crate) runner: &'a R,
    pub(crate) ledger: &'a L,
    pub(crate) gate: &'a Gate,
    pub(crate) clock: Clock,
    pub(crate) channel: &'a ReadyChannel<R::Destination>,
    /// What it tells, if it is not open yet.
    pub(crate) brief: &'a Brief,
    pub(crate) invocation: &'a Invocation,
    pub(crate) key: DeliveryKey,
    pub(crate) muster: Muster,
}

impl<R: Runner, L: Ledger + States> Delivery<'_, R, L> {
    /// Works on the delivery as far as this invocation can.
    pub(crate) async fn run(mut self) -> DeliveryReport {
        if self.invocation.remaining().is_zero() {
            // An attempt without time can only fail, and would count.
            return self.report(DeliveryStatus::Retrying, "the invocation has no time left", Vec::new());
        }
        let mut before = self.brief.after.clone();
        loop {
            // Before the claim: what breaks off while it waits has sent nothing, and must not count as if it had.
            let held = match self.held_until(before.as_ref()).await {
                Ok(held) => held,
                Err(error) => return self.report(DeliveryStatus::Retrying, &error.to_string(), Vec::new()),
            };
            let claim = self.claimed().await;
            self.muster.complete().await;
            let record = match (claim, held) {
                (Ok(Claim::Granted(record)), Some(until)) => return self.held_back(record, until).await,
                (Ok(Claim::Granted(record)), None) => record,
                (claim, _) => return self.not_granted(claim),
            };
            match self.place(&record).await {
                Ok(Place::Next) => return self.work(record).await,
                Ok(Place::Overtaken) => return self.overtaken(record).await,
                Ok(Place::After(older)) => before = Some(older),
                // The claim ends with its lease; nothing was sent.
                Err(error) => return self.report(DeliveryStatus::InProgress, &error.to_string(), Vec::new()),
            }
            if let Err(error) = self.release().await {
                return self.report(DeliveryStatus::InProgress, &error.to_string(), Vec::new());
            }
        }
    }

    fn not_granted(self, claim: Result<Claim, StoreError>) -> DeliveryReport {
        match claim {
            Ok(Claim::Granted(record) | Claim::Ended(record) | Claim::Concluded(record)) => {
                self.ended(record)
            }
            Ok(Claim::Held { until }) => {
                self.due(until, DeliveryStatus::InProgress, "another invocation works on it")
            }
            Ok(Claim::Waiting { until }) => {
                self.due(until, DeliveryStatus::Retrying, "the next attempt is not due yet")
            }
            Err(error) => self.report(DeliveryStatus::Retrying, &error.to_string(), Vec::new()),
        }
    }

    /// Claims the delivery; a wait that fits into the invocation is waited for.
    async fn claimed(&mut self) -> Result<Claim, StoreError> {
        let claim = self.claim().await?;
        self.muster.arrive();
        if let Claim::Waiting { until: due } = claim {
            let wait = until((self.clock)(), due);
            if fits(wait, self.invocation.remaining()) {
                tokio::time::sleep(wait).await;
                return self.claim().await;
            }
        }
        Ok(claim)
    }

    async fn claim(&self) -> Result<Claim, StoreError> {
        let now = (self.clock)();
        let lease_until = later(now, self.invocation.lease());
        self.ledger.claim(&self.key, self.brief, &self.invocation.id, lease_until, now).await
    }

    async fn work(self, record: Record) -> DeliveryReport {
        let mut work = match self.work_on(record).await {
            Ok(work) => work,
            // The claim ends with its lease; nothing was sent.
            Err(error) => return self.report(DeliveryStatus::InProgress, &error.to_string(), Vec::new()),
        };
        let destination = match &self.channel.destination {
            Ok(destination) => destination,
            Err(reason) => return self.settled(Decision::Reject, reason.clone(), work).await,
        };
        if let Some(reason) = self.broken_off(&work) {
            return self.settled(Decision::Exhausted { reason }, work.last_detail(), work).await;
        }
        let mut may_renew = true;
        loop {
            let leave = match self.leave(destination).await {
                Ok(leave) => leave,
                Err(wait) => {
                    let after = until((self.clock)(), wait.until);
                    let later = Decision::Later { after, presentation: work.progress.presentation };
                    return self.settled(later, wait.reason, work).await;
                }
            };
            let tried = Instant::now();
            let made = self.attempted(destination, &mut work).await;
            let is_renewed = may_renew && self.is_renewed(destination, &made, tried).await;
            if is_renewed {
                may_renew = false;
                leave.renewed();
            } else {
                leave.ended(&made, (self.clock)());
            }
            let decision = self.decide(&made.outcome, is_renewed, &work);
            self.tell_attempt(&work, &made, &decision);
            if let Decision::Retry { presentation, .. } | Decision::Later { presentation, .. } = decision {
                work.progress = Progress { presentation, resume: made.resume };
            }
            if let Err(error) = self.recorded(&work).await {
                return self.report(DeliveryStatus::InProgress, &error.to_string(), work.attempts);
            }
            match (decision, made.outcome) {
                (Decision::Retry { after, .. }, _) => tokio::time::sleep(after).await,
                (Decision::Delivered, Outcome::Delivered(receipt)) => {
                    return self.delivered(receipt, work).await;
                }
                (decision, _) => return self.settled(decision, made.detail, work).await,
            }
        }
    }

    async fn work_on(&self, record: Record) -> Result<Work, StoreError> {
        let Record { brief, progress, attempts, counted_from, .. } = record;
        let earlier = match &brief.earlier {
            Some(earlier) => self.ledger.find(earlier, (self.clock)()).await?.and_then(receipt),
            None => None,
        };
        Ok(Work { brief, earlier, progress, attempts, counted_from })
    }

    /// Why nothing more is sent, if the invocation before broke off and the channel would rather miss a message.
    fn broken_off(&self, work: &Work) -> Option<String> {
        let last = work.attempts.last().filter(|last| last.outcome == OutcomeKind::Unknown);
        last.filter(|_| work.attempts.len() > work.counted_from)?;
        match self.decide(&Outcome::Unknown, false, work) {
            Decision::Exhausted { reason } => Some(reason),
            _ => None,
        }
    }

    /// Makes the next attempt and adds it to those of `work`.
    async fn attempted(&self, destination: &R::Destination, work: &mut Work) -> AttemptReport {
        let started_at = (self.clock)();
        let number = u32::try_from(work.attempts.len()).unwrap_or(u32::MAX).saturating_add(1);
        let attempt = Attempt {
            delivery_id: self.key.to_string(),
            number,
            presentation: work.progress.presentation,
            resume: work.progress.resume.clone(),
            earlier: work.earlier.clone(),
        };
        let remaining = self.invocation.remaining();
        let notification = &work.brief.notification;
        let made = self.runner.attempt(destination, notification, &attempt, remaining).await;
        work.attempts.push(attempt_record(number, started_at, &work.progress, &made));
        made
    }

    /// Keeps the last attempt, and where the next one goes on.
    async fn recorded(&self, work: &Work) -> Result<(), StoreError> {
        let Some(last) = work.attempts.last() else { return Ok(()) };
        self.ledger.record(&self.key, &self.invocation.id, last.clone(), work.progress.clone()).await
    }

    fn decide(&self, outcome: &Outcome, is_renewed: bool, work: &Work) -> Decision {
        let counted = work.attempts.iter().skip(work.counted_from);
        let history: Vec<OutcomeKind> = counted.map(|attempt| attempt.outcome).collect();
        decide(&Situation {
            outcome,
            presentation: work.progress.presentation,
            history: &history,
            attempts: self.channel.attempts,
            remaining: self.invocation.remaining(),
            on_unknown: self.channel.on_unknown,
            is_renewed,
            random: crate::random(),
        })
    }

    async fn delivered(self, receipt: Receipt, work: Work) -> DeliveryReport {
        let state = DeliveryState::Delivered { receipt: receipt.clone() };
        let settled = self.ledger.settle(&self.key, &self.invocation.id, state).await;
        if settled.is_ok() {
            self.tell_end(&work.brief, Ending::Delivered(&receipt), &work.attempts);
        }
        let detail = settled.err().map(|error| error.to_string()).unwrap_or_default();
        let report = self.report(DeliveryStatus::Delivered, &detail, work.attempts);
        DeliveryReport { receipt: Some(receipt), presentation: work.progress.presentation, ..report }
    }

    /// Ends the claim after a decision that is not "delivered".
    async fn settled(&self, decision: Decision, detail: String, work: Work) -> DeliveryReport {
        let (status, state, detail, due) = match decision {
            Decision::Later { after, .. } | Decision::Retry { after, .. } => {
                let not_before = later((self.clock)(), after);
                (DeliveryStatus::Retrying, DeliveryState::Retry { not_before }, detail, Some(not_before))
            }
            Decision::Exhausted { reason } => {
                let reason = if detail.is_empty() { reason } else { format!("{reason}; the last: {detail}") };
                let state = DeliveryState::DeadLetter { reason: reason.clone() };
                (DeliveryStatus::DeadLettered, state, reason, None)
            }
            Decision::Reject | Decision::Delivered => {
                let state = DeliveryState::Rejected { reason: detail.clone() };
                (DeliveryStatus::Rejected, state, detail, None)
            }
        };
        if let Err(error) = self.ledger.settle(&self.key, &self.invocation.id, state).await {
            return self.report(DeliveryStatus::InProgress, &error.to_string(), work.attempts);
        }
        match status {
            DeliveryStatus::Rejected => self.tell_end(&work.brief, Ending::Rejected(&detail), &work.attempts),
            DeliveryStatus::DeadLettered => {
                self.tell_end(&work.brief, Ending::DeadLettered(&detail), &work.attempts);
            }
            _ => {}
        }
        let report = self.report(status, &detail, work.attempts);
        DeliveryReport { due, presentation: work.progress.presentation, ..report }
    }

    /// What an earlier invocation came to.
    fn ended(&self, record: Record) -> DeliveryReport {
        let (status, detail, receipt) = match record.state {
            DeliveryState::Delivered { receipt } => (DeliveryStatus::Delivered, String::new(), Some(receipt)),
            DeliveryState::DeadLetter { reason } => (DeliveryStatus::DeadLettered, reason, None),
            DeliveryState::Rejected { reason } => (DeliveryStatus::Rejected, reason, None),
            DeliveryState::Claimed { .. } | DeliveryState::Retry { .. } => {
                (DeliveryStatus::Retrying, String::new(), None)
            }
        };
        let report = self.report(status, &detail, record.attempts);
        DeliveryReport { receipt, presentation: record.progress.presentation, ..report }
    }

    fn report(&self, status: DeliveryStatus, detail: &str, attempts: Vec<AttemptRecord>) -> DeliveryReport {
        DeliveryReport {
            device: self.key.device.clone(),
            news: self.key.event.clone(),
            channel: self.key.channel.clone(),
            plugin: self.channel.plugin.clone(),
            status,
            detail: detail.to_owned(),
            receipt: None,
            presentation: attempts.last().map(|attempt| attempt.presentation).unwrap_or_default(),
            due: None,
            attempts,
        }
    }

    /// A report of a delivery that somebody goes on with at `until`.
    fn due(&self, until: Timestamp, status: DeliveryStatus, detail: &str) -> DeliveryReport {
        DeliveryReport { due: Some(until), ..self.report(status, detail, Vec::new()) }
    }
}

impl Work {
    fn last_detail(&self) -> String {
        self.attempts.last().map(|last| last.detail.clone()).unwrap_or_default()
    }
}

fn receipt(record: Record) -> Option<Receipt> {
    match record.state {
        DeliveryState::Delivered { receipt } => Some(receipt),
        _ => None,
    }
}

fn attempt_record(
    number: u32,
    started_at: Timestamp,
    progress: &Progress,
    made: &AttemptReport,
) -> AttemptRecord {
    AttemptRecord {
        number,
        started_at,
        duration_ms: u64::try_from(made.duration.as_millis()).unwrap_or(u64::MAX),
        presentation: progress.presentation,
        outcome: made.outcome.kind(),
        detail: made.detail.clone(),
        guest_log: made.guest_log.clone(),
    }
}

fn later(now: Timestamp, after: Duration) -> Timestamp {
    now.checked_add(after).unwrap_or(Timestamp::MAX)
}
