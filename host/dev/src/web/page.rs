//! The pages: what a person sees. Each is made anew for each request, and works without a script; the script asks for the same page
//! again when something has changed, and puts in what is different.

mod deliveries;
mod devices;
mod error;
mod events;
mod faults;
mod frame;
mod inbox;
mod operations;
mod playground;
mod rules;

use std::sync::Arc;

use axum::Router;
use axum::response::Html;
use axum::routing::{get, post};
use campanile_rules::message::Surroundings as _;
use jiff::Timestamp;
use serde_json::json;

use super::site::Site;
use error::PageError;

/// What a page's handler gives.
type Answer = Result<Html<String>, PageError>;

pub(super) fn router() -> Router<Arc<Site>> {
    Router::new()
        .route("/", get(inbox::list))
        .route("/inbox", get(inbox::list))
        .route("/inbox/{id}", get(inbox::show))
        .route("/events", get(events::list))
        .route("/events/{id}", get(events::show))
        .route("/deliveries", get(deliveries::list))
        .route("/deliveries/{id}", get(deliveries::show))
        .route("/devices", get(devices::list))
        .route("/devices/{device}", get(devices::show))
        .route("/rules", get(rules::list))
        .route("/rules/playground", get(rules::playground))
        .route("/fragments/playground", post(playground::answer))
        .route("/faults", get(faults::list))
        .route("/plugins", get(operations::plugins))
        .route("/queues", get(operations::queues))
        .route("/latency", get(operations::latency))
        .fallback(error::missing)
}

/// What a device would publish that changes its status now.
pub(super) fn sample(device: &str, status: &str) -> String {
    let previous = if status == "INACTIVE" { "ACTIVE" } else { "INACTIVE" };
    let payload = json!({
        "event_id": campanile_local::surroundings::ThisMachine.uuid(),
        "device_id": device,
        "status": status,
        "previous": previous,
        "occurred_at": Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
        "reading": { "temperature": 21.5, "unit": "°C" },
    });
    serde_json::to_string_pretty(&payload).unwrap_or_default()
}
