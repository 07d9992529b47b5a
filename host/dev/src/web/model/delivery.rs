//! A delivery: where it stands, and every attempt.

use std::sync::Arc;

use campanile_core::ledger::{AttemptRecord, DeliveryState, Record, StateKind};
use campanile_core::notification::{Presentation, Receipt, Severity};
use campanile_core::outcome::OutcomeKind;
use campanile_local::inbox::Caught;
use campanile_store::Entry;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::inbox::header;

/// A delivery.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Delivery {
    /// `DEVICE:EVENT:CHANNEL`, percent-encoded.
    pub(in crate::web) id: String,
    /// The device that it tells of.
    pub(in crate::web) device: String,
    /// The key of the event, or of the news, that it tells.
    pub(in crate::web) event: String,
    /// The channel's name.
    pub(in crate::web) channel: String,
    /// Where it stands: `claimed`, `retry`, `delivered`, `rejected` or `dead-letter`.
    #[schema(value_type = String)]
    pub(in crate::web) status: StateKind,
    /// When it was claimed for the first time.
    #[schema(value_type = String, format = DateTime)]
    pub(in crate::web) opened_at: Timestamp,
    /// When somebody may go on with it; none if it has ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(in crate::web) due: Option<Timestamp>,
    /// Why it was rejected or given up.
    pub(in crate::web) reason: Option<String>,
    /// What the provider answered.
    #[schema(inline)]
    pub(in crate::web) receipt: Option<DeliveryReceipt>,
    /// The route that it comes from.
    pub(in crate::web) route: String,
    /// What people read first.
    pub(in crate::web) title: String,
    /// The text below it.
    pub(in crate::web) body: String,
    /// `debug`, `info`, `warning`, `error` or `critical`.
    #[schema(value_type = String)]
    pub(in crate::web) severity: Severity,
    /// The event as the device sent it.
    pub(in crate::web) event_json: String,
    /// The delivery whose message this one edits.
    pub(in crate::web) edits: Option<String>,
    /// How many of the attempts were before it was opened again.
    pub(in crate::web) reopened_after: usize,
    /// All attempts, oldest first.
    pub(in crate::web) attempts: Vec<Attempt>,
}

/// What a provider answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct DeliveryReceipt {
    /// The provider's id of the message; empty if it gives none.
    pub(in crate::web) message_id: String,
    /// The address it went to; empty if there is just one.
    pub(in crate::web) target: String,
    /// What the operator should know or change.
    pub(in crate::web) warnings: Vec<String>,
}

/// An attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(in crate::web) struct Attempt {
    /// Counted from 1 over the whole delivery.
    pub(in crate::web) number: u32,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    pub(in crate::web) started_at: Timestamp,
    /// Milliseconds that it took.
    pub(in crate::web) duration_ms: u64,
    /// How elaborate the message was: `rich`, `plain` or `minimal`.
    #[schema(value_type = String)]
    pub(in crate::web) presentation: Presentation,
    /// How it ended, for example `delivered`, `rate-limited` or `unknown`.
    #[schema(value_type = String)]
    pub(in crate::web) outcome: OutcomeKind,
    /// Why, in a sentence; empty on success.
    pub(in crate::web) detail: String,
    /// What the plugin logged.
    pub(in crate::web) guest_log: Vec<String>,
    /// Its requests, by their ids in the inbox, as long as they are there.
    pub(in crate::web) requests: Vec<u64>,
}

impl Delivery {
    /// A delivery of the ledger, and its requests in the inbox.
    pub(in crate::web) fn of(entry: &Entry, inbox: &[Arc<Caught>]) -> Self {
        let Entry { key, record } = entry;
        let id = key.to_string();
        let notification = &record.brief.notification;
        Self {
            attempts: attempts(record, &id, inbox),
            device: key.device.clone(),
            event: key.event.clone(),
            channel: key.channel.clone(),
            status: record.state.kind(),
            opened_at: record.opened_at,
            due: record.state.due(),
            reason: reason(&record.state),
            receipt: receipt(&record.state),
            route: record.brief.route.clone(),
            title: notification.title.clone(),
            body: notification.body.clone(),
            severity: notification.severity,
            event_json: notification.event_json.clone(),
            edits: record.brief.earlier.as_ref().map(ToString::to_string),
            reopened_after: record.counted_from,
            id,
        }
    }

    /// Whether it may be tried again by hand.
    pub(in crate::web) fn can_resend(&self) -> bool {
        matches!(self.status, StateKind::Rejected | StateKind::DeadLetter)
    }
}

fn attempts(record: &Record, id: &str, inbox: &[Arc<Caught>]) -> Vec<Attempt> {
    let requests = |number: u32| {
        let number = number.to_string();
        let is_of = |caught: &&Arc<Caught>| {
            let is = |name, value| header(&caught.request, name) == Some(value);
            is("campanile-delivery", id) && is("campanile-attempt", &number)
        };
        inbox.iter().filter(is_of).map(|caught| caught.id).collect()
    };
    let attempt = |attempt: &AttemptRecord| Attempt {
        number: attempt.number,
        started_at: attempt.started_at,
        duration_ms: attempt.duration_ms,
        presentation: attempt.presentation,
        outcome: attempt.outcome,
        detail: attempt.detail.clone(),
        guest_log: attempt.guest_log.clone(),
        requests: requests(attempt.number),
    };
    record.attempts.iter().map(attempt).collect()
}

fn reason(state: &DeliveryState) -> Option<String> {
    match state {
        DeliveryState::Rejected { reason } | DeliveryState::DeadLetter { reason } => Some(reason.clone()),
        DeliveryState::Claimed { .. } | DeliveryState::Delivered { .. } | DeliveryState::Retry { .. } => None,
    }
}

fn receipt(state: &DeliveryState) -> Option<DeliveryReceipt> {
    let DeliveryState::Delivered { receipt: Receipt { message_id, target, warnings } } = state else {
        return None;
    };
    let (message_id, target, warnings) = (message_id.clone(), target.clone(), warnings.clone());
    Some(DeliveryReceipt { message_id, target, warnings })
}
