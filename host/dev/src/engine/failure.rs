//! What the error action of a rule gets, as AWS IoT writes it (developer guide, "Error handling (error action)"): one message for
//! each rule and message, also if several actions failed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use campanile_broker::Message;
use campanile_rules::template::Action;
use serde::Serialize;

/// The document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorMessage<'a> {
    rule_name: &'a str,
    topic: &'a str,
    cloudwatch_trace_id: &'a str,
    client_id: &'a str,
    base64_original_payload: String,
    failures: Vec<Failure>,
}

/// An action that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Failure {
    failed_action: String,
    failed_resource: String,
    error_message: String,
}

impl<'a> ErrorMessage<'a> {
    pub(crate) fn new(rule_name: &'a str, message: &'a Message, failures: Vec<Failure>) -> Self {
        Self {
            rule_name,
            topic: &message.topic,
            cloudwatch_trace_id: &message.trace_id,
            client_id: &message.client_id,
            base64_original_payload: STANDARD.encode(&message.payload),
            failures,
        }
    }
}

impl Failure {
    /// `action` failed for this reason.
    pub(crate) fn of(action: &Action, reason: &str) -> Self {
        let mut kind = action.kind.chars();
        let first = kind.next().map(|first| first.to_ascii_uppercase());
        // The resource has another name in each kind of action: a function's ARN, a table, a queue's URL, a topic.
        const RESOURCES: [&str; 4] = ["FunctionArn", "PutItem.TableName", "QueueUrl", "Topic"];
        let resource = RESOURCES.iter().find_map(|name| action.field(name));
        Self {
            failed_action: first.into_iter().chain(kind).chain("Action".chars()).collect(),
            failed_resource: resource.map(|resource| resource.value.clone()).unwrap_or_default(),
            error_message: reason.to_owned(),
        }
    }
}
