//! What a run leaves behind: what the store kept, what the providers got, what the function answers in the end.

use std::sync::Arc;

use campanile_local::inbox::Caught;
use campanile_store::{AnyLedger, Entry, Filter, Ledger as _, Letter, PAGE_LIMIT};
use jiff::Timestamp;
use serde_json::Value;

use crate::history::{History, Transition};
use crate::stage::Stage;

#[derive(Debug)]
pub(crate) struct Evidence {
    pub(crate) deliveries: Vec<Entry>,
    pub(crate) letters: Vec<Letter>,
    /// In the order in which the providers took them.
    pub(crate) requests: Vec<Request>,
    /// Of each transition, when it is handed over once more.
    pub(crate) reports: Vec<(Transition, Result<Value, String>)>,
    /// Requests that were made because of that.
    pub(crate) afterwards: usize,
}

/// What a provider got.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) channel: String,
    body: String,
    pub(crate) made: Made,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    /// A message that people see.
    Message,
    /// Another text for a message.
    Edit,
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
        let requests: Vec<Request> = stage.catcher.inbox().list(None).iter().map(Request::of).collect();
        let mut reports = Vec::new();
        for transition in &history.0 {
            let answer = stage.function.invoke(&transition.event()).await.result;
            reports.push((transition.clone(), answer.map_err(|error| error.to_string())));
        }
        let afterwards = stage.catcher.inbox().list(None).len() - requests.len();
        Self { deliveries, letters, requests, reports, afterwards }
    }

    /// The deliveries of news about `transition` to `channel`.
    pub(crate) fn deliveries<'e>(
        &'e self,
        transition: &Transition,
        channel: &str,
    ) -> impl Iterator<Item = &'e Entry> {
        let (key, device) = (transition.key(), transition.device_id());
        self.deliveries.iter().filter(move |entry| {
            entry.key.device == device && entry.key.channel == channel && entry.key.event.starts_with(&key)
        })
    }

    pub(crate) fn to(&self, channel: &str) -> impl DoubleEndedIterator<Item = &Request> {
        self.requests.iter().filter(move |request| request.channel == channel)
    }
}

impl Request {
    #[cfg(test)]
    pub(crate) fn new(channel: &str, transition: &Transition, made: Made) -> Self {
        Self { channel: channel.to_owned(), body: transition.mark(), made }
    }

    fn of(caught: &Arc<Caught>) -> Self {
        let mut headers = caught.request.headers.iter();
        let channel = headers.find(|(name, _)| name == "campanile-channel").unwrap().1.clone();
        let is_edit =
            caught.request.method == "PATCH" || caught.request.url.path().ends_with("/editMessageText");
        let made = match &caught.answer {
            Some(answer) if answer.shown.is_some() && is_edit => Made::Edit,
            Some(answer) if answer.shown.is_some() => Made::Message,
            Some(answer) if caught.fault.is_none() => Made::Refused(answer.status),
            _ => Made::Nothing,
        };
        Self { channel, body: String::from_utf8_lossy(&caught.request.body).into_owned(), made }
    }

    pub(crate) fn is_about(&self, transition: &Transition) -> bool {
        self.body.contains(&transition.mark())
    }

    /// Whether people see what it says.
    pub(crate) fn is_accepted(&self) -> bool {
        matches!(self.made, Made::Message | Made::Edit)
    }
}

/// All deliveries that `filter` wants; a run has fewer than a page holds.
pub(crate) async fn listed(ledger: &AnyLedger, filter: &Filter) -> Vec<Entry> {
    let page = ledger.list(filter, Timestamp::now(), None, PAGE_LIMIT).await.unwrap();
    assert!(page.next.is_none());
    page.entries
}
