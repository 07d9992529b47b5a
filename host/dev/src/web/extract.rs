//! What requests bring, and the problem if it can't be read.

use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use http::StatusCode;
use http::request::Parts;

use crate::web::problem::Problem;

/// The query.
pub(in crate::web) struct Query<T>(pub(in crate::web) T);

/// The part of the path that names something.
pub(in crate::web) struct Path<T>(pub(in crate::web) T);

/// The body.
pub(in crate::web) struct Body<T>(pub(in crate::web) T);

impl<S: Sync, T> FromRequestParts<S> for Query<T>
where
    axum::extract::Query<T>: FromRequestParts<S, Rejection = QueryRejection>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Query::from_request_parts(parts, state).await;
        let problem = |rejection: QueryRejection| {
            Problem::new(
                StatusCode::BAD_REQUEST,
                format!("{}. See /api/openapi.json.", rejection.body_text()),
            )
        };
        read.map(|axum::extract::Query(read)| Self(read)).map_err(problem)
    }
}

impl<S: Sync, T: Send> FromRequestParts<S> for Path<T>
where
    axum::extract::Path<T>: FromRequestParts<S, Rejection = PathRejection>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Path::from_request_parts(parts, state).await;
        let problem = |rejection: PathRejection| {
            Problem::new(StatusCode::NOT_FOUND, format!("{}. See /api/openapi.json.", rejection.body_text()))
        };
        read.map(|axum::extract::Path(read)| Self(read)).map_err(problem)
    }
}

impl<S: Sync, T> FromRequest<S> for Body<T>
where
    axum::Json<T>: FromRequest<S, Rejection = JsonRejection>,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let read = axum::Json::from_request(request, state).await;
        let problem = |rejection: JsonRejection| {
            Problem::new(rejection.status(), format!("{}. See /api/openapi.json.", rejection.body_text()))
        };
        read.map(|axum::Json(read)| Self(read)).map_err(problem)
    }
}
