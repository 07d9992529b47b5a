//! A message whose actions are under way.

use std::collections::BTreeMap;
use std::sync::Arc;

use campanile_broker::Qos;
use campanile_local::lambda::{AsyncOutcome, Condition, FailureRecord, InvokeError};
use campanile_store::Appended;
use jiff::Timestamp;
use serde_json::Value;
use tokio::task::JoinSet;

use super::failure::{ErrorMessage, Failure};
use super::order::{self, Act, Order, Place};
use super::{Means, Shared};
use crate::feed::Happening;
use crate::journal::{ActionRun, ActionState, Entry, MessageId, ON_FAILURE, Source};
use crate::rulebook::RuleBook;

/// Actions that publish again, one after the other, until it is taken for a circle.
const REPUBLISHED: u32 = 5;

/// A message and what its actions need.
pub(super) struct Flight {
    pub(super) shared: Arc<Shared>,
    pub(super) book: Arc<RuleBook>,
    pub(super) entry: Entry,
}

/// How an action ended.
#[derive(Debug)]
enum End {
    Done(Option<Value>),
    /// The rule's error action is to hear of it.
    Failed(String),
    /// The function has failed. It was invoked, so the action is done; its platform has put the event into its queue.
    GivenUp(String),
    /// The function was stopped: nothing is known, and the message stays unfinished.
    Interrupted,
}

impl Flight {
    /// Runs until all actions have ended, the error actions included, and keeps what became of them.
    pub(super) async fn run(mut self, orders: Vec<Order>) {
        let origin = Origin { id: self.entry.id, times: times(self.entry.source) };
        let mut running = JoinSet::new();
        let mut left: BTreeMap<usize, usize> = BTreeMap::new();
        let mut failures: BTreeMap<usize, Vec<Failure>> = BTreeMap::new();
        for order in orders {
            *left.entry(order.place.verdict).or_default() += 1;
            running.spawn(run(Arc::clone(&self.shared), order, origin));
        }
        let mut is_interrupted = false;
        // An error means that an action panicked, which has been reported by the panic itself: as if it was interrupted.
        while let Some(ended) = running.join_next().await {
            let Ok((place, end)) = ended else {
                is_interrupted = true;
                continue;
            };
            is_interrupted |= matches!(end, End::Interrupted);
            if let End::Failed(reason) = &end {
                failures.entry(place.verdict).or_default().extend(self.failure(place, reason));
            }
            self.note(place, end);
            let left = left.entry(place.verdict).or_default();
            *left = left.saturating_sub(1);
            // One error action for all of a rule's failures; its own failure has none.
            if *left == 0
                && let Some(failures) = failures.remove(&place.verdict)
                && let Some(order) = self.error_action(place.verdict, failures)
            {
                running.spawn(run(Arc::clone(&self.shared), order, origin));
            }
            self.shared.show(&self.entry);
        }
        if !is_interrupted && let Err(error) = self.shared.means.journal.finish(&self.entry).await {
            self.shared.means.feed.tell(Happening::Note(error.to_string().into()));
        }
        self.shared.landed(self.entry.id);
    }

    fn note(&mut self, place: Place, end: End) {
        let state = match end {
            End::Done(report) => ActionState::Done { report },
            End::Failed(reason) | End::GivenUp(reason) => ActionState::Failed { reason },
            End::Interrupted => return,
        };
        let verdict = self.entry.verdicts.get_mut(place.verdict);
        if let Some(run) = verdict.and_then(|verdict| verdict.actions.get_mut(place.action)) {
            (run.state, run.at) = (state, Timestamp::now());
        }
    }

    /// None of the error action itself: it is not among the rule's actions.
    fn failure(&self, place: Place, reason: &str) -> Option<Failure> {
        let action = self.book.rules.get(place.verdict)?.topic_rule.actions.get(place.action)?;
        Some(Failure::of(action, reason))
    }

