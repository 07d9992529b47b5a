//! One invocation: what kind of input it is, how long there is, and what the platform is told.

use std::time::Duration;

use campanile_router::{Invocation, Report};
use lambda_runtime::{Context, Diagnostic, LambdaEvent};
use serde_json::Value;

use crate::batch::{self, Batch};
use crate::function::Function;

/// Something is still to be done. The platform calls again with the same event; the report says what is missing.
#[derive(Debug)]
pub(crate) struct Retryable(Report);

impl From<Retryable> for Diagnostic {
    fn from(Retryable(report): Retryable) -> Self {
        let error_message = serde_json::to_string(&report).unwrap_or_else(|error| error.to_string());
        Self { error_type: "Campanile.Retrying".into(), error_message }
    }
}

/// Answers with the report of an event, or with the failed items of a batch.
pub(crate) async fn handle(function: &Function, event: LambdaEvent<Value>) -> Result<Value, Retryable> {
    function.refresh();
    let invocation = invocation(&event.context);
    if let Some(batch) = Batch::of(&event.payload) {
        return Ok(batch::handle(function, batch, &invocation).await);
    }
    let report = function.handle(&event.payload, &invocation).await;
    tracing::info!(event = report.event, result = ?report.result, "the event ended");
    if report.is_retryable() {
        return Err(Retryable(report));
    }
    Ok(serde_json::to_value(&report).unwrap_or_default())
}

/// The deadline is the platform's clock; the environment may have slept since the last invocation.
fn invocation(context: &Context) -> Invocation {
    let now = u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or_default();
    Invocation::new(context.request_id.clone(), Duration::from_millis(context.deadline.saturating_sub(now)))
}
