//! Conditions: what `Conditions` says, under the settings; and `If`.

use std::ops::Range;

use campanile_diagnostic::Diagnostic;

use super::super::findings::did_you_mean;
use super::super::function::{self, Call, Function};
use super::super::node::{Node, Value};
use super::super::shown::shown;
use super::{Memo, Piece, Resolver};

impl<'t> Resolver<'t> {
    /// Whether the condition `name` holds, which is written at `place`; nothing if that is a mistake.
    pub(in super::super) fn holds(&mut self, name: &str, place: &Range<usize>) -> Option<bool> {
        let Some((name, part)) = self.sections.conditions.get_key_value(name) else {
            let known = self.sections.conditions.keys();
            self.findings.add(|| unknown(name, known.copied()).at(place.clone()));
            return None;
        };
        match self.conditions.get(name) {
            Some(Memo::Known(holds)) => return Some(*holds),
            Some(Memo::Underway) => {
                self.findings.add(|| circular(name).at(place.clone()));
                return None;
            }
            None => {}
        }
        self.conditions.insert(name, Memo::Underway);
        let holds = self.condition(part.node);
        self.conditions.insert(name, Memo::Known(holds));
        Some(holds)
    }

    /// Evaluates all conditions, used or not.
    pub(in super::super) fn all_conditions(&mut self) {
        let sections = self.sections;
        for (name, part) in &sections.conditions {
            self.holds(name, part.name_span);
        }
    }

    /// `If` itself; both branches are looked at, one is taken.
    pub(super) fn if_call(&mut self, call: Call<'_>) -> Option<Node> {
        let span = call.node.span.clone();
        let Some([condition, then, other]) = self.arguments(call, 3..=3) else {
            return Some(Piece::mistake().node(span));
        };
        let Some(name) = condition.text() else {
            self.malformed(call);
            return Some(Piece::mistake().node(span));
        };
        let holds = self.holds(name, &condition.span);
        let then = self.branch(then, holds == Some(true));
        let other = self.branch(other, holds == Some(false));
        match holds {
            Some(true) => then,
            Some(false) => other,
            None => Some(Piece::mistake().node(span)),
        }
    }

    fn branch(&mut self, node: &Node, is_taken: bool) -> Option<Node> {
        let was_deployed = self.is_deployed;
        self.is_deployed &= is_taken;
        let resolved = self.resolve(node);
        self.is_deployed = was_deployed;
        resolved
    }

    /// Whether a condition's expression is true; one with a mistake is false.
    fn condition(&mut self, node: &Node) -> bool {
        if !self.descend(&node.span) {
            return false;
        }
        let holds = self.expression(node);
        self.depth -= 1;
        holds
    }

    fn expression(&mut self, node: &Node) -> bool {
        let call = match function::call(node) {
            Ok(call) => call.or_else(|| long_condition(node)),
            Err(finding) => {
                self.findings.add(|| finding);
                return false;
            }
        };
        let Some(call) = call else {
            self.no_condition(node);
            return false;
        };
        match call.function {
            Function::Equals => self.equals(call),
            Function::Not => self.arguments(call, 1..=1).is_some_and(|items| self.holding(items) == 0),
            Function::And => {
                self.arguments(call, 2..=10).is_some_and(|items| self.holding(items) == items.len())
            }
            Function::Or => self.arguments(call, 2..=10).is_some_and(|items| self.holding(items) > 0),
            Function::Condition => match call.argument.text() {
                Some(name) => self.holds(name, &call.node.span).unwrap_or(false),
                None => {
                    self.malformed(call);
                    false
                }
            },
            _ => {
                self.no_condition(node);
                false
            }
        }
    }

    /// How many hold. Every one is evaluated, for the mistakes in it.
    fn holding(&mut self, items: &[Node]) -> usize {
        items.iter().filter(|item| self.condition(item)).count()
    }

    fn equals(&mut self, call: Call<'_>) -> bool {
        let Some([left, right]) = self.arguments(call, 2..=2) else { return false };
        match (self.resolve(left), self.resolve(right)) {
            (Some(left), Some(right)) => left.says_the_same(&right),
            _ => false,
        }
    }

