//! What went no further: events that are none, and actions that failed.

use campanile_store::{Cursor, Ledger as _, Letter, StoreError};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::event::Event;
use super::lookup::{EventFilter, events};
use super::{LISTED, MOST};
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

/// An action that failed on an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct FailedAction {
    /// The event.
    pub(in crate::web) event: u64,
    /// Its topic.
    pub(in crate::web) topic: String,
    /// The rule whose action it is.
    pub(in crate::web) rule: String,
    /// In the spelling of the API: `lambda`, `dynamoDBv2`, `sqs`.
    pub(in crate::web) action: String,
    /// The queue that has it: of `lambda` the function's `on-failure`, of others the rules' `rule-errors`.
    pub(in crate::web) queue: String,
    /// When it failed.
    #[schema(value_type = String, format = DateTime)]
    pub(in crate::web) at: Timestamp,
    /// Why.
    pub(in crate::web) reason: String,
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

/// The actions that failed on the latest events, newest event first.
pub(in crate::web) async fn failures(site: &Site) -> Result<Vec<FailedAction>, Refusal> {
    let latest = events(site, &EventFilter::default(), None, MOST).await?;
    Ok(latest.events.iter().flat_map(failed).take(LISTED * 2).collect())
}

fn failed(event: &Event) -> Vec<FailedAction> {
    let runs = event.verdicts.iter().flat_map(|verdict| verdict.actions.iter().map(move |run| (verdict, run)));
    let failed = runs.filter(|(_, run)| run.state == "failed");
    let failure = |(verdict, run): (&super::event::RuleVerdict, &super::event::Action)| FailedAction {
        event: event.id,
        topic: event.topic.clone(),
        rule: verdict.rule.clone(),
        action: run.kind.clone(),
        queue: if run.kind == "lambda" { "on-failure" } else { "rule-errors" }.to_owned(),
        at: run.at,
        reason: run.reason.clone().unwrap_or_default(),
    };
    failed.map(failure).collect()
}