    /// The rule's error action on its failures, if it has one; it is among the actions from now on.
    fn error_action(&mut self, verdict: usize, failures: Vec<Failure>) -> Option<Order> {
        let rule = self.book.rules.get(verdict)?;
        let action = rule.topic_rule.error_action.as_ref()?;
        let place = Place { verdict, action: rule.topic_rule.actions.len() };
        let document = ErrorMessage::new(&rule.topic_rule.name.value, &self.entry.message, failures);
        let document = serde_json::to_vec(&document).unwrap_or_default();
        let act = match action.kind.as_str() {
            "sqs" => order::queue(action, rule.target(place.action), &document),
            other => {
                Act::Impossible(format!("`{other}` does not run on one machine as an error action; sqs does"))
            }
        };
        let run = ActionRun { kind: action.kind.clone(), state: ActionState::Pending, at: Timestamp::now() };
        self.entry.verdicts.get_mut(verdict)?.actions.push(run);
        Some(Order { place, act })
    }
}

/// Which message an action is about.
#[derive(Clone, Copy, Debug)]
struct Origin {
    id: MessageId,
    times: u32,
}

fn times(source: Source) -> u32 {
    match source {
        Source::Republished { times, .. } => times,
        Source::Mqtt | Source::Presence | Source::Hand | Source::Replay(_) => 0,
    }
}

async fn run(shared: Arc<Shared>, order: Order, origin: Origin) -> (Place, End) {
    let means = &shared.means;
    let end = match order.act {
        Act::Function(payload) => invoke(means, payload, origin.id).await,
        Act::Keep(event) => match means.history.append(&event).await {
            Ok(Appended::New | Appended::Again) => End::Done(None),
            Ok(Appended::Different) => End::Failed(format!("another event is kept as `{event}`")),
            Err(error) => End::Failed(error.to_string()),
        },
        Act::Queue { queue, body } => match means.journal.enqueue(&queue, origin.id, body).await {
            Ok(()) => End::Done(None),
            Err(error) => End::Failed(error.to_string()),
        },
        Act::Republish { topic, qos, payload } => republish(means, topic, qos, payload, origin).await,
        Act::Impossible(reason) => End::Failed(reason),
    };
    (order.place, end)
}

async fn invoke(means: &Means, payload: Value, id: MessageId) -> End {
    let Some(function) = &means.function else { return End::Failed("no function runs here".to_owned()) };
    let accepted = match function.enqueue(payload).await {
        Ok(accepted) => accepted,
        Err(InvokeError::Stopped) => return End::Interrupted,
        Err(error) => return End::Failed(error.to_string()),
    };
    match accepted.outcome().await {
        Ok(AsyncOutcome::Succeeded { response, .. }) => End::Done(Some(response)),
        Ok(AsyncOutcome::OnFailure(record)) => {
            let body = serde_json::to_string(&record).unwrap_or_default();
            match means.journal.enqueue(ON_FAILURE, id, body).await {
                Ok(()) => End::GivenUp(given_up(&record)),
                Err(error) => End::GivenUp(format!("{}; {error}", given_up(&record))),
            }
        }
        Err(_) => End::Interrupted,
    }
}

/// Why the platform has given the event up, in one line.
fn given_up(record: &FailureRecord) -> String {
    let attempts = record.request_context.approximate_invoke_count;
    let kind = record.response_payload.as_ref().and_then(|error| error.get("errorType")?.as_str());
    let kind = kind.map(|kind| format!(", the last with {kind}")).unwrap_or_default();
    match record.request_context.condition {
        Condition::RetriesExhausted => format!("the function failed {attempts} times{kind}"),
        Condition::EventAgeExceeded => format!("the event got too old after {attempts} attempts{kind}"),
    }
}

async fn republish(means: &Means, topic: String, qos: Qos, payload: bytes::Bytes, origin: Origin) -> End {
    if origin.times >= REPUBLISHED {
        let reason =
            format!("it was republished {REPUBLISHED} times: the rules send messages round in a circle");
        return End::Failed(reason);
    }
    let source = Source::Republished { of: origin.id, times: origin.times + 1 };
    match means.intake.republish(topic, qos, payload, source).await {
        Ok(_) => End::Done(None),
        Err(error) => End::Failed(error.to_string()),
    }
}
