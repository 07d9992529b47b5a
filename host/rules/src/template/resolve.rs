//! Replaces intrinsic functions by what they give: parameters and conditions as the settings say, names and ARNs of
//! resources as they could be.
//!
//! A mistake is a finding, never a panic or an error that ends the reading: it leaves a text with a gap. Work and memory
//! are bounded by the size of the template, whatever it says.

mod condition;
mod list;
mod lookup;
mod physical;
mod reference;
mod sub;

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};

use campanile_diagnostic::Diagnostic;

use super::findings::Findings;
use super::function::{self, Call, Function};
use super::node::{Entry, Gap, Node, Value};
use super::parameter::{self, Parameter};
use super::sections::Sections;
use super::settings::Settings;

/// Most memory that the resolved template may take, in bytes: a parameter may be long and used often.
const MAX_SIZE: usize = 32 * 1024 * 1024;

/// Deepest nesting of what is being resolved, through names of resources and conditions that depend on each other as
/// well. Each level takes some stack; a template itself can't be nested deeper than 48 levels.
const MAX_DEPTH: usize = 80;

/// What was found out about a name while it is looked for: depending on itself must not go on forever.
#[derive(Clone, Debug)]
enum Memo<T> {
    Underway,
    Known(T),
}

/// Resolves parts of one template.
#[derive(Debug)]
pub(super) struct Resolver<'t> {
    source: &'t str,
    sections: &'t Sections<'t>,
    settings: &'t Settings,
    parameters: BTreeMap<&'t str, Parameter>,
    conditions: BTreeMap<&'t str, Memo<bool>>,
    names: BTreeMap<&'t str, Memo<String>>,
    pub(super) findings: Findings,
    size: usize,
    depth: usize,
    /// Whether what is being resolved will be deployed: not so in the branch of an `If` that is not taken.
    pub(super) is_deployed: bool,
}

/// A text on its way to becoming a [`Node`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Piece {
    text: String,
    gap: Option<Gap>,
}

impl Piece {
    fn mistake() -> Self {
        Self { text: "{?}".to_owned(), gap: Some(Gap::Mistake) }
    }

    fn push(&mut self, other: Self) {
        self.text.push_str(&other.text);
        self.gap = self.gap.take().or(other.gap);
    }

    fn node(self, span: Range<usize>) -> Node {
        Node::of_text(span, self.text, self.gap)
    }
}

impl<'t> Resolver<'t> {
    pub(super) fn new(
        source: &'t str,
        sections: &'t Sections<'t>,
        settings: &'t Settings,
        mut findings: Findings,
    ) -> Self {
        let parameters = parameter::values(&sections.parameters, settings, &mut findings);
        Self {
            source,
            sections,
            settings,
            parameters,
            conditions: BTreeMap::new(),
            names: BTreeMap::new(),
            findings,
            size: 0,
            depth: 0,
            is_deployed: true,
        }
    }

    /// What `node` is when deployed; nothing if it is `AWS::NoValue`.
    pub(super) fn resolve(&mut self, node: &Node) -> Option<Node> {
        if !self.descend(&node.span) {
            return Some(Piece::mistake().node(node.span.clone()));
        }
        let resolved = self.perhaps_call(function::call(node), node);
        self.depth -= 1;
        resolved
    }

    fn perhaps_call(&mut self, call: Result<Option<Call<'_>>, Diagnostic>, node: &Node) -> Option<Node> {
        match call {
            Ok(Some(call)) if self.afford(size_of::<Node>(), &node.span) => self.call(call),
            Ok(Some(_)) => Some(Piece::mistake().node(node.span.clone())),
            Ok(None) => self.plain(node),
            Err(finding) => {
                self.findings.add(|| finding);
                Some(Piece::mistake().node(node.span.clone()))
            }
        }
    }

    /// Goes one level down, unless that is too deep.
    fn descend(&mut self, span: &Range<usize>) -> bool {
        if self.depth >= MAX_DEPTH {
            self.findings.add(|| {
                let message = "too many names or conditions depend on each other here";
                Diagnostic::error("template::too-deep", message).at(span.clone())
            });
            return false;
        }
        self.depth += 1;
        true
    }

