//! An event: a message of the journal, what the rules made of it, and what became of that.

use campanile_core::ledger::DeliveryKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Bytes;
use crate::journal::{ActionRun, ActionState, Entry, Judgement, Source, Verdict};

/// A message of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Event {
    /// Counted from 1.
    pub(in crate::web) id: u64,
    /// When it came in.
    #[schema(value_type = String, format = DateTime)]
    pub(in crate::web) received_at: Timestamp,
    /// Where it was published.
    pub(in crate::web) topic: String,
    /// The client that published it.
    pub(in crate::web) client_id: String,
    /// How it came in: `mqtt`, `presence`, `hand`, `replay` or `republished`.
    pub(in crate::web) source: String,
    /// The event that it repeats, or whose rule has published it.
    pub(in crate::web) comes_from: Option<u64>,
    /// The broker's id of it.
    pub(in crate::web) trace_id: String,
    /// SHA-256 of the client's certificate, if it has shown one.
    pub(in crate::web) certificate_id: Option<String>,
    /// The address that it came from.
    pub(in crate::web) source_ip: Option<String>,
    /// Whether the broker keeps it for those who subscribe later.
    pub(in crate::web) retain: bool,
    /// What was published.
    pub(in crate::web) payload: Bytes,
    /// `event_id` of the payload.
    pub(in crate::web) event_id: Option<String>,
    /// `device_id` of the payload, or the client.
    pub(in crate::web) device: String,
    /// `status` of the payload.
    pub(in crate::web) status: Option<String>,
    /// `previous` of the payload.
    pub(in crate::web) previous: Option<String>,
    /// What people should know of it.
    pub(in crate::web) concerns: Vec<String>,
    /// What each rule made of it, in the template's order; empty until the rules were asked.
    pub(in crate::web) verdicts: Vec<RuleVerdict>,
}

/// What a rule made of an event.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct RuleVerdict {
    /// The rule's logical id in the template.
    pub(in crate::web) rule: String,
    /// `selected`, `other-topic`, `not-true`, `off` or `exceeded`.
    pub(in crate::web) outcome: Outcome,
    /// What its actions get, if it selected the message.
    pub(in crate::web) output: Option<String>,
    /// Why not, if it did not; the topics that it listens to, if they are others.
    pub(in crate::web) reason: Option<String>,
    /// Its actions.
    pub(in crate::web) actions: Vec<Action>,
}

/// What a rule's statement says of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) enum Outcome {
    /// It is for it.
    Selected,
    /// It listens to other topics.
    OtherTopic,
    /// Its condition is not true.
    NotTrue,
    /// It does not run.
    Off,
    /// It takes too many steps or too much memory.
    Exceeded,
    /// It can't be read.
    Refused,
}

/// An action of a rule, on one event.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Action {
    /// In the spelling of the API: `lambda`, `dynamoDBv2`, `sqs`.
    pub(in crate::web) kind: String,
    /// `pending`, `done` or `failed`.
    pub(in crate::web) state: String,
    /// When it came to that.
    #[schema(value_type = String, format = DateTime)]
    pub(in crate::web) at: Timestamp,
    /// Why it failed.
    pub(in crate::web) reason: Option<String>,
    /// What the function reports of the event.
    pub(in crate::web) report: Option<Report>,
}

/// What the function reports of an event. Read from its answer; what is not here is not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", default)]
pub(in crate::web) struct Report {
    /// `delivered`, `retrying`, `undelivered`, `silent`, `unmatched` or `invalid`.
    pub(in crate::web) result: String,
    /// Why the event went no further; empty if it did.
    pub(in crate::web) reason: String,
    /// What went wrong on the way without stopping it.
    pub(in crate::web) problems: Vec<String>,
    /// Why routes tell nothing of it, or not yet.
    pub(in crate::web) silences: Vec<Silence>,
    /// One for each message and channel.
    pub(in crate::web) deliveries: Vec<Reported>,
}

/// Why a route tells nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", default)]
pub(in crate::web) struct Silence {
    /// The route.
    pub(in crate::web) route: String,
    /// The reason in a sentence.
    pub(in crate::web) reason: String,
}

