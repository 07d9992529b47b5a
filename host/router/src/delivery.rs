//! One delivery: claim, attempt, record, decide; until it has ended or the invocation's time has.

mod waiting;

use std::time::Duration;

use campanile_core::ledger::{AttemptRecord, Claim, DeliveryKey, DeliveryState, Progress, Record};
use campanile_core::notification::{Attempt, Notification};
use campanile_core::outcome::{AttemptReport, Outcome, OutcomeKind};
use campanile_core::retry::{Decision, Situation, decide, fits};
use campanile_store::{Ledger, StoreError};
use jiff::Timestamp;
use tokio::time::Instant;

use self::waiting::until;
use crate::channels::ReadyChannel;
use crate::gate::Gate;
use crate::invocation::Invocation;
use crate::pipeline::Clock;
use crate::report::{DeliveryReport, DeliveryStatus};
use crate::runner::Runner;

/// Everything that one delivery needs.
pub(crate) struct Delivery<'a, R: Runner, L> {
    pub(crate) runner: &'a R,
    pub(crate) ledger: &'a L,
    pub(crate) gate: &'a Gate,
    pub(crate) clock: Clock,
    pub(crate) channel: &'a ReadyChannel<R::Destination>,
    pub(crate) notification: &'a Notification,
    pub(crate) invocation: &'a Invocation,
    pub(crate) key: DeliveryKey,
}

