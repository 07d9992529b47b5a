//! The system as a whole: how it is, what happens, its plugins, and how long it takes.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use serde::Serialize;
use utoipa::ToSchema;

use crate::web::feed::follow;
use crate::web::model::MOST;
use crate::web::model::about::{self, AboutSystem};
use crate::web::model::happening::FeedItem;
use crate::web::model::latency::{Latency, latencies};
use crate::web::model::lookup::{DeliveryFilter, deliveries};
use crate::web::model::plugin::Plugin;
use crate::web::problem::Problem;
use crate::web::site::Site;

/// That it runs.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Health {
    /// Always `ok`: who does not run does not answer.
    status: &'static str,
    /// Campanile's version.
    version: String,
}

/// Whether it runs.
#[utoipa::path(get, path = "/api/health", tag = "system", responses((status = 200, description = "It does.", body = Health)))]
pub(super) async fn health(State(site): State<Arc<Site>>) -> Json<Health> {
    Json(Health { status: "ok", version: site.about.version.clone() })
}

/// How it was started, and how much there is.
#[utoipa::path(get, path = "/api/about", tag = "system", responses((status = 200, description = "Addresses and counts.", body = AboutSystem)))]
pub(super) async fn about(State(site): State<Arc<Site>>) -> Result<Json<AboutSystem>, Problem> {
    Ok(Json(about::about(&site).await?))
}

/// What happens, as it happens: server-sent events, each with a `FeedItem` as its data. `Last-Event-ID` goes on where a
/// follower was; who was away too long hears of `missed`.
#[utoipa::path(get, path = "/api/feed", tag = "system",
    params(("Last-Event-ID" = Option<String>, Header, description = "The id of the last item that was heard.")),
    responses(
        (status = 200, description = "The feed, without end.", content_type = "text/event-stream", body = FeedItem),
        (status = 503, description = "Too many follow already.", content_type = "application/problem+json", body = Problem),
    ))]
pub(super) async fn feed(State(site): State<Arc<Site>>, headers: HeaderMap) -> Result<Response, Problem> {
    let last = headers.get("last-event-id").map(|id| id.to_str().unwrap_or_default());
    follow(&site, last)
}

/// The plugins.
#[utoipa::path(get, path = "/api/plugins", tag = "system", responses((status = 200, description = "By their files.", body = [Plugin])))]
pub(super) async fn plugins(State(site): State<Arc<Site>>) -> Json<Vec<Plugin>> {
    Json(site.system.plugins.borrow().iter().map(Plugin::from).collect())
}

/// How long each channel takes, of its latest deliveries.
#[utoipa::path(get, path = "/api/latency", tag = "system", responses((status = 200, description = "By channel.", body = [Latency])))]
pub(super) async fn latency(State(site): State<Arc<Site>>) -> Result<Json<Vec<Latency>>, Problem> {
    let latest = deliveries(&site, &DeliveryFilter::default(), None, MOST).await?;
    Ok(Json(latencies(&latest.deliveries)))
}
