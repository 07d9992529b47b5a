//! What is probably not meant in a rule, apart from its SQL: actions, names, permissions.
//!
//! Only what the template says counts; whether an account really has the role or the queue is not known here.

mod permission;
mod surroundings;

use campanile_diagnostic::{Diagnostic, suggestion};

use super::node::Located;
use super::rule::{Action, TopicRule};
use super::shown::shown;
pub(super) use surroundings::Surroundings;

/// Actions per rule (API reference, `TopicRulePayload`: array of 0 to 10).
const MAX_ACTIONS: usize = 10;

/// Longest name of a rule (API reference, `CreateTopicRule`).
const MAX_NAME: usize = 128;

/// The actions of `AWS::IoT::TopicRule`, as they are written there.
const ACTIONS: [&str; 23] = [
    "CloudwatchAlarm",
    "CloudwatchLogs",
    "CloudwatchMetric",
    "DynamoDB",
    "DynamoDBv2",
    "Elasticsearch",
    "Firehose",
    "Http",
    "InfluxDB",
    "IotAnalytics",
    "IotEvents",
    "IotSiteWise",
    "Kafka",
    "Kinesis",
    "Lambda",
    "Location",
    "OpenSearch",
    "Republish",
    "S3",
    "Sns",
    "Sqs",
    "StepFunctions",
    "Timestream",
];

/// Looks at all rules.
pub(super) fn lint(rules: &[TopicRule], surroundings: &Surroundings) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in rules {
        name(rule, &mut found);
        number_of_actions(rule, &mut found);
        no_error_action(rule, &mut found);
        for action in rule.actions.iter().chain(&rule.error_action) {
            kind(action, &mut found);
            role(action, &mut found);
            fifo(action, surroundings, &mut found);
            permission::lint(rule, action, surroundings, &mut found);
        }
    }
    permission::lint_open(surroundings, &mut found);
    found
}

fn name(rule: &TopicRule, found: &mut Vec<Diagnostic>) {
    let Located { value, span } = &rule.name;
    let is_word = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if is_word && (1..=MAX_NAME).contains(&value.len()) {
        return;
    }
    let message = format!("a rule can't be called `{}`", shown(value));
    let help =
        format!("1 to {MAX_NAME} letters of A–Z, a–z, 0–9 and `_`; the names of stacks may have hyphens");
    found.push(Diagnostic::error("rule::name", message).at(span.clone()).help(help));
}

fn number_of_actions(rule: &TopicRule, found: &mut Vec<Diagnostic>) {
    let id = shown(&rule.logical_id);
    if rule.actions.is_empty() {
        let message = format!("the rule `{id}` has no action: nothing happens with its messages");
        found.push(Diagnostic::warning("rule::no-action", message).at(rule.name.span.clone()));
    }
    if let Some(action) = rule.actions.get(MAX_ACTIONS) {
        let message =
            format!("the rule `{id}` has {} actions; at most {MAX_ACTIONS} are allowed", rule.actions.len());
        let help = "write a second rule with the same SQL for the rest";
        found.push(Diagnostic::error("rule::too-many-actions", message).at(action.span.clone()).help(help));
    }
}

/// "If all attempts fail, the message is discarded" (developer guide, "AWS IoT rule actions").
fn no_error_action(rule: &TopicRule, found: &mut Vec<Diagnostic>) {
    if rule.error_action.is_none() {
        let message = format!(
            "the rule `{}` has no error action: a message whose action fails is lost",
            shown(&rule.logical_id)
        );
        let help = "add `ErrorAction: {Sqs: {QueueUrl: …, RoleArn: …, UseBase64: false}}`";
        found.push(
            Diagnostic::warning("rule::no-error-action", message).at(rule.name.span.clone()).help(help),
        );
    }
}

fn kind(action: &Action, found: &mut Vec<Diagnostic>) {
    let mut kind = action.kind.clone();
    if let Some(first) = kind.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    if !ACTIONS.contains(&kind.as_str()) {
        let message = format!("there is no action `{}`", shown(&kind));
        let help = suggestion(&kind, "actions", ACTIONS);
        found.push(Diagnostic::error("rule::unknown-action", message).at(action.span.clone()).help(help));
    }
}

