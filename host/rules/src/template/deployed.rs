//! The resources of a template with everything resolved: names, functions, conditions.

use std::ops::Range;

use campanile_diagnostic::Diagnostic;

use super::findings::did_you_mean;
use super::node::{Node, Value};
use super::resolve::Resolver;
use super::sections::{Part, Resource, Sections};
use super::shown::shown;

/// A resource as it will be deployed, or would be if its condition held.
#[derive(Debug)]
pub(super) struct Deployed {
    pub(super) logical_id: String,
    /// Where the logical id is written.
    pub(super) name_span: Range<usize>,
    /// For example `AWS::IoT::TopicRule`.
    pub(super) resource_type: String,
    /// The condition with whether it holds.
    pub(super) condition: Option<(String, bool)>,
    /// A mapping; empty if there is none.
    pub(super) properties: Node,
    /// What it will be called.
    pub(super) name: String,
    /// What `Ref` gives, which for queues is a URL.
    pub(super) reference: String,
    pub(super) arn: String,
}

/// Resolves all resources, in the order of the text, and looks for mistakes in conditions and outputs.
pub(super) fn all<'t>(sections: &'t Sections<'t>, resolver: &mut Resolver<'t>) -> Vec<Deployed> {
    resolver.all_conditions();
    let resource = |(id, part): (&&'t str, &Resource<'t>)| resource(id, part, sections, resolver);
    let mut resources: Vec<Deployed> = sections.resources.iter().filter_map(resource).collect();
    resources.sort_by_key(|resource| resource.name_span.start);
    for part in sections.outputs.values() {
        output(part, resolver);
    }
    resources
}

fn resource<'t>(
    id: &'t str,
    part: &Resource<'t>,
    sections: &'t Sections<'t>,
    resolver: &mut Resolver<'t>,
) -> Option<Deployed> {
    if id.starts_with("Fn::ForEach::") || id.starts_with("Fn::Transform") {
        resolver.findings.add(|| generated(id, part.name_span));
        return None;
    }
    if part.node.map().is_none() || part.resource_type.is_empty() {
        resolver.findings.add(|| no_resource(id, part));
        return None;
    }
    depends_on(part, sections, resolver);
    let condition = part.condition.as_ref().map(|condition| {
        let holds = resolver.holds(&condition.value, &condition.span);
        (condition.value.clone(), holds.unwrap_or(false))
    });
    resolver.is_deployed = condition.as_ref().is_none_or(|(_, holds)| *holds);
    let properties = part.properties.and_then(|properties| resolver.resolve(properties));
    let deployed = Deployed {
        logical_id: id.to_owned(),
        name_span: part.name_span.clone(),
        resource_type: part.resource_type.to_owned(),
        condition,
        properties: properties.unwrap_or_else(|| empty(part.node)),
        name: resolver.name(id),
        reference: resolver.reference_to(id),
        arn: resolver.attribute_of(id, "Arn"),
    };
    resolver.is_deployed = true;
    Some(deployed)
}

fn empty(node: &Node) -> Node {
    Node { span: node.span.clone(), tag: None, value: Value::Map(Vec::new()), gap: None }
}

fn output(part: &Part<'_>, resolver: &mut Resolver<'_>) {
    if let Some(condition) = part.node.get("Condition")
        && let Some(name) = condition.text()
    {
        resolver.is_deployed = resolver.holds(name, &condition.span) == Some(true);
    }
    for key in ["Value", "Export"] {
        if let Some(node) = part.node.get(key) {
            resolver.resolve(node);
        }
    }
    resolver.is_deployed = true;
}

fn depends_on(part: &Resource<'_>, sections: &Sections<'_>, resolver: &mut Resolver<'_>) {
    let Some(names) = part.node.get("DependsOn") else { return };
    for node in names.one_or_more() {
        let name = node.text().unwrap_or_default();
        if !sections.resources.contains_key(name) {
            resolver.findings.add(|| {
                let message = format!("there is no resource `{}`", shown(name));
                let finding = Diagnostic::error("template::unknown-name", message).at(node.span.clone());
                match did_you_mean(name, sections.resources.keys().copied()) {
                    Some(help) => finding.help(help),
                    None => finding,
                }
            });
        }
    }
}

fn no_resource(id: &str, part: &Resource<'_>) -> Diagnostic {
    Diagnostic::error("template::shape", format!("the resource `{}` has no `Type`", shown(id)))
        .at(part.name_span.clone())
        .help("a resource is a mapping with `Type`, for example `AWS::IoT::TopicRule`")
}

/// Loops and macros make resources that are not in the text.
fn generated(id: &str, span: &Range<usize>) -> Diagnostic {
    Diagnostic::warning(
        "template::transform",
        format!("the resources that `{}` makes are not read", shown(id)),
    )
    .at(span.clone())
    .help("write rules and policies out")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::findings::Findings;
    use crate::template::settings::Settings;
    use crate::template::yaml;

    fn read(text: &str) -> (Vec<Deployed>, Vec<String>) {
        let root = yaml::parse(text).unwrap().root;
        let mut findings = Findings::default();
        let sections = Sections::of(&root, &mut findings).unwrap();
        let settings = Settings::default();
        let mut resolver = Resolver::new(text, &sections, &settings, findings);
        let resources = all(&sections, &mut resolver);
        let messages = resolver.findings.into_sorted().into_iter().map(|finding| finding.message).collect();
        (resources, messages)
    }

    #[test]
    fn resources_are_resolved_whether_they_exist_or_not() {
        let text = "
Conditions: {Never: !Equals [a, b]}
Resources:
  A: {Type: X, Condition: Never, Properties: {Region: !Ref AWS::Region, Of: !Ref B}}
  B: {Type: X, Condition: Never}
  C: {Type: 'AWS::SQS::Queue', Condition: Never, Properties: {QueueName: !Ref B}}
";
        let (resources, messages) = read(text);
        assert_eq!(messages, [""; 0]);
        assert_eq!(resources[0].condition, Some(("Never".to_owned(), false)));
        assert_eq!(resources[0].properties.get("Region").unwrap().text(), Some("us-east-1"));
        assert_eq!(resources[1].properties.map(), Some(&[][..]));
    }

    #[test]
    fn mistakes_are_found_everywhere() {
        let text = "
Resources:
  A: {Type: X, DependsOn: [B, C], Condition: No}
  B: {Properties: {}}
  Fn::ForEach::Rules: [x]
  D: {Type: X, DependsOn: A}
Outputs: {Out: {Value: !Ref Nope, Condition: No}}
";
        let expected = [
            "there is no resource `C`",
            "there is no condition `No`",
            "the resource `B` has no `Type`",
            "the resources that `Fn::ForEach::Rules` makes are not read",
            "there is no parameter or resource `Nope`",
            "there is no condition `No`",
        ];
        assert_eq!(read(text).1, expected);
    }
}
