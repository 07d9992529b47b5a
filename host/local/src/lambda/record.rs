//! The record that an on-failure destination receives.
//!
//! Developer guide, "Capturing records of Lambda asynchronous invocations": the same document goes to SQS, SNS,
//! EventBridge and Lambda destinations.

use serde::Serialize;
use serde_json::Value;

use super::retry::Condition;

/// An event that was given up, with what the function answered last.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FailureRecord {
    /// Always `1.0`.
    pub version: &'static str,
    /// When the record was made.
    pub timestamp: jiff::Timestamp,
    /// Which invocation, and why it was given up.
    pub request_context: RequestContext,
    /// The event.
    pub request_payload: Value,
    /// How the last attempt ended; absent if there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_context: Option<ResponseContext>,
    /// What the last attempt answered: the error's document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_payload: Option<Value>,
}

/// Which invocation failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestContext {
    /// The same for all attempts.
    pub request_id: String,
    /// With its version: `…:$LATEST`.
    pub function_arn: String,
    /// Why no more attempts were made.
    pub condition: Condition,
    /// Attempts made.
    pub approximate_invoke_count: u32,
}

/// How the last attempt ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResponseContext {
    /// The status of the invocation, not of the function: always 200.
    pub status_code: u16,
    /// Always `$LATEST`.
    pub executed_version: &'static str,
    /// Always `Unhandled` for a custom runtime.
    pub function_error: &'static str,
}

impl ResponseContext {
    /// A function that was called and failed.
    pub(super) const FAILED: Self =
        Self { status_code: 200, executed_version: "$LATEST", function_error: "Unhandled" };
}
