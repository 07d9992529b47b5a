//! `Sub`: text with names in it.

use std::collections::BTreeMap;
use std::ops::Range;

use campanile_diagnostic::Diagnostic;

use super::super::function::Call;
use super::super::node::{Node, Value};
use super::super::shown::{place, shown};
use super::{Piece, Resolver};

/// A part of the text of a `Sub`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part<'s> {
    Text(&'s str),
    /// `${!name}`, which stays as `${name}`.
    Literal(&'s str),
    Name(&'s str),
    /// `${` without an end.
    Open(&'s str),
}

impl Resolver<'_> {
    pub(super) fn sub(&mut self, call: Call<'_>) -> Piece {
        if let Some(text) = call.argument.text() {
            return self.substitute(text, call.argument, &BTreeMap::new());
        }
        let Some([text, variables]) = self.arguments(call, 2..=2) else { return Piece::mistake() };
        let (Some(source), Some(entries)) = (text.text().filter(|_| text.tag.is_none()), variables.map())
        else {
            self.malformed(call);
            return Piece::mistake();
        };
        let variable = |entry: &super::Entry| (entry.key.value.clone(), self.text(&entry.value, call));
        let variables = entries.iter().map(variable).collect();
        self.substitute(source, text, &variables)
    }

    fn substitute(&mut self, text: &str, node: &Node, variables: &BTreeMap<String, Piece>) -> Piece {
        let mut result = Piece::default();
        for part in parts(text) {
            let piece = match part {
                Part::Text(text) => plain(text.to_owned()),
                Part::Literal(name) => plain(format!("${{{name}}}")),
                Part::Name(name) => match variables.get(name) {
                    Some(piece) => piece.clone(),
                    None => self.named(name, &self.place_of(name, node), node),
                },
                Part::Open(rest) => {
                    self.open(&place(self.source, &node.span, rest));
                    Piece::mistake()
                }
            };
            if !self.afford(piece.text.len(), &node.span) {
                result.push(Piece::mistake());
                break;
            }
            result.push(piece);
        }
        result
    }

    /// `Name` as in `Ref`, `Name.Attribute` as in `GetAtt`.
    fn named(&mut self, name: &str, place: &Range<usize>, node: &Node) -> Piece {
        let hint = Some(format!("what others are to replace is written `${{!{}}}`", shown(name)));
        if let Some((resource, attribute)) =
            name.split_once('.').filter(|(resource, _)| is_logical_id(resource))
        {
            return self.attribute(resource, attribute, place, hint);
        }
        match self.reference(name, place, &node.span, hint) {
            Some(Node { value: Value::Text(text), gap, .. }) => Piece { text, gap },
            _ => {
                self.findings.add(|| {
                    let message = format!("`{}` is no text that could stand inside of text", shown(name));
                    Diagnostic::error("template::sub", message).at(place.clone())
                });
                Piece::mistake()
            }
        }
    }

    fn place_of(&self, name: &str, node: &Node) -> Range<usize> {
        place(self.source, &node.span, &format!("${{{name}}}"))
    }

    fn open(&mut self, place: &Range<usize>) {
        self.findings.add(|| {
            Diagnostic::error("template::sub", "`${` has no `}`")
                .at(place.clone())
                .help("close it; a `${` that others are to see is written `${!…}`")
        });
    }
}

fn plain(text: String) -> Piece {
    Piece { text, gap: None }
}

/// Logical ids are alphanumeric (user guide, "Resources section"); anything else belongs to somebody else's template.
fn is_logical_id(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let from_here = rest.get(before.len()..).unwrap_or_default();
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        let Some((name, after)) = after.split_once('}') else {
            parts.push(Part::Open(from_here));
            return parts;
        };
        parts.push(name.strip_prefix('!').map_or(Part::Name(name), Part::Literal));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::resolve::tests::{finding, resolved};

    const TEMPLATE: &str = "
Parameters: {Topic: {Type: String, Default: a/b}, Open: {Type: String}, List: {Type: CommaDelimitedList, Default: 'x,y'}}
Resources: {Role: {Type: 'AWS::IAM::Role'}}
";

    #[test]
    fn text_is_taken_apart() {
        use Part::{Literal, Name, Open, Text};
        assert_eq!(parts("a${b}c${!d}$"), [Text("a"), Name("b"), Text("c"), Literal("d"), Text("$")]);
        assert_eq!(parts("$${a}"), [Text("$"), Name("a")]);
        assert_eq!(parts("x${a"), [Text("x"), Open("${a")]);
        assert_eq!(parts(""), []);
    }

    #[test]
    fn names_are_replaced() {
        assert_eq!(resolved(TEMPLATE, "!Sub 'FROM ''${Topic}'''"), "FROM 'a/b'");
        assert_eq!(resolved(TEMPLATE, "{Fn::Sub: '${AWS::Region}-${Topic}'}"), "us-east-1-a/b");
        assert_eq!(resolved(TEMPLATE, "!Sub '${Role.Arn}'"), "arn:aws:iam::123456789012:role/campanile-Role");
        assert_eq!(resolved(TEMPLATE, "!Sub ['${x}/${Topic}', {x: !Ref Topic}]"), "a/b/a/b");
        assert_eq!(resolved(TEMPLATE, "!Sub '${!topic(3)}/${!iot:ClientId}'"), "${topic(3)}/${iot:ClientId}");
        assert_eq!(resolved(TEMPLATE, "!Sub 'x ${Open}'"), "x {Open} (gap: Parameter(\"Open\"))");
    }

    #[test]
    fn mistakes_have_their_place_in_the_text() {
        let found = finding(TEMPLATE, "!Sub 'arn:${AWS::Acount}'");
        assert_eq!(found.help.as_deref(), Some("did you mean `AWS::AccountId`?"));
        assert_eq!(found.span.map(|span| span.len()), Some("${AWS::Acount}".len()));
        assert_eq!(finding(TEMPLATE, "!Sub 'a ${b'").message, "`${` has no `}`");
        assert_eq!(finding(TEMPLATE, "!Sub '${List}'").code, "template::sub");
        assert_eq!(finding(TEMPLATE, "!Sub '${AWS::NoValue}'").code, "template::sub");
        assert_eq!(finding(TEMPLATE, "!Sub [a]").code, "template::function");
        assert_eq!(finding(TEMPLATE, "!Sub [!Ref Topic, {}]").code, "template::function");
    }

    #[test]
    fn what_others_replace_needs_an_exclamation_mark() {
        let help = |text| finding(TEMPLATE, text).help.unwrap();
        let expected = "what others are to replace is written `${!iot:Connection.Thing.ThingName}`";
        assert_eq!(help("!Sub 'client/${iot:Connection.Thing.ThingName}'"), expected);
        assert_eq!(
            help("!Sub \'${payload.status}\'"),
            "what others are to replace is written `${!payload.status}`"
        );
        assert_eq!(help("!Sub '${topic()}'"), "what others are to replace is written `${!topic()}`");
    }

    #[test]
    fn a_long_parameter_used_often_is_not_written_out_without_end() {
        let template = format!("Parameters: {{P: {{Default: {}}}}}\nResources: {{}}\n", "x".repeat(100_000));
        let found = finding(&template, &format!("!Sub '{}'", "${P}".repeat(100_000)));
        assert_eq!(found.message, "the resolved template is larger than 32 MiB");
    }
}
