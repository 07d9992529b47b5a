//! CloudFormation templates: the rules and device policies in them, as they will be deployed.
//!
//! The very template that is deployed is read, so what runs locally can not differ from it. Text in, structures and
//! findings out: no files, no network. The SQL itself is not looked at here.

mod deployed;
mod findings;
mod function;
mod node;
mod parameter;
mod policy;
mod resolve;
mod rule;
mod rule_lint;
mod sections;
mod settings;
mod shown;
mod yaml;

use std::ops::Range;

use campanile_diagnostic::Diagnostic;

use deployed::Deployed;
use findings::Findings;
pub use node::{Entry, Gap, Located, Node, Value};
use resolve::Resolver;
pub use rule::{Action, TopicRule};
use rule_lint::Surroundings;
use sections::Sections;
pub use settings::Settings;

/// What a template says about rules and devices.
#[derive(Debug)]
pub struct Template {
    /// The `AWS::IoT::TopicRule` resources whose SQL is known.
    pub rules: Vec<TopicRule>,
    /// The `AWS::IoT::Policy` resources.
    pub policies: Vec<Policy>,
    /// What is wrong with the template, in the order of its text: names that don't exist, functions with other arguments,
    /// keys that are there twice.
    pub findings: Vec<Diagnostic>,
    surroundings: Surroundings,
}

/// What a device may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The resource's name in the template.
    pub logical_id: String,
    /// The policy document, resolved.
    pub document: Node,
    /// Where the document is written.
    pub span: Range<usize>,
}

impl Template {
    /// Reads the text of a template, YAML or JSON.
    ///
    /// # Errors
    ///
    /// If it is no template at all.
    pub fn read(text: &str, settings: &Settings) -> Result<Self, Vec<Diagnostic>> {
        let document = yaml::parse(text).map_err(|finding| vec![finding])?;
        let mut findings = Findings::default();
        for finding in document.findings {
            findings.add(|| finding);
        }
        let sections = match Sections::of(&document.root, &mut findings) {
            Ok(sections) => sections,
            Err(finding) => {
                findings.add(|| finding);
                return Err(findings.into_sorted());
            }
        };
        let mut resolver = Resolver::new(text, &sections, settings, findings);
        let resources = deployed::all(&sections, &mut resolver);
        let mut findings = resolver.findings;
        Ok(Self {
            rules: rule::all(&resources, &mut findings),
            policies: policies(&resources, &mut findings),
            surroundings: Surroundings::of(&resources),
            findings: findings.into_sorted(),
        })
    }

    /// What is probably not meant in the rules, apart from their SQL, and in the policies; in the order of the text.
    #[must_use]
    pub fn lint(&self) -> Vec<Diagnostic> {
        let mut findings = rule_lint::lint(&self.rules, &self.surroundings);
        findings.extend(self.policies.iter().flat_map(Policy::lint));
        findings::sort(&mut findings);
        findings
    }

    /// The name in the template of the resource that is called `physical`: a name, an ARN or a URL in an action's field.
    #[must_use]
    pub fn logical_id(&self, physical: &str) -> Option<&str> {
        self.surroundings.logical_id(physical)
    }
}

fn policies(resources: &[Deployed], findings: &mut Findings) -> Vec<Policy> {
    let policies = resources.iter().filter(|resource| resource.resource_type == "AWS::IoT::Policy");
    let policy = |resource: &Deployed| match resource.properties.get("PolicyDocument") {
        Some(document) => Some(Policy {
            logical_id: resource.logical_id.clone(),
            document: document.clone(),
            span: document.span.clone(),
        }),
        None => {
            findings.add(|| {
                let message =
                    format!("the policy `{}` has no `PolicyDocument`", shown::shown(&resource.logical_id));
                Diagnostic::error("policy::shape", message).at(resource.name_span.clone())
            });
            None
        }
    };
    policies.filter_map(policy).collect()
}
