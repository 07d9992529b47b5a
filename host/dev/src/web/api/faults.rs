//! Faults: how the fakes misbehave.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::feed::Happening;
use crate::web::extract::{Body, Query};
use crate::web::model::fault::{self, SetFault};
use crate::web::problem::Problem;
use crate::web::site::Site;

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FaultQuery {
    /// Only the fault of these requests; all faults if it is not given.
    selector: Option<String>,
}

/// The faults that are set, with the times they have left.
#[utoipa::path(get, path = "/api/faults", tag = "faults", responses((status = 200, description = "The one set first is asked first.", body = [SetFault])))]
pub(super) async fn list(State(site): State<Arc<Site>>) -> Json<Vec<SetFault>> {
    Json(fault::list(site.system.catcher.faults()))
}

/// Sets a fault, in place of one for the same requests.
#[utoipa::path(put, path = "/api/faults", tag = "faults", request_body = SetFault, responses(
    (status = 200, description = "All that are set now.", body = [SetFault]),
    (status = 422, description = "It is no fault.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn set(
    State(site): State<Arc<Site>>,
    Body(wanted): Body<SetFault>,
) -> Result<Json<Vec<SetFault>>, Problem> {
    let faults = site.system.catcher.faults();
    fault::set(faults, &wanted).map_err(|error| Problem::invalid(error.to_string()))?;
    site.system.feed.tell(Happening::Faults);
    Ok(Json(fault::list(faults)))
}

/// Takes faults back.
#[utoipa::path(delete, path = "/api/faults", tag = "faults", params(FaultQuery), responses(
    (status = 200, description = "Those that are left.", body = [SetFault]),
    (status = 404, description = "None is set for these requests.", content_type = "application/problem+json", body = Problem),
    (status = 422, description = "The selector selects nothing.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn clear(
    State(site): State<Arc<Site>>,
    Query(FaultQuery { selector }): Query<FaultQuery>,
) -> Result<Json<Vec<SetFault>>, Problem> {
    let faults = site.system.catcher.faults();
    match selector {
        Some(text) => {
            let selector = fault::selector(&text).map_err(|error| Problem::invalid(error.to_string()))?;
            if !faults.clear(&selector) {
                return Err(Problem::missing("fault for these requests", "/api/faults"));
            }
        }
        None => faults.list().iter().for_each(|(selector, _)| {
            faults.clear(selector);
        }),
    }
    site.system.feed.tell(Happening::Faults);
    Ok(Json(fault::list(faults)))
}
