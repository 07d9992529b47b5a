//! What resources will be called. CloudFormation invents names when resources are created; these are like them, and
//! the same every time, so that a rule's action and the resource that it means can be brought together.

mod kinds;

use super::{Memo, Resolver};
use kinds::Kind;

impl<'t> Resolver<'t> {
    /// What `Ref` of the resource gives.
    pub(in super::super) fn reference_to(&mut self, id: &'t str) -> String {
        match self.kind(id) {
            Some(kind) => self.fill(kind.reference, id),
            None => format!("{{{id}}}"),
        }
    }

    /// What `GetAtt` gives.
    pub(in super::super) fn attribute_of(&mut self, id: &'t str, attribute: &str) -> String {
        match (self.kind(id), attribute) {
            (Some(kind), "Arn" | "TopicArn") => self.fill(kind.arn, id),
            (Some(kind), "QueueUrl") => self.fill(kind.reference, id),
            (Some(kind), attribute) if attribute == kind.name => self.name(id),
            _ => format!("{{{id}.{attribute}}}"),
        }
    }

    /// The name that the template gives the resource, or one like CloudFormation's.
    pub(in super::super) fn name(&mut self, id: &'t str) -> String {
        match self.names.get(id) {
            Some(Memo::Known(name)) => return name.clone(),
            // Names that need each other can't be deployed; CloudFormation says so itself.
            Some(Memo::Underway) => return self.invented_name(id),
            None => {}
        }
        self.names.insert(id, Memo::Underway);
        let name = self.given_name(id).unwrap_or_else(|| self.invented_name(id));
        self.names.insert(id, Memo::Known(name.clone()));
        name
    }

    fn given_name(&mut self, id: &str) -> Option<String> {
        let kind = self.kind(id)?;
        let property = self.sections.resources.get(id)?.properties?.get(kind.name)?;
        let name = self.resolve(property)?;
        // What is not known yet gets a name that looks like one.
        name.text().filter(|_| name.gap.is_none()).map(str::to_owned)
    }

    fn invented_name(&self, id: &str) -> String {
        let stack = &self.settings.stack;
        let is_rule = self.kind(id).is_some_and(|kind| kind.resource_type == "AWS::IoT::TopicRule");
        // The names of rules have no hyphens: `^[a-zA-Z0-9_]+$` (API reference, CreateTopicRule).
        if is_rule { format!("{stack}_{id}").replace(is_no_word, "_") } else { format!("{stack}-{id}") }
    }

    fn kind(&self, id: &str) -> Option<&'static Kind> {
        let resource_type = self.sections.resources.get(id)?.resource_type;
        Kind::of(resource_type)
    }

    fn fill(&mut self, pattern: &str, id: &'t str) -> String {
        let name = self.name(id);
        let settings = self.settings;
        let suffix = if settings.partition() == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
        pattern
            .replace("{partition}", settings.partition())
            .replace("{region}", &settings.region)
            .replace("{account}", &settings.account)
            .replace("{suffix}", suffix)
            .replace("{name}", &name)
    }
}

fn is_no_word(character: char) -> bool {
    !character.is_ascii_alphanumeric() && character != '_'
}

#[cfg(test)]
mod tests {
    use crate::template::resolve::tests::{finding, resolved};

    const TEMPLATE: &str = "
Parameters: {Name: {Type: String, Default: chosen}}
Resources:
  Table: {Type: 'AWS::DynamoDB::Table', Properties: {TableName: !Sub '${Name}-events'}}
  Rule: {Type: 'AWS::IoT::TopicRule'}
  Queue: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Ref Table}}
  A: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !GetAtt B.QueueName}}
  B: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !GetAtt A.QueueName}}
  Topic: {Type: 'AWS::SNS::Topic'}
";

    #[test]
    fn names_are_the_given_ones_or_invented() {
        assert_eq!(resolved(TEMPLATE, "!Ref Table"), "chosen-events");
        assert_eq!(
            resolved(TEMPLATE, "!GetAtt Table.Arn"),
            "arn:aws:dynamodb:us-east-1:123456789012:table/chosen-events"
        );
        assert_eq!(resolved(TEMPLATE, "!Ref Rule"), "campanile_Rule");
        assert_eq!(
            resolved(TEMPLATE, "!Ref Queue"),
            "https://sqs.us-east-1.amazonaws.com/123456789012/chosen-events"
        );
        assert_eq!(resolved(TEMPLATE, "!Ref Topic"), "arn:aws:sns:us-east-1:123456789012:campanile-Topic");
    }

    #[test]
    fn names_that_need_each_other_end() {
        assert_eq!(resolved(TEMPLATE, "!GetAtt A.QueueName"), "campanile-A");
    }

    #[test]
    fn long_chains_of_names_end() {
        let link = |link| {
            format!(
                "  Q{link}: {{Type: 'AWS::SQS::Queue', Properties: {{QueueName: !GetAtt Q{}.QueueName}}}}\n",
                link + 1
            )
        };
        let chain: String = (0..400).map(link).collect();
        let template = format!("Resources:\n{chain}  Q400: {{Type: 'AWS::SQS::Queue'}}\n");
        assert_eq!(finding(&template, "!Ref Q0").code, "template::too-deep");
    }
}
