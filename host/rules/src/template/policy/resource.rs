//! The resources of a statement: ARNs of clients, topics, topic filters and things.

use campanile_diagnostic::Diagnostic;

use super::super::node::Node;
use super::super::shown::shown;
use super::action::Action;
use super::variable;

/// What identifies the device that connects.
const OF_THE_DEVICE: [&str; 3] = ["${iot:Connection.Thing.", "${iot:ClientId}", "${iot:Certificate"];

/// The variable that is best, as the registry says who the device is.
const THING_NAME: &str = "${iot:Connection.Thing.ThingName}";

pub(super) fn lint(node: &Node, actions: &[Action], allows: bool, found: &mut Vec<Diagnostic>) {
    let Some(text) = node.text() else { return };
    if variable::lint(node, found) {
        // With such a hole in it, the rest can't be told apart.
        return;
    }
    if text == "*" {
        if allows && actions.iter().any(|action| action.resource.is_some()) {
            let finding = Diagnostic::warning("policy::wildcard", "`*` is every client and every topic");
            found.push(finding.at(node.span.clone()).help(instead_of_star(actions)));
        }
        return;
    }
    let Some((kind, name)) = arn(text) else {
        let message = format!("`{}` is no ARN of AWS IoT", shown(text));
        let help = "write `arn:aws:iot:REGION:ACCOUNT:TYPE/NAME`, for example \
                    `!Sub arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:topic/home/heating`";
        found.push(Diagnostic::error("policy::resource", message).at(node.span.clone()).help(help));
        return;
    };
    let resource = Resource { node, kind, name };
    fitting(&resource, actions, found);
    mqtt_wildcards(&resource, found);
    if allows {
        wildcard(&resource, found);
        client(&resource, actions, found);
    }
}

struct Resource<'n> {
    node: &'n Node,
    /// For example `topic`.
    kind: &'n str,
    /// What follows `topic/`.
    name: &'n str,
}

/// The type and the name in an ARN of AWS IoT.
fn arn(text: &str) -> Option<(&str, &str)> {
    let mut parts = text.splitn(6, ':');
    let (arn, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (_region, _account, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let is_iot = arn == "arn" && !partition.is_empty() && service == "iot";
    rest.split_once('/').filter(|_| is_iot)
}

/// Of several actions each resource concerns those that it fits.
fn fitting(resource: &Resource<'_>, actions: &[Action], found: &mut Vec<Diagnostic>) {
    let span = resource.node.span.clone();
    if let Some(action) = actions.iter().find(|action| action.resource.is_none()) {
        let message = format!("`iot:{}` has no resources of its own", action.name);
        let finding = Diagnostic::error("policy::resource", message).at(span.clone());
        found.push(finding.help("give it a statement with `Resource: '*'`"));
    }
    if actions.iter().any(|action| action.resource == Some(resource.kind)) {
        return;
    }
    let mut other =
        actions.iter().filter_map(|action| action.resource.map(|expected| (action.name, expected)));
    if let Some((name, expected)) = other.next() {
        let message = format!("`iot:{name}` is about `{expected}/…`, not `{}/…`", shown(resource.kind));
        let finding = Diagnostic::error("policy::resource", message).at(span);
        found.push(finding.help(format!("write `{expected}/{}`", shown(resource.name))));
    }
}

/// "`+` and `#` are treated as literal strings in a policy" (developer guide, "AWS IoT Core policy variables"). A filter
/// that devices subscribe to holds them literally; topics and clients never do.
fn mqtt_wildcards(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let is_wildcard = |level: &str| level == "+" || level == "#";
    if resource.kind != "topicfilter" && resource.name.split('/').any(is_wildcard) {
        let (kind, name) = (shown(resource.kind), shown(resource.name));
        let message = format!("`+` and `#` mean nothing special in a policy: `{kind}/{name}` is just that");
        let finding = Diagnostic::error("policy::mqtt-wildcard", message).at(resource.node.span.clone());
        found.push(finding.help(format!("write a variable such as `{THING_NAME}`, or `*`")));
    }
}

fn wildcard(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let is_all = resource.name == "*" || (resource.kind == "topicfilter" && resource.name == "#");
    if !is_all {
        return;
    }
    let (what, help) = match resource.kind {
        "client" => ("every client id", format!("write `client/{THING_NAME}`")),
        "topic" => ("every topic", format!("write the topic, for example `topic/home/{THING_NAME}/status`")),
        "topicfilter" => {
            ("every topic", format!("write the filter, for example `topicfilter/home/{THING_NAME}/#`"))
        }
        _ => ("everything of this type", format!("write `{}/{THING_NAME}`", shown(resource.kind))),
    };
    let message = format!("`{}/{}` is {what}", shown(resource.kind), resource.name);
    found.push(Diagnostic::warning("policy::wildcard", message).at(resource.node.span.clone()).help(help));
}

/// A device that may connect as another one takes its place: the second connection of a client id ends the first.
fn client(resource: &Resource<'_>, actions: &[Action], found: &mut Vec<Diagnostic>) {
    let connects = actions.iter().any(|action| action.name == "Connect") && resource.kind == "client";
    let is_bound = OF_THE_DEVICE.iter().any(|variable| resource.name.contains(variable));
    if connects && !is_bound && resource.name != "*" {
        let message = format!("`client/{}` is not bound to the device that connects", shown(resource.name));
        let finding = Diagnostic::warning("policy::client-id", message).at(resource.node.span.clone());
        found.push(finding.help(format!("write `client/{THING_NAME}`")));
    }
}

fn instead_of_star(actions: &[Action]) -> String {
    let kind = actions.iter().find_map(|action| action.resource).unwrap_or("topic");
    format!("write ARNs, for example `arn:aws:iot:REGION:ACCOUNT:{kind}/{THING_NAME}`")
}
