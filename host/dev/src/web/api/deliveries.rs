//! Deliveries, and what went no further.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use campanile_core::ledger::{DeliveryKey, StateKind};
use campanile_store::Cursor;
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::web::extract::{Path, Query};
use crate::web::ids::delivery_key;
use crate::web::model::LISTED;
use crate::web::model::delivery::Delivery;
use crate::web::model::lookup::{self, Deliveries, DeliveryFilter};
use crate::web::model::queue::{self, DeadLetters, QueuedPage};
use crate::web::problem::Problem;
use crate::web::site::Site;

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DeliveriesQuery {
    /// Where the page starts: `next` of the one before.
    after: Option<String>,
    /// How many at most; 50 if it is not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
    /// Only those that stand here: `claimed`, `retry`, `delivered`, `rejected` or `dead-letter`.
    #[param(value_type = Option<String>)]
    status: Option<StateKind>,
    /// Only those of this device.
    device: Option<String>,
    /// Only those of this channel.
    channel: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LettersQuery {
    /// Where the page starts: `next` of the one before.
    after: Option<String>,
    /// How many at most; 50 if it is not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct QueuesQuery {
    /// Only those before this id.
    before: Option<u64>,
    /// How many at most; 50 if it is not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// The deliveries, newest first.
#[utoipa::path(get, path = "/api/deliveries", tag = "deliveries", params(DeliveriesQuery), responses(
    (status = 200, description = "A page of them.", body = Deliveries),
    (status = 400, description = "The query can't be read.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn list(
    State(site): State<Arc<Site>>,
    Query(query): Query<DeliveriesQuery>,
) -> Result<Json<Deliveries>, Problem> {
    let DeliveriesQuery { after, limit, status, device, channel } = query;
    let after = after.map(|after| after.parse::<Cursor>()).transpose()?;
    let filter = DeliveryFilter { device, status, channel };
    Ok(Json(lookup::deliveries(&site, &filter, after, limit.unwrap_or(LISTED)).await?))
}

/// One delivery, attempt by attempt.
#[utoipa::path(get, path = "/api/deliveries/{id}", tag = "deliveries",
    params(("id" = String, Path, description = "Its id, percent-encoded once more.")), responses(
    (status = 200, description = "It.", body = Delivery),
    (status = 404, description = "There is none.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn show(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
) -> Result<Json<Delivery>, Problem> {
    let found = lookup::delivery(&site, &key(&id)?).await?;
    found.map(Json).ok_or_else(missing)
}

/// Lets a delivery that has ended without success be tried again, now.
#[utoipa::path(post, path = "/api/deliveries/{id}/resend", tag = "deliveries",
    params(("id" = String, Path, description = "Its id, percent-encoded once more.")), responses(
    (status = 202, description = "It will be tried."),
    (status = 404, description = "There is none.", content_type = "application/problem+json", body = Problem),
    (status = 422, description = "It has not ended without success.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn resend(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let key = key(&id)?;
    let delivery = lookup::delivery(&site, &key).await?.ok_or_else(missing)?;
    if !delivery.can_resend() {
        let detail = "Only what was rejected or given up is sent again; this delivery was not. Replay its event instead.";
        return Err(Problem::invalid(detail));
    }
    site.system.resend(&key).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Messages that are no events, newest first.
#[utoipa::path(get, path = "/api/letters", tag = "queues", params(LettersQuery), responses(
    (status = 200, description = "A page of them.", body = DeadLetters),
    (status = 400, description = "The query can't be read.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn letters(
    State(site): State<Arc<Site>>,
    Query(LettersQuery { after, limit }): Query<LettersQuery>,
) -> Result<Json<DeadLetters>, Problem> {
    let after = after.map(|after| after.parse::<Cursor>()).transpose()?;
    Ok(Json(queue::letters(&site, after, limit.unwrap_or(LISTED)).await?))
}

/// What rules and the function have put into queues because something failed.
#[utoipa::path(get, path = "/api/queues", tag = "queues", params(QueuesQuery), responses(
    (status = 200, description = "A page of it.", body = QueuedPage),
    (status = 400, description = "The query can't be read.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn queued(
    State(site): State<Arc<Site>>,
    Query(QueuesQuery { before, limit }): Query<QueuesQuery>,
) -> Result<Json<QueuedPage>, Problem> {
    Ok(Json(queue::queued(&site, before, limit.unwrap_or(LISTED)).await?))
}

fn key(id: &str) -> Result<DeliveryKey, Problem> {
    delivery_key(id).ok_or_else(missing)
}

fn missing() -> Problem {
    Problem::missing("delivery with this id", "/api/deliveries")
}
