//! What a run leaves behind: what the store kept, what the providers got, what the function answers in the end.

use std::fmt;
use std::time::Duration;

use campanile_core::ledger::{DeliveryKey, StateKind};
use campanile_core::outcome::OutcomeKind;
use campanile_local::fakes::Shown;
use campanile_local::inbox::Caught;
use campanile_store::{AnyLedger, Entry, Filter, Ledger as _, Letter, PAGE_LIMIT};
use jiff::Timestamp;
use serde_json::Value;

use crate::history::{DEVICE, Handed, History, Transition};
use crate::stage::Stage;

#[derive(Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) letters: Vec<Letter>,
    /// What the rules handed over, and when.
    pub(crate) handed: Vec<Handed>,
    /// In the order in which the providers took them.
    pub(crate) requests: Vec<Request>,
    /// What the function answers if a transition is handed over once more; its error, if it fails.
    pub(crate) answers: Vec<(Transition, Result<Value, String>)>,
    /// Requests that were made because of that.
    pub(crate) afterwards: usize,
}

/// What the store kept of a delivery.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) key: DeliveryKey,
    pub(crate) state: StateKind,
    pub(crate) outcomes: Vec<OutcomeKind>,
}

/// What a provider got.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) channel: String,
    pub(crate) made: Made,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    /// People see a message with this text.
    Message(String),
    /// People see another text in place of an earlier one.
    Edit(String),
    /// Nothing, because this fault struck.
    Nothing(String),
    /// The provider refuses it, with this answer.
    Refused(String),
}

impl Evidence {
    /// Of a run that has come to rest.
    pub(crate) async fn collect(stage: &Stage, history: &History, handed: Vec<Handed>) -> Self {
        let deliveries =
            listed(&stage.ledger, &Filter::default()).await.into_iter().map(Delivery::of).collect();
        let letters = stage.ledger.letters(None, PAGE_LIMIT).await.unwrap().entries;
        let requests = || stage.catcher.inbox().list(None);
        let before = requests();
        let mut answers = Vec::new();
        for transition in &history.transitions {
            let ask = async || stage.function.invoke(&transition.event()).await.result;
            let mut answer = ask().await;
            // A process that was made to crash while it had nothing to do does so now.
            while answer.as_ref().is_err_and(|error| error.error_type == "Runtime.ExitError") {
                answer = ask().await;
            }
            answers.push((transition.clone(), answer.map_err(|error| error.to_string())));
        }
        let afterwards = requests().len() - before.len();
        let requests = before.iter().map(|caught| Request::of(caught)).collect();
        Self { deliveries, letters, handed, requests, answers, afterwards }
    }

    /// Whether the function had done all there was to do about `transition` before it could know of a newer one of the device.
    pub(crate) fn is_in_order(&self, transition: &Transition) -> bool {
        let newer = self.handed.iter().filter(|handed| handed.transition.is_newer_than(transition));
        let known = newer.map(|handed| handed.from).min().unwrap_or(Duration::MAX);
        let mut own = self.handed.iter().filter(|handed| handed.transition == *transition);
        own.any(|handed| handed.until.is_some_and(|until| until < known))
    }

    /// The deliveries to `channel` of what there was to tell of `transition`.
    pub(crate) fn deliveries(
        &self,
        transition: &Transition,
        channel: &str,
    ) -> impl Iterator<Item = &Delivery> + Clone {
        let event = transition.key();
        self.deliveries
            .iter()
            .filter(move |Delivery { key, .. }| key.channel == channel && key.event.starts_with(&event))
    }

    /// What people see on `channel`, oldest first.
    pub(crate) fn seen_on(&self, channel: &str) -> impl DoubleEndedIterator<Item = &Made> {
        let requests = self.requests.iter().filter(move |request| request.channel == channel);
        requests.map(|request| &request.made).filter(|made| made.text().is_some())
    }
}

/// The course of the run, for whoever looks for what went wrong.
impl fmt::Display for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Request { channel, made } in &self.requests {
            writeln!(formatter, "    {channel} got {made:?}")?;
        }
        self.deliveries.iter().try_for_each(|delivery| writeln!(formatter, "    {delivery}"))?;
        for (transition, answer) in &self.answers {
            match answer {
                Ok(report) => writeln!(formatter, "    {}: {}", transition.title(), report["reason"])?,
                Err(error) => writeln!(formatter, "    {}: {error}", transition.title())?,
            }
        }
        Ok(())
    }
}

impl Delivery {
    fn of(Entry { key, record }: Entry) -> Self {
        let outcomes = record.attempts.iter().map(|attempt| attempt.outcome).collect();
        Self { key, state: record.state.kind(), outcomes }
    }

    /// Whether it tells what a device settled in that had changed too often.
    pub(crate) fn is_of_settled(&self) -> bool {
        self.key.event.contains("/settled-")
    }

    /// How many attempts had no answer.
    pub(crate) fn unknown(&self) -> usize {
        self.outcomes.iter().filter(|outcome| **outcome == OutcomeKind::Unknown).count()
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcomes: Vec<&str> = self.outcomes.iter().map(|outcome| outcome.name()).collect();
        write!(formatter, "{} is {} after [{}]", self.key, self.state.name(), outcomes.join(", "))
    }
}

impl Request {
    fn of(caught: &Caught) -> Self {
        let mut headers = caught.request.headers.iter();
        let channel = headers.find(|(name, _)| name == "campanile-channel").unwrap().1.clone();
        let is_edit =
            caught.request.method == "PATCH" || caught.request.url.path().ends_with("/editMessageText");
        let made = match (caught.shown(), &caught.answer) {
            (Some(shown), _) if is_edit => Made::Edit(said(shown)),
            (Some(shown), _) => Made::Message(said(shown)),
            (None, answer) => match &caught.fault {
                Some(fault) => Made::Nothing(fault.clone()),
                None => Made::Refused(answer.as_ref().map_or_else(String::new, |answer| {
                    format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body))
                })),
            },
        };
        Self { channel, made }
    }
}

impl Made {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Message(text) | Self::Edit(text) => Some(text),
            Self::Nothing(_) | Self::Refused(_) => None,
        }
    }

    pub(crate) fn tells(&self, transition: &Transition) -> bool {
        self.text().is_some_and(|text| text.contains(&transition.title()))
    }

    /// Only summaries say of devices since when they are as they are.
    pub(crate) fn is_summary(&self) -> bool {
        self.text().is_some_and(|text| text.contains(" since "))
    }

    pub(crate) fn is_message(&self) -> bool {
        matches!(self, Self::Message(_))
    }
}

/// The places where a message says what a device does: `boiler-1: INACTIVE-1`, and what follows as far as it is words.
fn said(shown: &Shown) -> String {
    let text = serde_json::to_string(shown).unwrap();
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | ':' | ' ');
    let places = text.match_indices(DEVICE).map(|(place, _)| {
        let rest = &text[place..];
        &rest[..rest.find(|letter| !is_word(letter)).unwrap_or(rest.len())]
    });
    places.filter(|place| place.contains(": ")).collect::<Vec<_>>().join("; ")
}

/// All deliveries that `filter` wants; a run has fewer than a page holds.
pub(crate) async fn listed(ledger: &AnyLedger, filter: &Filter) -> Vec<Entry> {
    let page = ledger.list(filter, Timestamp::now(), None, PAGE_LIMIT).await.unwrap();
    assert!(page.next.is_none());
    page.entries
}
