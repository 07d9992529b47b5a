//! Runs one event of the asynchronous queue to its end: attempts, waits, and giving up.
//!
//! The attempt itself is an argument, so that the whole course is tested on paused time.

use serde_json::Value;
use tokio::time::Instant;

use super::invocation::{FunctionError, InvokeError, Request};
use super::record::{FailureRecord, RequestContext, ResponseContext};
use super::retry::{Condition, Next, RetryPolicy};

/// How an event ended.
#[derive(Clone, Debug, PartialEq)]
pub enum AsyncOutcome {
    /// The function answered.
    Succeeded {
        /// Attempts made, the last one included.
        attempts: u32,
        /// The function's answer, which the service would throw away.
        response: Value,
    },
    /// The event was given up; this is what the on-failure destination receives.
    OnFailure(Box<FailureRecord>),
}

/// What became of one attempt.
pub(super) enum Attempt {
    /// The function was called.
    Ended(Result<Value, FunctionError>),
    /// The event got too old while it waited for a process.
    Expired,
}

/// The end of an event, before it is written down.
#[derive(Debug, PartialEq)]
pub(super) struct End {
    attempts: u32,
    result: Result<Value, (Condition, Option<FunctionError>)>,
}

/// Makes attempts until one succeeds or `policy` gives up. `attempt` is told until when the event is young enough.
pub(super) async fn run<F>(
    policy: RetryPolicy,
    mut attempt: impl FnMut(Instant) -> F,
) -> Result<End, InvokeError>
where
    F: Future<Output = Result<Attempt, InvokeError>>,
{
    let accepted = Instant::now();
    let expires = accepted + policy.max_event_age;
    let mut attempts = 0;
    let mut last = None;
    loop {
        let error = match attempt(expires).await? {
            Attempt::Ended(Ok(response)) => return Ok(End { attempts: attempts + 1, result: Ok(response) }),
            Attempt::Ended(Err(error)) => error,
            Attempt::Expired => {
                return Ok(End { attempts, result: Err((Condition::EventAgeExceeded, last)) });
            }
        };
        attempts += 1;
        match policy.after_failure(attempts, accepted.elapsed()) {
            Next::Retry(delay) => tokio::time::sleep(delay).await,
            Next::GiveUp(condition) => return Ok(End { attempts, result: Err((condition, Some(error))) }),
        }
        last = Some(error);
    }
}

/// What the caller learns of `end`.
pub(super) fn outcome(end: End, request: &Request, function_arn: &str) -> AsyncOutcome {
    let End { attempts, result } = end;
    let (condition, error) = match result {
        Ok(response) => return AsyncOutcome::Succeeded { attempts, response },
        Err(failure) => failure,
    };
    AsyncOutcome::OnFailure(Box::new(FailureRecord {
        version: "1.0",
        timestamp: jiff::Timestamp::now(),
        request_context: RequestContext {
            request_id: request.id.clone(),
            function_arn: format!("{function_arn}:$LATEST"),
            condition,
            approximate_invoke_count: attempts,
        },
        request_payload: request.payload.clone(),
        response_context: error.is_some().then_some(ResponseContext::FAILED),
        response_payload: error.map(|error| error.payload),
    }))
}

#[cfg(test)]
mod tests;