/// "Supports substitution templates: No", of every action's role (developer guide, "AWS IoT rule actions").
fn role(action: &Action, found: &mut Vec<Diagnostic>) {
    let is_role =
        |path: &str| path.rsplit('.').next().is_some_and(|name| name.eq_ignore_ascii_case("RoleArn"));
    for (path, field) in action.fields.iter().filter(|(path, _)| is_role(path)) {
        if field.value.contains("${") {
            let message =
                format!("`{}` can't depend on the message: `${{…}}` is not replaced in it", shown(path));
            found.push(
                Diagnostic::error("rule::role", message).at(field.span.clone()).help("write the role's ARN"),
            );
        }
    }
}

/// "FIFO queues are not supported", as rules have no order (developer guide, "SQS" rule action).
fn fifo(action: &Action, surroundings: &Surroundings, found: &mut Vec<Diagnostic>) {
    let Some(url) = action.field("QueueUrl").filter(|_| action.kind == "sqs") else { return };
    if url.value.ends_with(".fifo") || surroundings.is_fifo(&url.value) {
        let finding =
            Diagnostic::error("rule::fifo-queue", "rules can't send to a FIFO queue").at(url.span.clone());
        found.push(finding.help("use a standard queue; rules send in no particular order anyway"));
    }
}

#[cfg(test)]
mod tests {
    use crate::template::{Settings, Template};

    /// The findings of a rule with these properties, as code and message.
    fn findings(properties: &str) -> Vec<(&'static str, String)> {
        let text = format!(
            "Resources:\n  Fifo: {{Type: 'AWS::SQS::Queue', Properties: {{FifoQueue: true}}}}\n  Hot: {{Type: 'AWS::IoT::TopicRule', Properties: {properties}}}\n"
        );
        let template = Template::read(&text, &Settings::default()).unwrap();
        assert_eq!(template.findings, []);
        template
            .lint()
            .into_iter()
            .map(|finding| (finding.code, finding.help.unwrap_or(finding.message)))
            .collect()
    }

    fn codes(actions: &str) -> Vec<&'static str> {
        let rule = format!(
            "{{TopicRulePayload: {{Sql: SELECT *, Actions: {actions}, ErrorAction: {{Sqs: {{QueueUrl: u}}}}}}}}"
        );
        findings(&rule).into_iter().map(|(code, _)| code).collect()
    }

    #[test]
    fn a_good_rule_has_no_findings() {
        assert_eq!(codes("[{Sqs: {QueueUrl: 'https://q', RoleArn: 'arn:x'}}]"), [""; 0]);
    }

    #[test]
    fn each_lint_finds_its_mistake() {
        assert_eq!(codes("[]"), ["rule::no-action"]);
        assert_eq!(codes("[{Sqss: {}}]"), ["rule::unknown-action"]);
        assert_eq!(codes("[{S3: {RoleArn: 'arn:${topic()}'}}]"), ["rule::role"]);
        assert_eq!(codes("[{S3: {Key: '${topic()}'}}]"), [""; 0]);
        assert_eq!(codes("[{Sqs: {QueueUrl: !Ref Fifo}}]"), ["rule::fifo-queue"]);
        assert_eq!(codes("[{Sqs: {QueueUrl: 'https://q.fifo'}}]"), ["rule::fifo-queue"]);
        assert_eq!(codes(&format!("[{}]", "{S3: {}},".repeat(11))), ["rule::too-many-actions"]);
        assert_eq!(codes(&format!("[{}]", "{S3: {}},".repeat(10))), [""; 0]);
    }

    #[test]
    fn names_and_missing_error_actions_are_found() {
        let rule = "{RuleName: a-b, TopicRulePayload: {Sql: SELECT *, Actions: [{S3: {}}]}}";
        let codes: Vec<_> = findings(rule).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, ["rule::name", "rule::no-error-action"]);
    }

    #[test]
    fn what_was_probably_meant_is_spelled_as_in_templates() {
        let rule = "{TopicRulePayload: {Sql: SELECT *, Actions: [{DynamoDbV2: {}}], ErrorAction: {S3: {}}}}";
        assert_eq!(findings(rule)[0].1, "did you mean `DynamoDBv2`?");
    }
}
