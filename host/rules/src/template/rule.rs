//! The rules of a template: what is in an `AWS::IoT::TopicRule`.

mod action;

use std::ops::Range;

pub use action::Action;
use campanile_diagnostic::Diagnostic;

use super::deployed::Deployed;
use super::findings::Findings;
use super::node::{Gap, Located, Node};
use super::shown::shown;

/// A rule as it will be deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicRule {
    /// The resource's name in the template.
    pub logical_id: String,
    /// What the rule will be called; invented if the template does not say it.
    pub name: Located<String>,
    /// The SQL; its place is the place of the whole value, function included.
    pub sql: Located<String>,
    /// `AwsIotSqlVersion`, if it is set.
    pub sql_version: Option<Located<String>>,
    /// Whether the rule is off.
    pub disabled: bool,
    /// The resource's condition, and whether it holds: if not, the rule is not deployed.
    pub condition: Option<(String, bool)>,
    /// What happens with messages.
    pub actions: Vec<Action>,
    /// What happens with messages if one of the actions fails.
    pub error_action: Option<Action>,
}

/// The rules among the resources whose SQL is known; for the others there is a finding.
pub(super) fn all(resources: &[Deployed], findings: &mut Findings) -> Vec<TopicRule> {
    let rules = resources.iter().filter(|resource| resource.resource_type == "AWS::IoT::TopicRule");
    rules.filter_map(|resource| read(resource, findings)).collect()
}

fn read(resource: &Deployed, findings: &mut Findings) -> Option<TopicRule> {
    let Some(payload) = resource.properties.get("TopicRulePayload") else {
        findings.add(|| missing(resource, "TopicRulePayload"));
        return None;
    };
    let sql = known_text(resource, payload, "Sql", findings);
    if sql.is_none() && payload.get("Sql").is_none() {
        findings.add(|| missing(resource, "Sql"));
    }
    let actions = payload.get("Actions").map(|actions| action::list(actions, findings)).unwrap_or_default();
    let error_action = payload.get("ErrorAction").and_then(|action| action::one(action, findings));
    let sql_version = known_text(resource, payload, "AwsIotSqlVersion", findings);
    Some(TopicRule {
        logical_id: resource.logical_id.clone(),
        name: Located { value: resource.name.clone(), span: name_span(resource) },
        sql: sql?,
        sql_version,
        disabled: payload.get("RuleDisabled").and_then(Node::text) == Some("true"),
        condition: resource.condition.clone(),
        actions,
        error_action,
    })
}

fn name_span(resource: &Deployed) -> Range<usize> {
    let given = resource.properties.get("RuleName");
    given.map_or_else(|| resource.name_span.clone(), |name| name.span.clone())
}

/// The text of a property that must be known to run the rule.
fn known_text(
    resource: &Deployed,
    payload: &Node,
    key: &str,
    findings: &mut Findings,
) -> Option<Located<String>> {
    let node = payload.get(key)?;
    match (node.located(), &node.gap) {
        (Some(text), None) if text.value.contains("{{resolve:") => {
            let gap = Gap::Function("{{resolve:…}}".to_owned());
            findings.add(|| unknown(resource, key, &gap, node));
        }
        (Some(text), None) => return Some(text),
        // A mistake has its own finding.
        (_, Some(Gap::Mistake)) => {}
        (_, Some(gap)) => findings.add(|| unknown(resource, key, gap, node)),
        (None, None) => findings.add(|| {
            let message =
                format!("`{key}` of `{}` is {}; it must be text", shown(&resource.logical_id), node.kind());
            Diagnostic::error("rule::shape", message).at(node.span.clone())
        }),
    }
    None
}

fn missing(resource: &Deployed, key: &str) -> Diagnostic {
    Diagnostic::error("rule::shape", format!("the rule `{}` has no `{key}`", shown(&resource.logical_id)))
        .at(resource.name_span.clone())
}

