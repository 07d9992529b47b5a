//! The paths of the Runtime API and the documents that they answer.

use std::sync::Arc;

use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, State as Extract};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use http::StatusCode;
use serde_json::json;

use super::{Answer, FunctionError, Phase, State};
use crate::lambda::invocation::json_or_text;

/// The largest answer: 6 MB and a little room, as in the service's own message.
const MAX_RESPONSE: usize = 6 * 1024 * 1024 + 100;

type Body = Result<Bytes, BytesRejection>;

pub(super) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .fallback(unknown)
        // Twice the limit is read, so that a client that is a little over it hears why.
        .layer(DefaultBodyLimit::max(2 * MAX_RESPONSE))
        .with_state(state)
}

/// The next event, when there is one.
async fn next(Extract(state): Extract<Arc<State>>) -> Response {
    if !state.asks() {
        return invalid_transition("next");
    }
    let Some(job) = state.jobs.lock().await.recv().await else {
        return refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", "Internal Server Error");
    };
    let headers = [
        ("lambda-runtime-aws-request-id", job.request_id.clone()),
        ("lambda-runtime-deadline-ms", job.deadline_ms.to_string()),
        ("lambda-runtime-invoked-function-arn", state.arn.clone()),
        ("lambda-runtime-trace-id", job.trace),
        ("content-type", "application/json".to_owned()),
    ];
    *state.phase() = Phase::Busy { request_id: job.request_id, answer: job.answer };
    (headers, job.body).into_response()
}

/// The function's answer.
async fn response(Extract(state): Extract<Arc<State>>, Path(id): Path<String>, body: Body) -> Response {
    answered(&state, &id, body, |body| Ok(json_or_text(body)))
}

/// The function's error.
async fn error(Extract(state): Extract<Arc<State>>, Path(id): Path<String>, body: Body) -> Response {
    answered(&state, &id, body, |body| Err(FunctionError::reported(body)))
}

/// No such path. The body is read all the same: a connection that is closed with a body unread would take the process's
/// next call with it.
async fn unknown(_body: Body) -> StatusCode {
    StatusCode::NOT_FOUND
}

/// The process can not start.
async fn init_error(Extract(state): Extract<Arc<State>>, body: Body) -> Response {
    let body = match checked(body) {
        Ok(body) => body,
        Err(refusal) => return refusal.into_response(),
    };
    let mut phase = state.phase();
    match std::mem::replace(&mut *phase, Phase::Idle) {
        Phase::Starting(ready) => {
            // An error means that nobody waits any more: the process is being killed.
            ready.send(Err(FunctionError::reported(&body))).ok();
            accepted()
        }
        other => {
            *phase = other;
            invalid_transition("init/error")
        }
    }
}

fn answered(
    state: &State,
    id: &str,
    body: Body,
    read: impl FnOnce(&[u8]) -> Result<serde_json::Value, FunctionError>,
) -> Response {
    let (result, reply) = match checked(body) {
        Ok(body) => (read(&body), accepted()),
        Err(Refused::TooLarge) => {
            (Err(FunctionError::response_too_large(MAX_RESPONSE)), Refused::TooLarge.into_response())
        }
        // The invocation goes on: if the process broke, its end will be noticed.
        Err(Refused::Truncated) => return Refused::Truncated.into_response(),
    };
    let Some(answer) = state.finish(id) else {
        return refusal(StatusCode::BAD_REQUEST, "InvalidRequestID", "Invalid request ID");
    };
    // An error means that nobody waits any more: the invocation timed out at this moment.
    answer.send(result).ok();
    reply
}

impl State {
    /// Notes that the process asks for an event; `false` if it still has one.
    fn asks(&self) -> bool {
        let mut phase = self.phase();
        match std::mem::replace(&mut *phase, Phase::Idle) {
            Phase::Starting(ready) => {
                ready.send(Ok(())).ok();
                true
            }
            Phase::Idle => true,
            busy @ Phase::Busy { .. } => {
                *phase = busy;
                false
            }
        }
    }

    /// Ends the invocation `id`, if that is what the process is busy with.
    fn finish(&self, id: &str) -> Option<Answer> {
        let mut phase = self.phase();
        match std::mem::replace(&mut *phase, Phase::Idle) {
            Phase::Busy { request_id, answer } if request_id == id => Some(answer),
            other => {
                *phase = other;
                None
            }
        }
    }
}

/// Why a body is not taken.
enum Refused {
    TooLarge,
    Truncated,
}

fn checked(body: Body) -> Result<Bytes, Refused> {
    match body {
        Ok(body) if body.len() <= MAX_RESPONSE => Ok(body),
        Err(rejection) if rejection.status() != StatusCode::PAYLOAD_TOO_LARGE => Err(Refused::Truncated),
        Ok(_) | Err(_) => Err(Refused::TooLarge),
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::TooLarge => {
                let message = format!("Exceeded maximum allowed payload size ({MAX_RESPONSE} bytes).");
                refusal(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", &message)
            }
            Self::Truncated => {
                refusal(StatusCode::BAD_REQUEST, "TruncatedHTTPRequest", "HTTP request detected as truncated")
            }
        }
    }
}

fn accepted() -> Response {
    (StatusCode::ACCEPTED, Json(json!({"status": "OK"}))).into_response()
}

fn invalid_transition(path: &str) -> Response {
    let message = format!("{path} is not allowed in this state");
    refusal(StatusCode::FORBIDDEN, "InvalidStateTransition", &message)
}

fn refusal(status: StatusCode, error_type: &str, error_message: &str) -> Response {
    (status, Json(json!({"errorMessage": error_message, "errorType": error_type}))).into_response()
}
