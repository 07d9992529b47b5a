//! Rules, and the playground.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::web::extract::Body;
use crate::web::model::MOST;
use crate::web::model::lookup::{EventFilter, events};
use crate::web::model::playground::{self, Evaluated, Question};
use crate::web::model::rule::{self, Rules};
use crate::web::problem::Problem;
use crate::web::site::Site;

/// The rules of the template, with what they made of the latest events.
#[utoipa::path(get, path = "/api/rules", tag = "rules", responses((status = 200, description = "In the template's order.", body = Rules)))]
pub(super) async fn list(State(site): State<Arc<Site>>) -> Result<Json<Rules>, Problem> {
    let latest = events(&site, &EventFilter::default(), None, MOST).await?;
    let book = Arc::clone(&site.system.rules.borrow());
    Ok(Json(rule::rules(&book, &latest.events)))
}

/// What a statement, or a rule, would make of a message. Nothing is published. A statement that can't be read is an answer too:
/// `refused`, with the place of the mistake.
#[utoipa::path(post, path = "/api/rules/evaluate", tag = "rules", request_body = Question, responses(
    (status = 200, description = "What it makes of it.", body = Evaluated),
    (status = 422, description = "The question makes no sense.", content_type = "application/problem+json", body = Problem),
))]
pub(super) async fn evaluate(
    State(site): State<Arc<Site>>,
    Body(question): Body<Question>,
) -> Result<Json<Evaluated>, Problem> {
    let book = Arc::clone(&site.system.rules.borrow());
    playground::evaluate(&book, &question).map(Json).map_err(Problem::invalid)
}