/// A delivery in a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", default)]
pub(in crate::web) struct Reported {
    /// The device that it tells of.
    pub(in crate::web) device: String,
    /// The key of the news that it tells.
    pub(in crate::web) news: String,
    /// The channel's name.
    pub(in crate::web) channel: String,
    /// `delivered`, `in-progress`, `retrying`, `rejected` or `dead-lettered`.
    pub(in crate::web) status: String,
    /// Why, in a sentence; empty if it was delivered.
    pub(in crate::web) detail: String,
}

impl Reported {
    /// The delivery's key in the ledger.
    pub(in crate::web) fn key(&self) -> DeliveryKey {
        let (device, event, channel) = (self.device.clone(), self.news.clone(), self.channel.clone());
        DeliveryKey { device, event, channel }
    }
}

impl Event {
    /// A message of the journal.
    pub(in crate::web) fn of(entry: &Entry) -> Self {
        let message = &entry.message;
        let payload: Value = serde_json::from_slice(&message.payload).unwrap_or_default();
        let text = |name: &str| payload.get(name).and_then(Value::as_str).map(str::to_owned);
        let (source, comes_from) = match entry.source {
            Source::Mqtt => ("mqtt", None),
            Source::Presence => ("presence", None),
            Source::Hand => ("hand", None),
            Source::Replay(of) => ("replay", Some(of.0)),
            Source::Republished { of, .. } => ("republished", Some(of.0)),
        };
        Self {
            id: entry.id.0,
            received_at: message.received_at,
            topic: message.topic.clone(),
            client_id: message.client_id.clone(),
            source: source.to_owned(),
            comes_from,
            trace_id: message.trace_id.clone(),
            certificate_id: message.principal.as_ref().map(|principal| principal.certificate_id.clone()),
            source_ip: message.source_ip.map(|address| address.to_string()),
            retain: message.retain,
            payload: message.payload.as_ref().into(),
            event_id: text("event_id"),
            device: text("device_id").unwrap_or_else(|| message.client_id.clone()),
            status: text("status"),
            previous: text("previous"),
            concerns: entry.concerns.clone(),
            verdicts: entry.verdicts.iter().map(RuleVerdict::of).collect(),
        }
    }

    /// What the function reported of it, by whichever rule.
    pub(in crate::web) fn reports(&self) -> impl Iterator<Item = &Report> {
        let actions = self.verdicts.iter().flat_map(|verdict| &verdict.actions);
        actions.filter_map(|action| action.report.as_ref())
    }

    /// Whether a rule has selected it.
    pub(in crate::web) fn is_selected(&self) -> bool {
        self.verdicts.iter().any(|verdict| verdict.outcome == Outcome::Selected)
    }
}

impl RuleVerdict {
    fn of(verdict: &Verdict) -> Self {
        let (outcome, output, reason) = match verdict.judgement.clone() {
            Judgement::Selected { output } => (Outcome::Selected, Some(output), None),
            Judgement::OtherTopic { filter } => (Outcome::OtherTopic, None, Some(filter)),
            Judgement::NotTrue { reason } => (Outcome::NotTrue, None, Some(reason)),
            Judgement::Off { reason } => (Outcome::Off, None, Some(reason)),
            Judgement::Exceeded => (Outcome::Exceeded, None, None),
        };
        let actions = verdict.actions.iter().map(Action::of).collect();
        Self { rule: verdict.rule.clone(), outcome, output, reason, actions }
    }
}

impl Action {
    fn of(run: &ActionRun) -> Self {
        let (state, reason, report) = match &run.state {
            ActionState::Pending => ("pending", None, None),
            ActionState::Done { report } => ("done", None, report.as_ref()),
            ActionState::Failed { reason } => ("failed", Some(reason.clone()), None),
        };
        let report = report.and_then(|report| Report::deserialize(report).ok());
        Self { kind: run.kind.clone(), state: state.to_owned(), at: run.at, reason, report }
    }
}
