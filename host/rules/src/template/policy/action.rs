//! The actions that a policy may name.

use campanile_diagnostic::{Diagnostic, closest};

use super::super::node::Node;
use super::super::shown::shown;

/// An action of AWS IoT Core and the type of resource that it is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Action {
    /// Without `iot:`.
    pub(super) name: &'static str,
    /// Without `/`; none if the resource has to be `*`.
    pub(super) resource: Option<&'static str>,
}

/// What devices do (developer guide, "AWS IoT Core policy actions" and "action resources"). There are more actions in
/// `iot:`, but they are for administrators and belong to IAM.
const ACTIONS: [Action; 17] = [
    action("AssumeRoleWithCertificate", Some("rolealias")),
    action("Connect", Some("client")),
    action("DeleteConnection", Some("client")),
    action("DeleteThingShadow", Some("thing")),
    action("DescribeJobExecution", Some("thing")),
    action("GetPendingJobExecutions", Some("thing")),
    action("GetRetainedMessage", Some("topic")),
    action("GetThingShadow", Some("thing")),
    action("ListNamedShadowsForThing", Some("thing")),
    action("ListRetainedMessages", None),
    action("Publish", Some("topic")),
    action("Receive", Some("topic")),
    action("RetainPublish", Some("topic")),
    action("StartNextPendingJobExecution", Some("thing")),
    action("Subscribe", Some("topicfilter")),
    action("UpdateJobExecution", Some("thing")),
    action("UpdateThingShadow", Some("thing")),
];

/// Other services whose actions devices may need.
const OTHER_SERVICES: [&str; 3] = ["greengrass", "iotjobsdata", "iotwireless"];

const fn action(name: &'static str, resource: Option<&'static str>) -> Action {
    Action { name, resource }
}

/// The action in `node`, if it is one of AWS IoT Core's.
pub(super) fn lint(node: &Node, allows: bool, found: &mut Vec<Diagnostic>) -> Option<Action> {
    let text = node.text()?;
    if text.contains(['*', '?']) {
        if allows {
            let message = format!("`{}` allows more than one action, future ones too", shown(text));
            let finding = Diagnostic::warning("policy::wildcard", message).at(node.span.clone());
            found.push(
                finding
                    .help("list the actions that devices need, for example `iot:Connect` and `iot:Publish`"),
            );
        }
        return None;
    }
    let (service, name) = text.split_once(':').unwrap_or(("", text));
    if OTHER_SERVICES.contains(&service) {
        return None;
    }
    let known = ACTIONS.into_iter().find(|action| service == "iot" && action.name == name);
    if known.is_none() {
        found.push(unknown(text, name).at(node.span.clone()));
    }
    known
}

fn unknown(text: &str, name: &str) -> Diagnostic {
    let message = format!("devices have no action `{}`", shown(text));
    let finding = Diagnostic::error("policy::unknown-action", message);
    match closest(name, ACTIONS.iter().map(|action| action.name)) {
        Some(meant) => finding.help(format!("did you mean `iot:{meant}`?")),
        None => finding
            .help("actions of devices are `iot:Connect`, `iot:Publish`, `iot:Subscribe`, `iot:Receive`, …"),
    }
}
