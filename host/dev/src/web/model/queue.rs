//! What went no further: messages that are no events, and what is in the queues for failures.

use campanile_store::{Cursor, Ledger as _, Letter, StoreError};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::MOST;
use crate::journal::QueuedMessage;
use crate::system::Refusal;
use crate::web::site::Site;

/// A message that is no event. Kept with the reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct DeadLetter {
    /// When it was given up.
    #[schema(value_type = String, format = DateTime)]
    pub(in crate::web) at: Timestamp,
    /// The event's key if it has one.
    pub(in crate::web) event: Option<String>,
    /// Why.
    pub(in crate::web) reason: String,
    /// As it came in, cut to 128 KiB.
    pub(in crate::web) payload: String,
}

/// A page of dead letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct DeadLetters {
    /// Newest first.
    pub(in crate::web) letters: Vec<DeadLetter>,
    /// Where the next page starts, for `after`; none if there is none.
    pub(in crate::web) next: Option<String>,
}

/// A message in a queue: what a rule or the function put there because something failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Queued {
    /// Counted from 1.
    pub(in crate::web) id: u64,
    /// The queue, as the template calls it; `on-failure` is the function's.
    pub(in crate::web) queue: String,
    /// When it was put there.
    #[schema(value_type = String, format = DateTime)]
    pub(in crate::web) at: Timestamp,
    /// The event that it is about.
    pub(in crate::web) event: u64,
    /// What SQS would hold.
    pub(in crate::web) body: String,
}

/// A page of queued messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct QueuedPage {
    /// Newest first.
    pub(in crate::web) messages: Vec<Queued>,
    /// Where the next page starts, for `before`; none if there is none.
    pub(in crate::web) next: Option<u64>,
}

pub(in crate::web) async fn letters(
    site: &Site,
    after: Option<Cursor>,
    limit: usize,
) -> Result<DeadLetters, StoreError> {
    let page = site.system.ledger.letters(after, limit.clamp(1, MOST)).await?;
    let letter = |Letter { at, event, reason, payload }| DeadLetter { at, event, reason, payload };
    Ok(DeadLetters {
        letters: page.entries.into_iter().map(letter).collect(),
        next: page.next.map(|cursor| cursor.to_string()),
    })
}

pub(in crate::web) async fn queued(
    site: &Site,
    before: Option<u64>,
    limit: usize,
) -> Result<QueuedPage, Refusal> {
    let limit = limit.clamp(1, MOST);
    let found = site.system.queued(before, limit).await?;
    let next = found.last().filter(|_| found.len() == limit).map(|last| last.id);
    let message =
        |QueuedMessage { id, queue, at, message, body }| Queued { id, queue, at, event: message.0, body };
    Ok(QueuedPage { messages: found.into_iter().map(message).collect(), next })
}