fn unknown(resource: &Deployed, key: &str, gap: &Gap, node: &Node) -> Diagnostic {
    let id = shown(&resource.logical_id);
    let (why, help) = match gap {
        Gap::Parameter(name) => (
            format!("the parameter `{}`, which has no value", shown(name)),
            "give the parameter a default, or say what it is",
        ),
        Gap::Function(name) => {
            (format!("`{}`, whose value only AWS knows", shown(name)), "use a parameter instead")
        }
        Gap::Mistake => ("a mistake".to_owned(), "correct it"),
    };
    let message = format!("`{key}` of `{id}` depends on {why}");
    Diagnostic::error("rule::unknown-value", message).at(node.span.clone()).help(help)
}

#[cfg(test)]
mod tests {
    use crate::template::{Settings, Template};

    fn read(rule: &str) -> Template {
        let text = format!(
            "Parameters: {{Open: {{Type: String}}}}\nResources:\n  Hot:\n    Type: AWS::IoT::TopicRule\n    {rule}\n"
        );
        Template::read(&text, &Settings::default()).unwrap()
    }

    fn finding(rule: &str) -> String {
        let template = read(rule);
        assert_eq!(template.rules.len(), 0, "{rule}");
        template.findings[0].message.clone()
    }

    #[test]
    fn a_rule_has_a_name_sql_and_actions() {
        let rule = "Properties: {TopicRulePayload: {Sql: SELECT *, AwsIotSqlVersion: 2016-03-23, RuleDisabled: true, \
                    Actions: [{Sqs: {QueueUrl: u}}], ErrorAction: {S3: {BucketName: b}}}}";
        let template = read(rule);
        assert_eq!(template.findings, []);
        let rule = &template.rules[0];
        assert_eq!((rule.logical_id.as_str(), rule.name.value.as_str()), ("Hot", "campanile_Hot"));
        assert_eq!(rule.sql.value, "SELECT *");
        assert_eq!(rule.sql_version.as_ref().unwrap().value, "2016-03-23");
        assert!(rule.disabled);
        assert_eq!((rule.actions.len(), rule.error_action.is_some()), (1, true));
        assert_eq!(template.logical_id("campanile_Hot"), Some("Hot"));
    }

    #[test]
    fn a_given_name_has_its_place() {
        let template =
            read("Properties: {RuleName: !Sub '${AWS::StackName}_hot', TopicRulePayload: {Sql: SELECT *}}");
        assert_eq!(template.rules[0].name.value, "campanile_hot");
        assert_eq!(template.rules[0].name.span.len(), "!Sub '${AWS::StackName}_hot'".len());
    }

    #[test]
    fn a_name_that_is_not_known_yet_is_invented() {
        let template = read("Properties: {RuleName: !Ref Open, TopicRulePayload: {Sql: SELECT *}}");
        assert_eq!(template.rules[0].name.value, "campanile_Hot");
    }

    #[test]
    fn a_rule_without_known_sql_is_left_out() {
        let payload = |sql: &str| format!("Properties: {{TopicRulePayload: {{Sql: {sql}}}}}");
        assert_eq!(finding("Properties: {}"), "the rule `Hot` has no `TopicRulePayload`");
        assert_eq!(finding("Properties: {TopicRulePayload: {}}"), "the rule `Hot` has no `Sql`");
        assert_eq!(finding(&payload("[a]")), "`Sql` of `Hot` is a list; it must be text");
        let open = "`Sql` of `Hot` depends on the parameter `Open`, which has no value";
        assert_eq!(finding(&payload("!Sub 'SELECT ${Open}'")), open);
        let import = "`Sql` of `Hot` depends on `Fn::ImportValue`, whose value only AWS knows";
        assert_eq!(finding(&payload("!ImportValue x")), import);
        let dynamic = "`Sql` of `Hot` depends on `{{resolve:…}}`, whose value only AWS knows";
        assert_eq!(finding(&payload("'{{resolve:ssm:sql}}'")), dynamic);
        assert_eq!(finding(&payload("!Ref Nope")), "there is no parameter or resource `Nope`");
    }
}
