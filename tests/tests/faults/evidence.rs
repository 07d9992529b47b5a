//! What a run leaves behind: what the store kept, what the providers got, what the function answers in the end.

use campanile_local::inbox::Caught;
use campanile_store::{AnyLedger, Entry, Filter, Ledger as _, Letter, PAGE_LIMIT};
use jiff::Timestamp;
use serde_json::Value;

use crate::history::{History, Transition};
use crate::stage::Stage;

#[derive(Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) deliveries: Vec<Entry>,
    pub(crate) letters: Vec<Letter>,
    /// In the order in which the providers took them.
    pub(crate) requests: Vec<Request>,
    /// What the function answers if a transition is handed over once more; its error, if it fails.
    pub(crate) answers: Vec<(Transition, Result<Value, String>)>,
    /// Requests that were made because of that.
    pub(crate) afterwards: usize,
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
    /// Nothing, because a fault struck.
    Nothing,
    /// The provider refuses it, with this status.
    Refused(u16),
}

impl Evidence {
    /// Of a run that has come to rest.
    pub(crate) async fn collect(stage: &Stage, history: &History) -> Self {
        let deliveries = listed(&stage.ledger, &Filter::default()).await;
        let letters = stage.ledger.letters(None, PAGE_LIMIT).await.unwrap().entries;
        let requests = || stage.catcher.inbox().list(None);
        let before = requests();
        let mut answers = Vec::new();
        for transition in &history.transitions {
            let answer = stage.function.invoke(&transition.event()).await.result;
            answers.push((transition.clone(), answer.map_err(|error| error.to_string())));
        }
        let afterwards = requests().len() - before.len();
        let requests = before.iter().map(|caught| Request::of(caught)).collect();
        Self { deliveries, letters, requests, answers, afterwards }
    }

    /// The deliveries to `channel` of what there was to tell of `transition`.
    pub(crate) fn deliveries(&self, transition: &Transition, channel: &str) -> impl Iterator<Item = &Entry> {
        let (key, device) = (transition.key(), transition.device_id());
        self.deliveries.iter().filter(move |entry| {
            entry.key.device == device && entry.key.channel == channel && entry.key.event.starts_with(&key)
        })
    }

    /// What people see on `channel`, oldest first.
    pub(crate) fn seen_on(&self, channel: &str) -> impl DoubleEndedIterator<Item = &Made> {
        let requests = self.requests.iter().filter(move |request| request.channel == channel);
        requests.map(|request| &request.made).filter(|made| made.text().is_some())
    }
}

impl Request {
    fn of(caught: &Caught) -> Self {
        let mut headers = caught.request.headers.iter();
        let channel = headers.find(|(name, _)| name == "campanile-channel").unwrap().1.clone();
        let is_edit =
            caught.request.method == "PATCH" || caught.request.url.path().ends_with("/editMessageText");
        let made = match (caught.shown(), &caught.answer) {
            (Some(shown), _) if is_edit => Made::Edit(serde_json::to_string(shown).unwrap()),
            (Some(shown), _) => Made::Message(serde_json::to_string(shown).unwrap()),
            (None, Some(answer)) if caught.fault.is_none() => Made::Refused(answer.status),
            (None, _) => Made::Nothing,
        };
        Self { channel, made }
    }
}

impl Made {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Message(text) | Self::Edit(text) => Some(text),
            Self::Nothing | Self::Refused(_) => None,
        }
    }

    pub(crate) fn tells(&self, transition: &Transition) -> bool {
        self.text().is_some_and(|text| text.contains(&transition.title()))
    }

    pub(crate) fn is_message(&self) -> bool {
        matches!(self, Self::Message(_))
    }
}

/// All deliveries that `filter` wants; a run has fewer than a page holds.
pub(crate) async fn listed(ledger: &AnyLedger, filter: &Filter) -> Vec<Entry> {
    let page = ledger.list(filter, Timestamp::now(), None, PAGE_LIMIT).await.unwrap();
    assert!(page.next.is_none());
    page.entries
}
