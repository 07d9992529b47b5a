//! The parts of a template by name, before anything is resolved.

use std::collections::BTreeMap;
use std::ops::Range;

use campanile_diagnostic::{Diagnostic, suggestion};

use super::findings::Findings;
use super::node::{Located, Node};
use super::shown::shown;

/// The sections of a template (user guide, "Template anatomy"; `Globals` is SAM's).
const SECTIONS: [&str; 11] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Globals",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
];

/// Most resources of a stack ("CloudFormation quotas").
const MAX_RESOURCES: usize = 500;

/// What a section holds, by name.
pub(super) type Named<'t> = BTreeMap<&'t str, Part<'t>>;

/// One thing with a name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'t> {
    /// Where the name is written.
    pub(super) name_span: &'t Range<usize>,
    pub(super) node: &'t Node,
}

/// A resource; what is often asked for is taken out.
#[derive(Debug)]
pub(super) struct Resource<'t> {
    pub(super) name_span: &'t Range<usize>,
    pub(super) node: &'t Node,
    /// For example `AWS::IoT::TopicRule`; empty if there is none.
    pub(super) resource_type: &'t str,
    pub(super) condition: Option<Located<String>>,
    pub(super) properties: Option<&'t Node>,
}

/// The sections that the rules and policies can depend on.
#[derive(Debug)]
pub(super) struct Sections<'t> {
    pub(super) parameters: Named<'t>,
    pub(super) mappings: Named<'t>,
    pub(super) conditions: Named<'t>,
    pub(super) resources: BTreeMap<&'t str, Resource<'t>>,
    pub(super) outputs: Named<'t>,
}

impl<'t> Sections<'t> {
    /// The sections of the template `root`.
    ///
    /// # Errors
    /// If it is something else.
    pub(super) fn of(root: &'t Node, findings: &mut Findings) -> Result<Self, Diagnostic> {
        let no_template = |message: String| {
            Diagnostic::error("template::shape", message)
                .help("a template has at least the section `Resources`")
        };
        let Some(entries) = root.map() else {
            return Err(no_template(format!("a template is a mapping; this is {}", root.kind())));
        };
        for entry in entries {
            let name = entry.key.value.as_str();
            if name == "Transform" {
                findings.add(|| transformed(&entry.key.span));
            } else if !SECTIONS.contains(&name) {
                findings.add(|| unknown_section(name, &entry.key.span));
            }
        }
        if root.entry("Resources").is_none() {
            return Err(no_template("this is no template: it has no `Resources`".to_owned()));
        }
        let mut section = |name| named(root, name, findings);
        let resources = section("Resources");
        if resources.len() > MAX_RESOURCES {
            let message = format!(
                "the template has {} resources; a stack has at most {MAX_RESOURCES}",
                resources.len()
            );
            return Err(Diagnostic::error("template::too-large", message));
        }
        Ok(Self {
            parameters: section("Parameters"),
            mappings: section("Mappings"),
            conditions: section("Conditions"),
            resources: resources.into_iter().map(|(id, part)| (id, Resource::of(part))).collect(),
            outputs: section("Outputs"),
        })
    }
}

impl<'t> Resource<'t> {
    fn of(part: Part<'t>) -> Self {
        let text = |key| part.node.get(key).filter(|node| node.tag.is_none());
        Self {
            name_span: part.name_span,
            node: part.node,
            resource_type: text("Type").and_then(Node::text).unwrap_or_default(),
            condition: text("Condition").and_then(Node::located),
            properties: part.node.get("Properties"),
        }
    }
}

fn named<'t>(root: &'t Node, section: &str, findings: &mut Findings) -> Named<'t> {
    let Some(node) = root.get(section) else { return Named::new() };
    let Some(entries) = node.map() else {
        findings.add(|| {
            let message = format!("`{section}` is {}; it must be a mapping", node.kind());
            Diagnostic::error("template::shape", message).at(node.span.clone())
        });
        return Named::new();
    };
    entries
        .iter()
        .map(|entry| (entry.key.value.as_str(), Part { name_span: &entry.key.span, node: &entry.value }))
        .collect()
}

fn unknown_section(name: &str, span: &Range<usize>) -> Diagnostic {
    Diagnostic::warning("template::unknown-section", format!("a template has no section `{}`", shown(name)))
        .at(span.clone())
        .help(suggestion(name, "sections", SECTIONS))
}

/// A macro may add or change anything, and only AWS knows what it does.
fn transformed(span: &Range<usize>) -> Diagnostic {
    Diagnostic::warning("template::transform", "what `Transform` makes of the template is not known here")
        .at(span.clone())
        .help("rules and policies are read as they are written; write them as `AWS::IoT::…` resources")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::yaml;

    fn sections(text: &str) -> (Result<Vec<String>, Diagnostic>, Vec<Diagnostic>) {
        let root = yaml::parse(text).unwrap().root;
        let mut findings = Findings::default();
        let names = Sections::of(&root, &mut findings)
            .map(|sections| sections.resources.keys().map(|name| (*name).to_owned()).collect());
        (names, findings.into_sorted())
    }

    #[test]
    fn resources_have_names() {
        let (names, findings) = sections("Resources: {B: {}, A: {}}\nDescription: x\n");
        assert_eq!((names.unwrap(), findings), (vec!["A".to_owned(), "B".to_owned()], Vec::new()));
    }

    #[test]
    fn without_resources_it_is_no_template() {
        assert_eq!(sections("[1]").0.unwrap_err().message, "a template is a mapping; this is a list");
        assert_eq!(sections("a: 1").0.unwrap_err().message, "this is no template: it has no `Resources`");
        let many: String = (0..501).map(|id| format!("R{id}: {{}}, ")).collect();
        assert_eq!(sections(&format!("Resources: {{{many}}}")).0.unwrap_err().code, "template::too-large");
    }

    #[test]
    fn unknown_sections_and_transforms_are_noticed() {
        let (_, findings) = sections("Parameter: {}\nTransform: X\nResources: []\n");
        let codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, ["template::unknown-section", "template::transform", "template::shape"]);
        assert_eq!(findings[0].help.as_deref(), Some("did you mean `Parameters`?"));
    }
}
