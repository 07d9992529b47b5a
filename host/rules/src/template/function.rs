//! Recognizes intrinsic functions, in their short form (`!Sub`) and their long one (`Fn::Sub`). It evaluates nothing.

use campanile_diagnostic::{Diagnostic, suggestion};

use super::node::{Node, Value};
use super::shown::shown;

/// An intrinsic function (user guide, "Intrinsic function reference").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    And,
    Condition,
    Equals,
    FindInMap,
    GetAtt,
    If,
    Join,
    Not,
    Or,
    Ref,
    Select,
    Split,
    Sub,
    /// Its value is known only when the template is deployed, or does not matter to rules and policies.
    Opaque(&'static str),
}

/// Each function with the tag of its short form.
const FUNCTIONS: [(&str, Function); 21] = [
    ("And", Function::And),
    ("Base64", Function::Opaque("Fn::Base64")),
    ("Cidr", Function::Opaque("Fn::Cidr")),
    ("Condition", Function::Condition),
    ("Equals", Function::Equals),
    ("FindInMap", Function::FindInMap),
    ("GetAZs", Function::Opaque("Fn::GetAZs")),
    ("GetAtt", Function::GetAtt),
    ("If", Function::If),
    ("ImportValue", Function::Opaque("Fn::ImportValue")),
    ("Join", Function::Join),
    ("Length", Function::Opaque("Fn::Length")),
    ("Not", Function::Not),
    ("Or", Function::Or),
    ("Ref", Function::Ref),
    ("Select", Function::Select),
    ("Split", Function::Split),
    ("Sub", Function::Sub),
    ("ToJsonString", Function::Opaque("Fn::ToJsonString")),
    ("Transform", Function::Opaque("Fn::Transform")),
    ("ForEach", Function::Opaque("Fn::ForEach")),
];

/// A function and what it is called with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call<'n> {
    pub(super) function: Function,
    /// In the short form this is the node with the tag itself.
    pub(super) argument: &'n Node,
    pub(super) is_short: bool,
    /// All of the call.
    pub(super) node: &'n Node,
}

/// The call that `node` is, if it is one.
///
/// # Errors
/// If it looks like one but is none.
pub(super) fn call(node: &Node) -> Result<Option<Call<'_>>, Diagnostic> {
    if let Some(tag) = &node.tag {
        let function = by_tag(tag).ok_or_else(|| unknown("!", tag, node))?;
        return Ok(Some(Call { function, argument: node, is_short: true, node }));
    }
    long_call(node)
}

/// The call in long form that `node` is, whatever its tag.
///
/// # Errors
/// If it looks like one but is none.
pub(super) fn long_call(node: &Node) -> Result<Option<Call<'_>>, Diagnostic> {
    let Value::Map(entries) = &node.value else { return Ok(None) };
    let Some(entry) = entries.iter().find(|entry| is_long_name(&entry.key.value)) else { return Ok(None) };
    let name = entry.key.value.as_str();
    let function = by_long_name(name)
        .ok_or_else(|| unknown("Fn::", name.trim_start_matches("Fn::"), node).at(entry.key.span.clone()))?;
    if entries.len() > 1 && !name.starts_with("Fn::ForEach::") {
        let message = format!("`{}` must be the only key of its mapping", shown(name));
        return Err(Diagnostic::error("template::function", message).at(entry.key.span.clone()));
    }
    Ok(Some(Call { function, argument: &entry.value, is_short: false, node }))
}

/// `Condition` is a function only among conditions: elsewhere it is a key of policies and resources.
fn is_long_name(key: &str) -> bool {
    key == "Ref" || key.starts_with("Fn::")
}

fn by_tag(tag: &str) -> Option<Function> {
    FUNCTIONS.iter().find(|(name, _)| *name == tag).map(|(_, function)| *function)
}

fn by_long_name(name: &str) -> Option<Function> {
    match name.strip_prefix("Fn::") {
        None => (name == "Ref").then_some(Function::Ref),
        // These two have no `Fn::`.
        Some("Ref" | "Condition") => None,
        Some(name) if name.starts_with("ForEach::") => by_tag("ForEach"),
        Some(name) => by_tag(name),
    }
}

fn unknown(prefix: &str, name: &str, node: &Node) -> Diagnostic {
    let message = format!("there is no function `{prefix}{}`", shown(name));
    Diagnostic::error("template::unknown-function", message).at(node.span.clone()).help(suggestion(
        name,
        "functions",
        FUNCTIONS.iter().map(|(name, _)| *name),
    ))
}

impl Function {
    /// The name of its long form.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::And => "Fn::And",
            Self::Condition => "Condition",
            Self::Equals => "Fn::Equals",
            Self::FindInMap => "Fn::FindInMap",
            Self::GetAtt => "Fn::GetAtt",
            Self::If => "Fn::If",
            Self::Join => "Fn::Join",
            Self::Not => "Fn::Not",
            Self::Or => "Fn::Or",
            Self::Ref => "Ref",
            Self::Select => "Fn::Select",
            Self::Split => "Fn::Split",
            Self::Sub => "Fn::Sub",
            Self::Opaque(name) => name,
        }
    }

    /// How it is written.
    pub(super) fn form(self) -> &'static str {
        match self {
            Self::And => "!And [condition, condition, …], from 2 to 10",
            Self::Condition => "!Condition name",
            Self::Equals => "!Equals [value, value]",
            Self::FindInMap => "!FindInMap [mapping, key, key]",
            Self::GetAtt => "!GetAtt Resource.Attribute",
            Self::If => "!If [condition, then, else]",
            Self::Join => "!Join [delimiter, [text, …]]",
            Self::Not => "!Not [condition]",
            Self::Or => "!Or [condition, condition, …], from 2 to 10",
            Self::Ref => "!Ref Name",
            Self::Select => "!Select [index, [value, …]]",
            Self::Split => "!Split [delimiter, text]",
            Self::Sub => "!Sub text, or !Sub [text, {Name: value}]",
            Self::Opaque(_) => "as in the reference of functions",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::yaml;

    fn function(text: &str) -> Result<Option<Function>, String> {
        let root = yaml::parse(text).unwrap().root;
        call(&root).map(|call| call.map(|call| call.function)).map_err(|finding| finding.message)
    }

    #[test]
    fn both_forms_are_recognized() {
        for (tag, expected) in FUNCTIONS {
            assert_eq!(function(&format!("!{tag} x")), Ok(Some(expected)), "{tag}");
            if !matches!(tag, "Ref" | "Condition") {
                assert_eq!(function(&format!("Fn::{tag}: x")), Ok(Some(expected)), "{tag}");
            }
        }
        assert_eq!(function("Ref: x"), Ok(Some(Function::Ref)));
        assert_eq!(function("Condition: x"), Ok(None));
        assert_eq!(function("{a: 1}"), Ok(None));
        assert_eq!(function("Fn::ForEach::Rules: x"), Ok(Some(Function::Opaque("Fn::ForEach"))));
    }

    #[test]
    fn what_only_looks_like_a_function_is_refused() {
        assert_eq!(function("!Subb x"), Err("there is no function `!Subb`".to_owned()));
        assert_eq!(function("Fn::Ref: x"), Err("there is no function `Fn::Ref`".to_owned()));
        assert_eq!(
            function("{Fn::Sub: x, a: 1}"),
            Err("`Fn::Sub` must be the only key of its mapping".to_owned())
        );
    }
}
