//! What only the one who deploys knows: the values of parameters and the place.

use std::collections::BTreeMap;

use super::node::Value;

/// With what a template is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Values of parameters; the others have their defaults.
    pub parameters: BTreeMap<String, String>,
    /// `AWS::AccountId`.
    pub account: String,
    /// `AWS::Region`.
    pub region: String,
    /// `AWS::StackName`.
    pub stack: String,
}

impl Default for Settings {
    /// The account of AWS's own examples, which nobody has.
    fn default() -> Self {
        Self {
            parameters: BTreeMap::new(),
            account: "123456789012".to_owned(),
            region: "us-east-1".to_owned(),
            stack: "campanile".to_owned(),
        }
    }
}

/// All pseudo parameters (user guide, "Pseudo parameters reference").
pub(super) const PSEUDO_PARAMETERS: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

impl Settings {
    /// The pseudo parameter `name`; `AWS::NoValue` is nothing.
    pub(super) fn pseudo(&self, name: &str) -> Option<Value> {
        let text = match name {
            "AWS::AccountId" => self.account.clone(),
            "AWS::NoValue" => return Some(Value::Null),
            "AWS::NotificationARNs" => return Some(Value::List(Vec::new())),
            "AWS::Partition" => self.partition().to_owned(),
            "AWS::Region" => self.region.clone(),
            "AWS::StackId" => format!(
                "arn:{}:cloudformation:{}:{}:stack/{}/00000000-0000-0000-0000-000000000000",
                self.partition(),
                self.region,
                self.account,
                self.stack
            ),
            "AWS::StackName" => self.stack.clone(),
            "AWS::URLSuffix" if self.partition() == "aws-cn" => "amazonaws.com.cn".to_owned(),
            "AWS::URLSuffix" => "amazonaws.com".to_owned(),
            _ => return None,
        };
        Some(Value::Text(text))
    }

    pub(super) fn partition(&self) -> &'static str {
        match self.region.as_str() {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pseudo_parameter_has_a_value() {
        let settings = Settings::default();
        for name in PSEUDO_PARAMETERS {
            assert!(settings.pseudo(name).is_some(), "{name}");
        }
        assert_eq!(settings.pseudo("AWS::Regon"), None);
    }

    #[test]
    fn the_partition_belongs_to_the_region() {
        let text =
            |region: &str, name| Settings { region: region.to_owned(), ..Settings::default() }.pseudo(name);
        assert_eq!(text("eu-central-1", "AWS::Partition"), Some(Value::Text("aws".to_owned())));
        assert_eq!(text("cn-north-1", "AWS::Partition"), Some(Value::Text("aws-cn".to_owned())));
        assert_eq!(text("cn-north-1", "AWS::URLSuffix"), Some(Value::Text("amazonaws.com.cn".to_owned())));
        assert_eq!(text("us-gov-west-1", "AWS::Partition"), Some(Value::Text("aws-us-gov".to_owned())));
    }
}
