//! Devices.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use campanile_store::Cursor;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::web::extract::{Path, Query};
use crate::web::model::LISTED;
use crate::web::model::device::{self, Device, PastEvents};
use crate::web::problem::Problem;
use crate::web::site::Site;

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HistoryQuery {
    /// Where the page starts: `next` of the one before.
    after: Option<String>,
    /// How many at most; 50 if it is not given.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<usize>,
}

/// The devices, by name.
#[utoipa::path(get, path = "/api/devices", tag = "devices", responses(
    (status = 200, description = "All that were heard of lately.", body = [Device]),
))]
pub(super) async fn list(State(site): State<Arc<Site>>) -> Result<Json<Vec<Device>>, Problem> {
    Ok(Json(device::devices(&site).await?))
}

/// One device: how it is, and what is open.
#[utoipa::path(get, path = "/api/devices/{device}", tag = "devices", params(("device" = String, Path, description = "Its name.")), responses(
    (status = 200, description = "It.", body = Device),
    (status = 404, description = "There is none.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn show(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
) -> Result<Json<Device>, Problem> {
    let found = device::device(&site, &name).await?;
    found.map(Json).ok_or_else(|| Problem::missing("device of this name", "/api/devices"))
}

/// What a device has reported, newest first; empty if nobody has heard of it.
#[utoipa::path(get, path = "/api/devices/{device}/history", tag = "devices",
    params(("device" = String, Path, description = "Its name."), HistoryQuery), responses(
    (status = 200, description = "A page of it.", body = PastEvents),
    (status = 400, description = "The query can't be read.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn history(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    Query(HistoryQuery { after, limit }): Query<HistoryQuery>,
) -> Result<Json<PastEvents>, Problem> {
    let after = after.map(|after| after.parse::<Cursor>()).transpose()?;
    Ok(Json(device::history(&site, &name, after, limit.unwrap_or(LISTED)).await?))
}
