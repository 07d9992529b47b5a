//! A page that can't be shown.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;
use maud::html;

use super::frame::{Frame, Place, bare};
use crate::web::problem::Problem;
use crate::web::site::Site;

/// Why there is no page.
pub(in crate::web) struct PageError(Problem);

impl<E: Into<Problem>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let Self(problem) = self;
        let page = bare(
            &problem.title,
            &html! {
                div.empty { h1 { (problem.title) } p { (problem.detail) } p { a.button href="/" { "Back to the inbox" } } }
            },
        );
        (problem.status(), Html(page.into_string())).into_response()
    }
}

/// There is no such page.
pub(super) async fn missing(State(site): State<Arc<Site>>) -> Response {
    let content = html! {
        div.empty {
            h1 { "There is no such page" }
            p { "The address leads nowhere (any more)." }
            p { a.button href="/" { "Back to the inbox" } }
        }
    };
    match Frame::of(&site, "Not found", Place::Nowhere).await {
        Ok(frame) => (StatusCode::NOT_FOUND, Html(frame.page(&content).into_string())).into_response(),
        Err(error) => PageError::from(error).into_response(),
    }
}