impl<R: Runner, L: Ledger> Delivery<'_, R, L> {
    /// Works on the delivery as far as this invocation can.
    pub(crate) async fn run(self) -> DeliveryReport {
        if self.invocation.remaining().is_zero() {
            // An attempt without time can only fail, and would count.
            return self.report(DeliveryStatus::Retrying, "the invocation has no time left", Vec::new());
        }
        match self.claimed().await {
            Ok(Claim::Granted(record)) => self.work(record).await,
            Ok(Claim::Ended(record) | Claim::Concluded(record)) => self.ended(record),
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
    async fn claimed(&self) -> Result<Claim, StoreError> {
        let claim = self.claim().await?;
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
        self.ledger.claim(&self.key, &self.invocation.id, later(now, self.invocation.lease()), now).await
    }

    async fn work(self, record: Record) -> DeliveryReport {
        let Record { mut progress, mut attempts, .. } = record;
        let destination = match &self.channel.destination {
            Ok(destination) => destination,
            Err(reason) => return self.settled(Decision::Reject, reason.clone(), progress, attempts).await,
        };
        if attempts.last().is_some_and(|last| last.outcome == OutcomeKind::Unknown)
            && let decision @ Decision::Exhausted { .. } =
                self.decide(&Outcome::Unknown, false, &progress, &attempts)
        {
            let detail = attempts.last().map(|last| last.detail.clone()).unwrap_or_default();
            return self.settled(decision, detail, progress, attempts).await;
        }
        let mut may_renew = true;
        loop {
            let leave = match self.leave(destination).await {
                Ok(leave) => leave,
                Err(wait) => {
                    let after = until((self.clock)(), wait.until);
                    let later = Decision::Later { after, presentation: progress.presentation };
                    return self.settled(later, wait.reason, progress, attempts).await;
                }
            };
            let tried = Instant::now();
            let made = self.attempted(destination, &progress, &mut attempts).await;
            let is_renewed = may_renew && self.is_renewed(destination, &made, tried).await;
            if is_renewed {
                may_renew = false;
                leave.renewed();
            } else {
                leave.ended(&made, (self.clock)());
            }
            let decision = self.decide(&made.outcome, is_renewed, &progress, &attempts);
            if let Decision::Retry { presentation, .. } | Decision::Later { presentation, .. } = decision {
                progress = Progress { presentation, resume: made.resume };
            }
            if let Err(error) = self.recorded(&progress, &attempts).await {
                return self.report(DeliveryStatus::InProgress, &error.to_string(), attempts);
            }
            match (decision, made.outcome) {
                (Decision::Retry { after, .. }, _) => tokio::time::sleep(after).await,
                (Decision::Delivered, Outcome::Delivered(receipt)) => {
                    return self.delivered(receipt, &progress, attempts).await;
                }
                (decision, _) => return self.settled(decision, made.detail, progress, attempts).await,
            }
        }
    }

    /// Makes the next attempt and adds it to `attempts`.
    async fn attempted(
        &self,
        destination: &R::Destination,
        progress: &Progress,
        attempts: &mut Vec<AttemptRecord>,
    ) -> AttemptReport {
        let started_at = (self.clock)();
        let number = u32::try_from(attempts.len()).unwrap_or(u32::MAX).saturating_add(1);
        let (attempt, remaining) = (self.attempt(number, progress), self.invocation.remaining());
        let made = self.runner.attempt(destination, self.notification, &attempt, remaining).await;
        let record = attempt_record(number, started_at, progress, &made);
        self.log(&record);
        attempts.push(record);
        made
    }

    /// Keeps the last of `attempts`, and where the next one goes on.
    async fn recorded(&self, progress: &Progress, attempts: &[AttemptRecord]) -> Result<(), StoreError> {
        let Some(last) = attempts.last() else { return Ok(()) };
        self.ledger.record(&self.key, &self.invocation.id, last.clone(), progress.clone()).await
    }

    fn attempt(&self, number: u32, progress: &Progress) -> Attempt {
        Attempt {
            delivery_id: self.key.to_string(),
            number,
            presentation: progress.presentation,
            resume: progress.resume.clone(),
            earlier: None,
        }
    }

    fn decide(
        &self,
        outcome: &Outcome,
        is_renewed: bool,
        progress: &Progress,
        attempts: &[AttemptRecord],
    ) -> Decision {
        let history: Vec<OutcomeKind> = attempts.iter().map(|attempt| attempt.outcome).collect();
        decide(&Situation {
            outcome,
            presentation: progress.presentation,
            history: &history,
            attempts: self.channel.attempts,
            remaining: self.invocation.remaining(),
            on_unknown: self.channel.on_unknown,
            is_renewed,
            random: random(),
        })
    }

    async fn delivered(
        self,
        receipt: campanile_core::notification::Receipt,
        progress: &Progress,
        attempts: Vec<AttemptRecord>,
    ) -> DeliveryReport {
        let state = DeliveryState::Delivered { receipt: receipt.clone() };
        let settled = self.ledger.settle(&self.key, &self.invocation.id, state).await;
        let detail = settled.err().map(|error| error.to_string()).unwrap_or_default();
        let report = self.report(DeliveryStatus::Delivered, &detail, attempts);
        DeliveryReport { receipt: Some(receipt), presentation: progress.presentation, ..report }
    }

    /// Ends the claim after a decision that is not "delivered".
    async fn settled(
        &self,
        decision: Decision,
        detail: String,
        progress: Progress,
        attempts: Vec<AttemptRecord>,
    ) -> DeliveryReport {
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
            return self.report(DeliveryStatus::InProgress, &error.to_string(), attempts);
        }
        if due.is_none() {
            self.log_undelivered(status, &detail);
        }
        let report = self.report(status, &detail, attempts);
        DeliveryReport { due, presentation: progress.presentation, ..report }
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

    /// Somebody is not told: that is for the operator to see, whatever level the log is cut at.
    fn log_undelivered(&self, status: DeliveryStatus, reason: &str) {
        tracing::error!(
            delivery.id = %self.key,
            channel = %self.key.channel,
            plugin = %self.channel.plugin,
            "{} is {}: {reason}", self.key, status.name()
        );
    }

    fn log(&self, attempt: &AttemptRecord) {
        tracing::info!(
            delivery.id = %self.key,
            channel = %self.key.channel,
            plugin = %self.channel.plugin,
            attempt.number = attempt.number,
            outcome = %attempt.outcome,
            duration_ms = attempt.duration_ms,
            detail = %attempt.detail,
            "attempt {} of {} ended: {}", attempt.number, self.key, attempt.outcome
        );
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

/// From 0 to 1; the middle if the system has no randomness, which only makes jitter less.
fn random() -> f64 {
    getrandom::u32().map_or(0.5, |random| f64::from(random) / f64::from(u32::MAX))
}
