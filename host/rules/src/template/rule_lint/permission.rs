//! Whether AWS IoT may invoke the functions that rules name.

use campanile_diagnostic::Diagnostic;

use super::super::rule::{Action, TopicRule};
use super::super::shown::shown;
use super::surroundings::{Permission, Surroundings};

/// Longest ARN that is compared: the name of a rule has at most 128 letters.
const MAX_ARN: usize = 256;

/// A rule's function needs a permission for this rule; without it every message goes to the error action.
pub(super) fn lint(
    rule: &TopicRule,
    action: &Action,
    surroundings: &Surroundings,
    found: &mut Vec<Diagnostic>,
) {
    let Some(function) = action.field("FunctionArn").filter(|_| action.kind == "lambda") else { return };
    let rule_arn = surroundings.arn(&rule.logical_id).unwrap_or_default();
    if surroundings.permissions.iter().any(|permission| admits(permission, &function.value, rule_arn)) {
        return;
    }
    let message =
        format!("nothing in the template lets the rule `{}` invoke this function", shown(&rule.logical_id));
    // A function of another template may have its permission there.
    let finding = if surroundings.logical_id(&function.value).is_some() {
        Diagnostic::error("rule::lambda-permission", message)
    } else {
        Diagnostic::warning("rule::lambda-permission", message)
    };
    let help = "add an `AWS::Lambda::Permission` with `Principal: iot.amazonaws.com`, `SourceAccount: !Ref AWS::AccountId` \
                and the rule's ARN as `SourceArn`";
    found.push(finding.at(function.span.clone()).help(help));
}

/// Without both conditions any account's rule can invoke the function (developer guide, "Lambda" rule action).
pub(super) fn lint_open(surroundings: &Surroundings, found: &mut Vec<Diagnostic>) {
    for permission in &surroundings.permissions {
        let message = match (&permission.source_arn, permission.has_source_account) {
            (Some(_), true) => continue,
            (None, true) => {
                "this permission has no `SourceArn`: any rule of the account may invoke the function"
            }
            (Some(_), false) => "this permission has no `SourceAccount`: the rule's account is not checked",
            (None, false) => {
                "this permission has neither `SourceArn` nor `SourceAccount`: rules of any account may invoke the function"
            }
        };
        let help = "add `SourceArn: !GetAtt Rule.Arn` and `SourceAccount: !Ref AWS::AccountId`";
        found.push(
            Diagnostic::warning("rule::lambda-permission", message).at(permission.span.clone()).help(help),
        );
    }
}

fn admits(permission: &Permission, function_arn: &str, rule_arn: &str) -> bool {
    let covers = permission.source_arn.as_ref().is_none_or(|arn| matches(&arn.value, rule_arn));
    covers && function_name(&permission.function) == function_name(function_arn)
}

/// `name`, `account:function:name` and the whole ARN mean the same; a version or alias may follow.
fn function_name(text: &str) -> &str {
    let name = text.split_once("function:").map_or(text, |(_, name)| name);
    name.split_once(':').map_or(name, |(name, _)| name)
}

/// Lambda compares with `ArnLike`: `*` is any text and `?` any character.
fn matches(pattern: &str, text: &str) -> bool {
    if pattern.len() > MAX_ARN || text.len() > MAX_ARN {
        return false;
    }
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut read) = (0, 0);
    // The last `*`, and how far it reaches: the only place to go back to.
    let mut star = None;
    while let Some(found) = text.get(read) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(expected) if *expected == '?' || expected == found => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((position, reach)) = star else { return false };
                star = Some((position, reach + 1));
                at = position + 1;
                read = reach + 1;
            }
        }
    }
    pattern.iter().skip(at).all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Settings, Template};

    fn codes(permissions: &str) -> Vec<String> {
        let text = format!(
            "
Resources:
  Hot:
    Type: AWS::IoT::TopicRule
    Properties:
      TopicRulePayload:
        Sql: SELECT *
        Actions: [{{Lambda: {{FunctionArn: !GetAtt Function.Arn}}}}]
        ErrorAction: {{S3: {{}}}}
  Function: {{Type: 'AWS::Lambda::Function'}}
{permissions}
"
        );
        let template = Template::read(&text, &Settings::default()).unwrap();
        assert_eq!(template.findings, []);
        template
            .lint()
            .into_iter()
            .map(|finding| format!("{:?} {}", finding.severity, finding.code))
            .collect()
    }

    fn permission(properties: &str) -> String {
        format!(
            "  P: {{Type: 'AWS::Lambda::Permission', Properties: {{Principal: iot.amazonaws.com, {properties}}}}}\n"
        )
    }

    #[test]
    fn a_permission_must_be_for_this_rule_and_function() {
        let missing = ["Error rule::lambda-permission"];
        let account = "SourceAccount: !Ref AWS::AccountId";
        assert_eq!(codes(""), missing);
        assert_eq!(
            codes(&permission(&format!(
                "FunctionName: !Ref Function, {account}, SourceArn: !GetAtt Hot.Arn"
            ))),
            [""; 0]
        );
        let any_rule = "SourceArn: !Sub 'arn:${AWS::Partition}:iot:${AWS::Region}:${AWS::AccountId}:rule/*'";
        assert_eq!(
            codes(&permission(&format!("FunctionName: !GetAtt Function.Arn, {account}, {any_rule}"))),
            [""; 0]
        );
        assert_eq!(
            codes(&permission(&format!("FunctionName: other, {account}, SourceArn: !GetAtt Hot.Arn"))),
            missing
        );
        let other_rule = "SourceArn: 'arn:aws:iot:us-east-1:123456789012:rule/other'";
        assert_eq!(
            codes(&permission(&format!("FunctionName: !Ref Function, {account}, {other_rule}"))),
            missing
        );
    }

    #[test]
    fn a_permission_must_name_rule_and_account() {
        let open = ["Warning rule::lambda-permission"];
        assert_eq!(codes(&permission("FunctionName: !Ref Function, SourceArn: !GetAtt Hot.Arn")), open);
        assert_eq!(codes(&permission("FunctionName: !Ref Function, SourceAccount: '123456789012'")), open);
        assert_eq!(codes(&permission("FunctionName: !Ref Function")), open);
    }

    #[test]
    fn functions_have_several_spellings() {
        let spellings = [
            "f",
            "123456789012:function:f",
            "arn:aws:lambda:us-east-1:123456789012:function:f:live",
            "f:live",
        ];
        assert_eq!(spellings.map(function_name), ["f"; 4]);
    }

    #[test]
    fn wildcards_are_those_of_arns() {
        for (pattern, text) in
            [("*", ""), ("a*c", "abc"), ("a*c", "ac"), ("a?c", "abc"), ("*b*", "abc"), ("ü", "ü")]
        {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("a*c", "abd"), ("a?c", "ac"), ("?", ""), ("a", "ab")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
        assert!(!matches(&"*".repeat(MAX_ARN + 1), "a"));
    }
}
