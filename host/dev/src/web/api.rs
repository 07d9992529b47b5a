//! The REST API: behind every page, and for scripts and tests. What it says is described by `/api/openapi.json`, which is made
//! from these very functions and types.

mod deliveries;
mod devices;
mod events;
mod faults;
mod identities;
mod inbox;
mod rules;
mod system;

use std::sync::Arc;

use axum::{Json, Router};
use http::StatusCode;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::problem::Problem;
use super::site::Site;

/// The head of the description.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Campanile, local mode",
        description = "Everything of the running system, for scripts and tests. What changes something takes JSON, and comes \
            from the server's own page or from no page. Errors are problems as RFC 9457 has them.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
        contact()
    ),
    components(schemas(Problem))
)]
struct Description;

pub(super) fn router() -> Router<Arc<Site>> {
    let (router, description) = described();
    let description = Arc::new(description);
    let show = move || {
        let description = Arc::clone(&description);
        async move { Json(description.as_ref().clone()) }
    };
    router
        .route("/api/openapi.json", axum::routing::get(show))
        .route("/api/{*rest}", axum::routing::any(async || missing()))
        .method_not_allowed_fallback(async || {
            let detail = "This can't be done here; /api/openapi.json says what can.";
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
        })
}

fn missing() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "There is no such address; see /api/openapi.json for those that there are.",
    )
}

/// Every route with its description.
fn described() -> (Router<Arc<Site>>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(system::health))
        .routes(routes!(system::about))
        .routes(routes!(system::feed))
        .routes(routes!(system::plugins))
        .routes(routes!(system::latency))
        .routes(routes!(events::list, events::publish))
        .routes(routes!(events::sample))
        .routes(routes!(events::show))
        .routes(routes!(events::replay))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::show))
        .routes(routes!(deliveries::resend))
        .routes(routes!(deliveries::letters))
        .routes(routes!(deliveries::queued))
        .routes(routes!(inbox::list, inbox::clear))
        .routes(routes!(inbox::show))
        .routes(routes!(devices::list))
        .routes(routes!(devices::show))
        .routes(routes!(devices::history))
        .routes(routes!(identities::issue))
        .routes(routes!(rules::list))
        .routes(routes!(rules::evaluate))
        .routes(routes!(faults::list, faults::set, faults::clear))
        .split_for_parts()
}
