//! A runner that does what a script says and remembers what it was asked for.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use campanile_core::notification::{Attempt, Notification, Presentation, Receipt};
use campanile_core::outcome::{AttemptReport, Outcome, Usage};
use campanile_router::Runner;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::support::now;

/// What one attempt does.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// It ends.
    Ends(Outcome),
    /// It ends and leaves a note to go on from.
    Leaves(Outcome, &'static str),
    /// It takes this long to end.
    Takes(Duration, Outcome),
    /// It takes all the time there is.
    Hangs,
    /// The host itself breaks.
    Panics,
}

/// One channel: what its attempts do, in order, and those that were made.
#[derive(Debug, Default)]
pub(crate) struct Script {
    steps: Mutex<VecDeque<Step>>,
    asked: Mutex<Vec<Asked>>,
    /// How often there will be other secrets when somebody looks.
    renewals: AtomicU32,
}

/// What an attempt was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) at: Timestamp,
    pub(crate) title: String,
    pub(crate) delivery_id: String,
    pub(crate) number: u32,
    pub(crate) presentation: Presentation,
    pub(crate) resume: String,
    pub(crate) earlier: Option<Receipt>,
    pub(crate) remaining: Duration,
}

impl Script {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Arc<Self> {
        Arc::new(Self { steps: Mutex::new(steps.into_iter().collect()), ..Self::default() })
    }

    /// The next time that somebody looks, there are other secrets.
    pub(crate) fn renew(&self) {
        self.renewals.fetch_add(1, Ordering::Relaxed);
    }

    /// The attempts so far, oldest first.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

/// Makes attempts as the channel's script says.
#[derive(Debug)]
pub(crate) struct ScriptedRunner;

impl Runner for ScriptedRunner {
    type Destination = Arc<Script>;

    async fn attempt(
        &self,
        script: &Self::Destination,
        notification: &Notification,
        attempt: &Attempt,
        remaining: Duration,
    ) -> AttemptReport {
        let started = now();
        script.asked.lock().unwrap().push(Asked {
            at: started,
            title: notification.title.clone(),
            delivery_id: attempt.delivery_id.clone(),
            number: attempt.number,
            presentation: attempt.presentation,
            resume: attempt.resume.clone(),
            earlier: attempt.earlier.clone(),
            remaining,
        });
        let step = script.steps.lock().unwrap().pop_front();
        let (outcome, resume) = match step {
            Some(Step::Ends(outcome)) => (outcome, ""),
            Some(Step::Leaves(outcome, resume)) => (outcome, resume),
            Some(Step::Takes(duration, outcome)) => {
                tokio::time::sleep(duration).await;
                (outcome, "")
            }
            Some(Step::Hangs) => {
                tokio::time::sleep(remaining).await;
                (Outcome::TimedOut, "")
            }
            Some(Step::Panics) => panic!("this step of the script panics"),
            None => panic!("the script has no more steps"),
        };
        report(outcome, resume, started)
    }

    async fn renew(&self, script: &Self::Destination, _tried: Instant) -> bool {
        let (set, get) = (Ordering::Relaxed, Ordering::Relaxed);
        script.renewals.fetch_update(set, get, |left| left.checked_sub(1)).is_ok()
    }
}

fn report(outcome: Outcome, resume: &str, started: Timestamp) -> AttemptReport {
    let is_delivered = matches!(outcome, Outcome::Delivered(_));
    AttemptReport {
        detail: if is_delivered { String::new() } else { format!("the script says {}", outcome.kind()) },
        outcome,
        resume: resume.to_owned(),
        guest_log: vec!["info: scripted".to_owned()],
        duration: Duration::try_from(now().duration_since(started)).unwrap(),
        usage: Usage {
            requests: 1,
            http_status: Some(if is_delivered { 200 } else { 500 }),
            ..Usage::default()
        },
    }
}

/// An attempt that delivers.
pub(crate) fn delivers() -> Step {
    Step::Ends(delivered())
}

/// The outcome of one.
pub(crate) fn delivered() -> Outcome {
    Outcome::Delivered(Receipt { message_id: "7".to_owned(), ..Receipt::default() })
}

/// An attempt that is told to wait.
pub(crate) fn waits(seconds: u64) -> Step {
    Step::Ends(Outcome::RateLimited(Some(Duration::from_secs(seconds))))
}