    fn no_condition(&mut self, node: &Node) {
        self.findings.add(|| {
            Diagnostic::error("template::function", "this is no condition")
                .at(node.span.clone())
                .help("conditions are `!Equals`, `!Not`, `!And`, `!Or` and `!Condition`")
        });
    }
}

/// `{Condition: Name}` is a function only here.
fn long_condition(node: &Node) -> Option<Call<'_>> {
    match &node.value {
        Value::Map(entries) => match entries.as_slice() {
            [entry] if entry.key.value == "Condition" => {
                Some(Call { function: Function::Condition, argument: &entry.value, is_short: false, node })
            }
            _ => None,
        },
        _ => None,
    }
}

fn unknown<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> Diagnostic {
    let finding =
        Diagnostic::error("template::unknown-condition", format!("there is no condition `{}`", shown(name)));
    match did_you_mean(name, known) {
        Some(help) => finding.help(help),
        None => finding,
    }
}

fn circular(name: &str) -> Diagnostic {
    Diagnostic::error("template::circular", format!("the condition `{}` depends on itself", shown(name)))
}

#[cfg(test)]
mod tests {
    use crate::template::resolve::tests::{finding, resolved};

    fn template(conditions: &str) -> String {
        format!(
            "Parameters: {{P: {{Type: String, Default: 'true'}}}}\nConditions: {conditions}\nResources: {{}}\n"
        )
    }

    fn holds(condition: &str) -> String {
        resolved(&template(&format!("{{C: {condition}, T: !Equals [a, a]}}")), "!If [C, 'yes', 'no']")
    }

    #[test]
    fn conditions_are_evaluated() {
        assert_eq!(holds("!Equals [!Ref P, 'true']"), "yes");
        assert_eq!(holds("!Not [!Equals [!Ref P, 'true']]"), "no");
        assert_eq!(holds("!And [!Condition T, Condition: T]"), "yes");
        assert_eq!(holds("!And [!Condition T, !Not [!Condition T]]"), "no");
        assert_eq!(holds("{Fn::Or: [!Not [!Condition T], {Condition: T}]}"), "yes");
        assert_eq!(holds("!Equals [[a, {b: c}], [a, {b: c}]]"), "yes");
    }

    #[test]
    fn no_value_leaves_nothing() {
        let template = template("{C: !Equals [a, b]}");
        assert_eq!(resolved(&template, "{a: !If [C, x, !Ref AWS::NoValue], b: y}"), "{b: y}");
    }

    #[test]
    fn mistakes_are_found_in_both_branches_and_in_all_parts() {
        let both = template("{C: !Or [!Equals [a, a], !Equals [!Ref Nope, b]]}");
        assert_eq!(finding(&both, "!If [C, x, y]").message, "there is no parameter or resource `Nope`");
        let never = template("{C: !Equals [a, b]}");
        assert_eq!(finding(&never, "!If [C, !Ref Nope, y]").code, "template::unknown-name");
        assert_eq!(finding(&never, "!If [D, x, y]").message, "there is no condition `D`");
        assert_eq!(finding(&never, "!If [C, x]").code, "template::function");
        assert_eq!(finding(&never, "!Equals [a, b]").message, "`Fn::Equals` stands only in conditions");
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for condition in
            ["'true'", "!Ref P", "!Not []", "!And [!Equals [a, a]]", "!Condition [a]", "!Condition No"]
        {
            let code = finding(&template(&format!("{{C: {condition}}}")), "x").code;
            assert!(
                matches!(code, "template::function" | "template::unknown-condition"),
                "{condition}: {code}"
            );
        }
    }

    #[test]
    fn circles_and_long_chains_end() {
        let circle = template("{A: !Condition B, B: !Condition A}");
        assert_eq!(finding(&circle, "x").message, "the condition `A` depends on itself");
        let links: Vec<String> = (0..5000).map(|link| format!("C{link}: !Condition C{}", link + 1)).collect();
        let chain = template(&format!("{{{}, C5000: !Equals [a, a]}}", links.join(", ")));
        assert_eq!(finding(&chain, "x").code, "template::too-deep");
    }
}
