//! One invocation: what kind of input it is, how long there is, and what the platform is told.

use campanile_router::Report;
use lambda_runtime::{Diagnostic, LambdaEvent};
use serde_json::Value;

use crate::answer;
use crate::batch::{self, Batch};
use crate::function::Function;
use crate::schedule;

/// Why the platform is to call again with the same input.
#[derive(Debug)]
pub(crate) enum HandlerError {
    /// Something is still to be done; the report says what is missing.
    Retrying(Report),
    /// A batch of another form than the one that is known.
    Batch(serde_json::Error),
}

impl From<HandlerError> for Diagnostic {
    fn from(error: HandlerError) -> Self {
        let (kind, error_message) = match error {
            HandlerError::Retrying(report) => {
                let report = serde_json::to_string(&report).unwrap_or_else(|error| error.to_string());
                ("Campanile.Retrying", report)
            }
            HandlerError::Batch(error) => (
                "Campanile.Batch",
                format!("the batch can't be read, its messages stay in the queue: {error}"),
            ),
        };
        Self { error_type: kind.into(), error_message }
    }
}

/// Answers with the report of an event or of a tick, or with the failed items of a batch.
pub(crate) async fn handle(function: &Function, event: LambdaEvent<Value>) -> Result<Value, HandlerError> {
    function.refresh().await;
    let invocation = function.invocation(&event.context);
    if let Some(batch) = Batch::of(&event.payload) {
        let batch = batch.map_err(HandlerError::Batch)?;
        return Ok(batch::handle(function, batch, &invocation).await);
    }
    if schedule::is_tick(&event.payload) {
        return Ok(schedule::handle(function, &invocation).await);
    }
    let report = answer::fitting(function.handle(&event.payload, &invocation).await);
    schedule::with_time_left(function, &invocation).await;
    if report.is_retryable() {
        return Err(HandlerError::Retrying(report));
    }
    Ok(serde_json::to_value(&report).unwrap_or_default())
}