    /// `node` without regard to its tag.
    fn plain(&mut self, node: &Node) -> Option<Node> {
        let text = node.text().map_or(0, str::len);
        if !self.afford(size_of::<Node>() + text, &node.span) {
            return Some(Piece::mistake().node(node.span.clone()));
        }
        let value = match &node.value {
            Value::Null => Value::Null,
            Value::Text(text) => Value::Text(text.clone()),
            Value::List(items) => Value::List(items.iter().filter_map(|item| self.resolve(item)).collect()),
            Value::Map(entries) => {
                let entry = |entry: &Entry| {
                    self.resolve(&entry.value).map(|value| Entry { key: entry.key.clone(), value })
                };
                Value::Map(entries.iter().filter_map(entry).collect())
            }
        };
        Some(Node { span: node.span.clone(), tag: None, value, gap: None })
    }

    fn call(&mut self, call: Call<'_>) -> Option<Node> {
        match call.function {
            Function::Ref => self.ref_call(call),
            Function::GetAtt => Some(self.get_att(call).node(call.node.span.clone())),
            Function::Sub => Some(self.sub(call).node(call.node.span.clone())),
            Function::Join => Some(self.join(call).node(call.node.span.clone())),
            Function::Select => self.select(call),
            Function::Split => Some(self.split(call)),
            Function::FindInMap => Some(self.find_in_map(call)),
            Function::If => self.if_call(call),
            Function::Opaque(name) => Some(self.opaque(name, call)),
            Function::And | Function::Condition | Function::Equals | Function::Not | Function::Or => {
                self.findings.add(|| only_in_conditions(call));
                Some(Piece::mistake().node(call.node.span.clone()))
            }
        }
    }

    /// Looks for mistakes in the arguments; the value stays open.
    fn opaque(&mut self, name: &str, call: Call<'_>) -> Node {
        self.argument(call);
        let gap = Some(Gap::Function(name.to_owned()));
        Node::of_text(call.node.span.clone(), format!("{{{name}}}"), gap)
    }

    fn argument(&mut self, call: Call<'_>) -> Option<Node> {
        if call.is_short {
            self.perhaps_call(function::long_call(call.argument), call.argument)
        } else {
            self.resolve(call.argument)
        }
    }

    /// The arguments of a function that takes a list of them.
    fn arguments<'n>(&mut self, call: Call<'n>, count: RangeInclusive<usize>) -> Option<&'n [Node]> {
        let is_call = !call.is_short && !matches!(function::call(call.argument), Ok(None));
        let items = call.argument.list().filter(|items| count.contains(&items.len()) && !is_call);
        if items.is_none() {
            self.malformed(call);
        }
        items
    }

    /// An argument that must be text.
    fn text(&mut self, node: &Node, call: Call<'_>) -> Piece {
        match self.resolve(node) {
            Some(Node { value: Value::Text(text), gap, .. }) => Piece { text, gap },
            _ => {
                self.malformed_at(&node.span, call);
                Piece::mistake()
            }
        }
    }

    fn malformed(&mut self, call: Call<'_>) {
        self.malformed_at(&call.node.span, call);
    }

    fn malformed_at(&mut self, span: &Range<usize>, call: Call<'_>) {
        self.findings.add(|| {
            let message = format!("`{}` takes other arguments", call.function.name());
            let help = format!("write `{}`", call.function.form());
            Diagnostic::error("template::function", message).at(span.clone()).help(help)
        });
    }

    /// Whether there is room for `bytes` more.
    fn afford(&mut self, bytes: usize, span: &Range<usize>) -> bool {
        let was_within = self.size <= MAX_SIZE;
        self.size = self.size.saturating_add(bytes);
        let is_within = self.size <= MAX_SIZE;
        if was_within && !is_within {
            self.findings.add(|| {
                let message =
                    format!("the resolved template is larger than {} MiB", MAX_SIZE / (1024 * 1024));
                Diagnostic::error("template::too-large", message).at(span.clone())
            });
        }
        is_within
    }
}

fn only_in_conditions(call: Call<'_>) -> Diagnostic {
    let message = format!("`{}` stands only in conditions", call.function.name());
    Diagnostic::error("template::function", message)
        .at(call.node.span.clone())
        .help("name the condition under `Conditions` and write `!If [Name, then, else]`")
}

#[cfg(test)]
mod tests;
