//! Events: what was published.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use crate::journal::MessageId;
use crate::system::Publication;
use crate::web::extract::{Body, Path, Query};
use crate::web::model::LISTED;
use crate::web::model::event::Event;
use crate::web::model::lookup::{self, EventFilter, Events};
use crate::web::problem::Problem;
use crate::web::site::Site;

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EventsQuery {
    /// Only those before this id.
    before: Option<u64>,
    /// How many at most; 50 if it is not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
    /// Only those of this device, or this client.
    device: Option<String>,
    /// Only those on this topic.
    topic: Option<String>,
    /// Only those that this rule has selected, by its logical id.
    rule: Option<String>,
    /// Only those that some rule has selected, or that none has.
    selected: Option<bool>,
    /// Only those with this in their topic, client or payload.
    text: Option<String>,
}

/// Something to publish.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct NewEvent {
    /// Where to.
    #[schema(example = "home/heating/status")]
    topic: String,
    /// As which device; the sample's if it is not given.
    client_id: Option<String>,
    /// What, as JSON. Give exactly one of the three.
    #[schema(value_type = Option<Object>)]
    payload: Option<Box<RawValue>>,
    /// What, as text.
    payload_text: Option<String>,
    /// What, as base64.
    payload_base64: Option<String>,
}

/// Something that was published.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Published {
    /// The event's id.
    event: u64,
}

/// A sample to publish.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Sample {
    /// The status that the device changes to; `INACTIVE` if it is not given.
    status: Option<String>,
    /// The device; the sample's if it is not given.
    device: Option<String>,
}

/// The events, newest first.
#[utoipa::path(get, path = "/api/events", tag = "events", params(EventsQuery), responses(
    (status = 200, description = "A page of them.", body = Events),
    (status = 400, description = "The query can't be read.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn list(
    State(site): State<Arc<Site>>,
    Query(query): Query<EventsQuery>,
) -> Result<Json<Events>, Problem> {
    let EventsQuery { before, limit, device, topic, rule, selected, text } = query;
    let filter = EventFilter { device, topic, rule, selected, text };
    Ok(Json(lookup::events(&site, &filter, before, limit.unwrap_or(LISTED)).await?))
}

/// One event, with what each rule made of it.
#[utoipa::path(get, path = "/api/events/{id}", tag = "events", params(("id" = u64, Path, description = "The event's id.")), responses(
    (status = 200, description = "It.", body = Event),
    (status = 404, description = "There is none.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn show(State(site): State<Arc<Site>>, Path(id): Path<u64>) -> Result<Json<Event>, Problem> {
    Ok(Json(Event::of(site.system.message(MessageId(id)).await?.as_ref())))
}

/// Publishes as a device would. The answer comes when the event is in the journal; what becomes of it, `/api/events/{id}` tells.
#[utoipa::path(post, path = "/api/events", tag = "events", request_body = NewEvent, responses(
    (status = 201, description = "It is in the journal.", body = Published),
    (status = 422, description = "It can't be published.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn publish(
    State(site): State<Arc<Site>>,
    Body(new): Body<NewEvent>,
) -> Result<(StatusCode, Json<Published>), Problem> {
    let payload = match (&new.payload, new.payload_text, new.payload_base64) {
        (Some(json), None, None) => json.get().as_bytes().to_vec(),
        (None, Some(text), None) => text.into_bytes(),
        (None, None, Some(base64)) => STANDARD
            .decode(base64)
            .map_err(|error| Problem::invalid(format!("`payload-base64` is no base64: {error}.")))?,
        _ => {
            return Err(Problem::invalid(
                "Give exactly one of `payload`, `payload-text` and `payload-base64`.",
            ));
        }
    };
    let client_id = new.client_id.unwrap_or_else(|| site.about.device.clone());
    published(&site, Publication { topic: new.topic, client_id, payload }).await
}

/// Publishes an event that the sample configuration tells of, as if it happened now.
#[utoipa::path(post, path = "/api/events/sample", tag = "events", request_body = Sample, responses(
    (status = 201, description = "It is in the journal.", body = Published),
    (status = 422, description = "It can't be published.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn sample(
    State(site): State<Arc<Site>>,
    Body(sample): Body<Sample>,
) -> Result<(StatusCode, Json<Published>), Problem> {
    let device = sample.device.unwrap_or_else(|| site.about.device.clone());
    let status = sample.status.unwrap_or_else(|| "INACTIVE".to_owned());
    let payload = crate::web::page::sample(&device, &status);
    let topic = site.about.topic.clone();
    published(&site, Publication { topic, client_id: device, payload: payload.into_bytes() }).await
}

async fn published(site: &Site, publication: Publication) -> Result<(StatusCode, Json<Published>), Problem> {
    let MessageId(event) = site.system.publish(publication).await?;
    Ok((StatusCode::CREATED, Json(Published { event })))
}

/// Publishes an event once more: the same bytes, so the same event. What was delivered is not delivered again.
#[utoipa::path(post, path = "/api/events/{id}/replay", tag = "events", params(("id" = u64, Path, description = "The event's id.")), responses(
    (status = 201, description = "It is in the journal again.", body = Published),
    (status = 404, description = "There is none.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn replay(
    State(site): State<Arc<Site>>,
    Path(id): Path<u64>,
) -> Result<(StatusCode, Json<Published>), Problem> {
    let MessageId(event) = site.system.replay(MessageId(id)).await?;
    Ok((StatusCode::CREATED, Json(Published { event })))
}
