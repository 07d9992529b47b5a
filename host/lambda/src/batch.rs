//! Batches of failed events from SQS: the redrive. What fails again stays in the queue, item by item.
//!
//! Two kinds of message come: the record that Lambda writes when its retries are used up, and the message of a rule's
//! error action. Both hold the event as it was.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent, SqsMessage};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use campanile_core::retry::ATTEMPT_TIME;
use campanile_router::Invocation;
use serde_json::{Value, json};

use crate::function::Function;

/// A batch of messages.
#[derive(Debug)]
pub(crate) struct Batch(SqsEvent);

/// Why a message holds no event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MessageError {
    #[error("the message is not JSON: {0}")]
    Json(String),
    #[error("the original payload is not base64 of JSON: {0}")]
    Payload(String),
    #[error("the failed action is `{0}`, which this function can't do again")]
    OtherAction(String),
}

impl Batch {
    /// Tells a batch from an event: `Records` that come from SQS. One that can't be read must not pass for an event: SQS
    /// would take the answer for success and delete all messages.
    pub(crate) fn of(payload: &Value) -> Option<serde_json::Result<Self>> {
        let source = payload.get("Records")?.get(0)?.get("eventSource")?.as_str()?;
        (source == "aws:sqs").then(|| serde_json::from_value(payload.clone()).map(Self))
    }
}

/// Handles the messages one after the other; those that are to come again are listed in the answer.
pub(crate) async fn handle(function: &Function, Batch(batch): Batch, invocation: &Invocation) -> Value {
    let mut response = SqsBatchResponse::default();
    for (index, message) in batch.records.into_iter().enumerate() {
        // What has no time left comes again as it is; the first is tried however little time the function has.
        let has_time = index == 0 || invocation.remaining() >= ATTEMPT_TIME;
        if !has_time || !succeeds(function, &message, invocation).await {
            response.batch_item_failures.push(failure(message.message_id.unwrap_or_default()));
        }
    }
    serde_json::to_value(response).unwrap_or_default()
}

fn failure(id: String) -> BatchItemFailure {
    let mut failure = BatchItemFailure::default();
    failure.item_identifier = id;
    failure
}

async fn succeeds(function: &Function, message: &SqsMessage, invocation: &Invocation) -> bool {
    match event(message.body.as_deref().unwrap_or_default()) {
        Ok(event) => !function.handle(&event, invocation).await.is_retryable(),
        Err(error) => {
            tracing::error!(message.id = message.message_id, "the message stays in the queue: {error}");
            false
        }
    }
}

/// The event in a message's body.
fn event(body: &str) -> Result<Value, MessageError> {
    let message: Value = serde_json::from_str(body).map_err(|error| MessageError::Json(error.to_string()))?;
    if let Some(payload) = message.get("requestPayload") {
        return Ok(payload.clone());
    }
    match message.get("base64OriginalPayload").and_then(Value::as_str) {
        Some(payload) => rule_error(&message, payload),
        None => Ok(message),
    }
}

/// The envelope that the rule would have made (see `deploy/template.yaml`). Only the failure of the Lambda action is
/// this function's to repair.
fn rule_error(message: &Value, payload: &str) -> Result<Value, MessageError> {
    let failures = message.get("failures").and_then(Value::as_array).into_iter().flatten();
    let failed: Vec<&str> = failures.filter_map(|failure| failure.get("failedAction")?.as_str()).collect();
    if !failed.iter().any(|action| action.eq_ignore_ascii_case("LambdaAction")) {
        return Err(MessageError::OtherAction(failed.join(", ")));
    }
    let bytes = STANDARD.decode(payload).map_err(|error| MessageError::Payload(error.to_string()))?;
    let payload: Value =
        serde_json::from_slice(&bytes).map_err(|error| MessageError::Payload(error.to_string()))?;
    let text = |key: &str| message.get(key).cloned().unwrap_or_default();
    Ok(json!({
        "payload": payload,
        "topic": text("topic"),
        "client_id": text("clientId"),
        "trace_id": text("cloudwatchTraceId"),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_not_a_batch() {
        assert!(Batch::of(&json!({ "payload": {}, "topic": "a" })).is_none());
        assert!(Batch::of(&json!({ "Records": [{ "eventSource": "aws:s3" }] })).is_none());
        let message = json!({ "messageId": "1", "body": "{}", "eventSource": "aws:sqs", "attributes": {}, "messageAttributes": {} });
        assert_eq!(Batch::of(&json!({ "Records": [message] })).unwrap().unwrap().0.records.len(), 1);
    }

    #[test]
    fn a_batch_that_can_not_be_read_is_no_event_either() {
        let message = json!({ "messageId": 1, "body": "{}", "eventSource": "aws:sqs" });
        assert!(Batch::of(&json!({ "Records": [message] })).unwrap().is_err());
    }

    #[test]
    fn the_event_is_found_in_both_kinds_of_message() {
        let record = json!({ "version": "1.0", "requestPayload": { "payload": { "status": "INACTIVE" } } });
        assert_eq!(event(&record.to_string()).unwrap(), json!({ "payload": { "status": "INACTIVE" } }));
        let error = json!({
            "ruleName": "hot", "topic": "home/heating/status", "cloudwatchTraceId": "t-1", "clientId": "home-heating",
            "base64OriginalPayload": STANDARD.encode(r#"{"status":"INACTIVE"}"#),
            "failures": [{ "failedAction": "LambdaAction", "failedResource": "arn", "errorMessage": "throttled" }],
        });
        let expected = json!({
            "payload": { "status": "INACTIVE" }, "topic": "home/heating/status", "client_id": "home-heating", "trace_id": "t-1",
        });
        assert_eq!(event(&error.to_string()).unwrap(), expected);
    }

    #[test]
    fn what_can_not_be_redriven_says_why() {
        let cold =
            json!({ "base64OriginalPayload": "e30=", "failures": [{ "failedAction": "DynamoDBv2Action" }] });
        assert_eq!(event(&cold.to_string()), Err(MessageError::OtherAction("DynamoDBv2Action".into())));
        let broken =
            json!({ "base64OriginalPayload": "*", "failures": [{ "failedAction": "LambdaAction" }] });
        assert!(matches!(event(&broken.to_string()), Err(MessageError::Payload(_))));
        assert!(matches!(event("not json"), Err(MessageError::Json(_))));
    }
}
