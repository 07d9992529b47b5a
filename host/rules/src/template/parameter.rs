//! The values of a template's parameters: what the caller gives, else the default, else a gap.

use std::collections::BTreeMap;
use std::ops::Range;

use campanile_diagnostic::Diagnostic;

use super::findings::{Findings, did_you_mean};
use super::node::{Gap, Node, Value};
use super::sections::Named;
use super::settings::Settings;
use super::shown::shown;

/// What a reference to a parameter gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Parameter {
    Text(String),
    List(Vec<String>),
    /// It has no value before the template is deployed.
    Open,
}

/// All parameters that the template declares.
pub(super) fn values<'t>(
    declared: &Named<'t>,
    settings: &Settings,
    findings: &mut Findings,
) -> BTreeMap<&'t str, Parameter> {
    for name in settings.parameters.keys().filter(|name| !declared.contains_key(name.as_str())) {
        findings.add(|| undeclared(name, declared));
    }
    let value = |(name, part): (&&'t str, &super::sections::Part<'t>)| {
        let given = settings.parameters.get(*name).map(String::as_str);
        (*name, value(name, part.node, given, findings))
    };
    declared.iter().map(value).collect()
}

fn undeclared(name: &str, declared: &Named<'_>) -> Diagnostic {
    let message = format!("the template has no parameter `{}`", shown(name));
    let finding = Diagnostic::error("template::unknown-parameter", message);
    match did_you_mean(name, declared.keys().copied()) {
        Some(help) => finding.help(help),
        None => finding,
    }
}

fn value(name: &str, declaration: &Node, given: Option<&str>, findings: &mut Findings) -> Parameter {
    let kind = declaration.get("Type").and_then(Node::text).unwrap_or("String");
    let default = declaration.get("Default");
    let Some(text) = given.or_else(|| default.and_then(Node::text)) else { return Parameter::Open };
    check(name, declaration, text, given.is_some(), findings);
    // The default is the name of a parameter in Systems Manager; only AWS knows its value.
    if kind.starts_with("AWS::SSM::Parameter::Value<") && given.is_none() {
        return Parameter::Open;
    }
    if kind == "CommaDelimitedList" || kind.starts_with("List<") || kind.ends_with("List<String>>") {
        return Parameter::List(text.split(',').map(|item| item.trim().to_owned()).collect());
    }
    Parameter::Text(text.to_owned())
}

fn check(name: &str, declaration: &Node, text: &str, is_given: bool, findings: &mut Findings) {
    let Some(allowed) = declaration.get("AllowedValues").and_then(Node::list) else { return };
    if allowed.iter().any(|value| value.text() == Some(text)) {
        return;
    }
    findings.add(|| {
        let message = format!("the parameter `{}` can't be `{}`", shown(name), shown(text));
        let finding = Diagnostic::error("template::parameter-value", message).help(choices(allowed));
        match place(declaration, is_given) {
            Some(span) => finding.at(span),
            None => finding,
        }
    });
}

/// What the caller gives is not in the text.
fn place(declaration: &Node, is_given: bool) -> Option<Range<usize>> {
    if is_given { None } else { declaration.get("Default").map(|default| default.span.clone()) }
}

fn choices(allowed: &[Node]) -> String {
    const MOST: usize = 12;
    let texts = allowed.iter().filter_map(Node::text).take(MOST);
    let texts: Vec<String> = texts.map(|text| format!("`{}`", shown(text))).collect();
    let more = if allowed.len() > MOST { ", …" } else { "" };
    format!("allowed: {}{more}", texts.join(", "))
}

impl Parameter {
    /// What a reference to it is, written at `span`.
    pub(super) fn node(&self, name: &str, span: Range<usize>) -> Node {
        match self {
            Self::Text(text) => Node::of_text(span, text.clone(), None),
            Self::Open => {
                let gap = Some(Gap::Parameter(name.to_owned()));
                Node::of_text(span, format!("{{{name}}}"), gap)
            }
            Self::List(texts) => {
                let item = |text: &String| Node::of_text(span.clone(), text.clone(), None);
                let items = texts.iter().map(item).collect();
                Node { span, tag: None, value: Value::List(items), gap: None }
            }
        }
    }

    /// About how much memory [`Parameter::node`] takes.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Open => 0,
            Self::List(texts) => texts.iter().map(|text| text.len() + size_of::<Node>()).sum(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::sections::Sections;
    use crate::template::yaml;

    fn read(parameters: &str, given: &[(&str, &str)]) -> (Vec<(String, Parameter)>, Vec<Diagnostic>) {
        let root = yaml::parse(&format!("Resources: {{}}\nParameters: {parameters}\n")).unwrap().root;
        let mut findings = Findings::default();
        let sections = Sections::of(&root, &mut findings).unwrap();
        let parameters =
            given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let settings = Settings { parameters, ..Settings::default() };
        let values = values(&sections.parameters, &settings, &mut findings);
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        (values, findings.into_sorted())
    }

    fn one(parameter: &str, given: &[(&str, &str)]) -> Parameter {
        let (mut values, findings) = read(&format!("{{P: {parameter}}}"), given);
        assert_eq!(findings, []);
        values.remove(0).1
    }

    #[test]
    fn the_given_value_comes_before_the_default() {
        let text = |text: &str| Parameter::Text(text.to_owned());
        assert_eq!(one("{Type: String, Default: a}", &[]), text("a"));
        assert_eq!(one("{Type: String, Default: a}", &[("P", "b")]), text("b"));
        assert_eq!(one("{Type: Number, Default: 30}", &[]), text("30"));
        assert_eq!(one("{Type: String, Default: ''}", &[]), text(""));
        assert_eq!(one("{Type: String}", &[]), Parameter::Open);
    }

    #[test]
    fn lists_are_split() {
        let list = |texts: [&str; 2]| Parameter::List(texts.map(str::to_owned).to_vec());
        assert_eq!(one("{Type: CommaDelimitedList, Default: 'a, b'}", &[]), list(["a", "b"]));
        assert_eq!(one("{Type: 'List<Number>', Default: '1,2'}", &[]), list(["1", "2"]));
    }

    #[test]
    fn only_aws_knows_what_is_in_systems_manager() {
        let kind = "{Type: 'AWS::SSM::Parameter::Value<String>', Default: /some/name}";
        assert_eq!(one(kind, &[]), Parameter::Open);
        assert_eq!(one(kind, &[("P", "value")]), Parameter::Text("value".to_owned()));
    }

    #[test]
    fn values_that_are_not_allowed_and_unknown_names_are_reported() {
        let parameters = "{NotifyRecovery: {Default: x, AllowedValues: ['true', 'false']}}";
        let messages = |given| -> Vec<String> {
            read(parameters, given).1.into_iter().map(|finding| finding.message).collect()
        };
        assert_eq!(messages(&[]), ["the parameter `NotifyRecovery` can't be `x`"]);
        assert_eq!(messages(&[("NotifyRecovery", "true")]), [""; 0]);
        assert_eq!(messages(&[("NotifyRecovery", "yes")]), ["the parameter `NotifyRecovery` can't be `yes`"]);
        let given = [("NotifyRecovery", "true"), ("NotifyRecovry", "x")];
        assert_eq!(messages(&given), ["the template has no parameter `NotifyRecovry`"]);
    }
}
