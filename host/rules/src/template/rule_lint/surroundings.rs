//! What rules deal with in the same template: functions, queues, permissions, and what all of them will be called.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::deployed::Deployed;
use super::super::node::{Located, Node};

/// An `AWS::Lambda::Permission` for AWS IoT.
#[derive(Clone, Debug)]
pub(super) struct Permission {
    /// Where its name is written.
    pub(super) span: Range<usize>,
    /// A name or ARN.
    pub(super) function: String,
    pub(super) source_arn: Option<Located<String>>,
    pub(super) has_source_account: bool,
}

#[derive(Clone, Debug, Default)]
pub(in super::super) struct Surroundings {
    /// Names, ARNs and URLs to logical ids.
    physical: BTreeMap<String, String>,
    arns: BTreeMap<String, String>,
    fifo_queues: BTreeSet<String>,
    pub(super) permissions: Vec<Permission>,
}

impl Surroundings {
    pub(in super::super) fn of(resources: &[Deployed]) -> Self {
        let mut surroundings = Self::default();
        for resource in resources {
            let id = &resource.logical_id;
            for physical in [&resource.name, &resource.reference, &resource.arn] {
                surroundings.physical.insert(physical.clone(), id.clone());
            }
            surroundings.arns.insert(id.clone(), resource.arn.clone());
            match resource.resource_type.as_str() {
                "AWS::SQS::Queue" if text(resource, "FifoQueue") == Some("true") => {
                    surroundings.fifo_queues.insert(id.clone());
                }
                "AWS::Lambda::Permission" if is_for_iot(resource) => {
                    surroundings.permissions.push(permission(resource));
                }
                _ => {}
            }
        }
        surroundings
    }

    pub(in super::super) fn logical_id(&self, physical: &str) -> Option<&str> {
        self.physical.get(physical).map(String::as_str)
    }

    /// The ARN of the resource `logical_id`.
    pub(super) fn arn(&self, logical_id: &str) -> Option<&str> {
        self.arns.get(logical_id).map(String::as_str)
    }

    pub(super) fn is_fifo(&self, url: &str) -> bool {
        self.logical_id(url).is_some_and(|id| self.fifo_queues.contains(id))
    }
}

fn text<'d>(resource: &'d Deployed, key: &str) -> Option<&'d str> {
    resource.properties.get(key).and_then(Node::text)
}

fn is_for_iot(resource: &Deployed) -> bool {
    text(resource, "Principal").is_some_and(|principal| principal == "iot.amazonaws.com")
}

fn permission(resource: &Deployed) -> Permission {
    Permission {
        span: resource.name_span.clone(),
        function: text(resource, "FunctionName").unwrap_or_default().to_owned(),
        source_arn: resource.properties.get("SourceArn").and_then(Node::located),
        has_source_account: resource.properties.get("SourceAccount").is_some(),
    }
}
