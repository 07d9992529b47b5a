//! `Ref` and `GetAtt`: values of parameters, and what resources will be called.

use std::ops::Range;

use campanile_diagnostic::Diagnostic;

use super::super::findings::did_you_mean;
use super::super::function::Call;
use super::super::node::{Node, Value};
use super::super::settings::PSEUDO_PARAMETERS;
use super::super::shown::shown;
use super::{Piece, Resolver};

impl<'t> Resolver<'t> {
    pub(super) fn ref_call(&mut self, call: Call<'_>) -> Option<Node> {
        let span = &call.node.span;
        let Some(name) = call.argument.text() else {
            self.malformed(call);
            return Some(Piece::mistake().node(span.clone()));
        };
        let hint = name.contains('.').then(|| format!("attributes are written `!GetAtt {}`", shown(name)));
        self.reference(name, span, span, hint)
    }

    /// What `name` gives, written at `place` inside of `span`; nothing for `AWS::NoValue`. The hint helps if there is
    /// no such name.
    pub(super) fn reference(
        &mut self,
        name: &str,
        place: &Range<usize>,
        span: &Range<usize>,
        hint: Option<String>,
    ) -> Option<Node> {
        if let Some(value) = self.settings.pseudo(name) {
            let node = Node { span: span.clone(), tag: None, value, gap: None };
            return (node.value != Value::Null).then_some(node);
        }
        if let Some(parameter) = self.parameters.get(name) {
            let (size, parameter) = (parameter.size(), parameter.clone());
            let node = if self.afford(size, span) {
                parameter.node(name, span.clone())
            } else {
                Piece::mistake().node(span.clone())
            };
            return Some(node);
        }
        let Some(id) = self.resource(name, place, hint) else {
            return Some(Piece::mistake().node(span.clone()));
        };
        let text = self.reference_to(id);
        Some(self.affordable(text, span).node(span.clone()))
    }

    pub(super) fn get_att(&mut self, call: Call<'_>) -> Piece {
        if let Some(text) = call.argument.text() {
            return match text.split_once('.') {
                Some((name, attribute)) => self.attribute(name, attribute, &call.node.span, None),
                None => {
                    self.malformed(call);
                    Piece::mistake()
                }
            };
        }
        let Some([name, attribute]) = self.arguments(call, 2..=2) else { return Piece::mistake() };
        let Some(name) = name.text().filter(|_| name.tag.is_none()) else {
            self.malformed(call);
            return Piece::mistake();
        };
        let attribute = self.text(attribute, call);
        let mut piece = self.attribute(name, &attribute.text, &call.node.span, None);
        piece.gap = piece.gap.or(attribute.gap);
        piece
    }

    /// The attribute of a resource, written at `place`.
    pub(super) fn attribute(
        &mut self,
        name: &str,
        attribute: &str,
        place: &Range<usize>,
        hint: Option<String>,
    ) -> Piece {
        let Some(id) = self.resource(name, place, hint) else { return Piece::mistake() };
        let text = self.attribute_of(id, attribute);
        self.affordable(text, place)
    }

    fn affordable(&mut self, text: String, place: &Range<usize>) -> Piece {
        if self.afford(text.len(), place) { Piece { text, gap: None } } else { Piece::mistake() }
    }

    /// The resource's name, as the template's own text.
    fn resource(&mut self, name: &str, place: &Range<usize>, hint: Option<String>) -> Option<&'t str> {
        let sections = self.sections;
        let Some((id, resource)) = sections.resources.get_key_value(name) else {
            let known = sections.parameters.keys().chain(sections.resources.keys());
            self.findings.add(|| unknown(name, known.copied(), hint).at(place.clone()));
            return None;
        };
        let condition = resource.condition.as_ref().filter(|_| self.is_deployed);
        if let Some(condition) = condition
            && self.holds(&condition.value, &condition.span) == Some(false)
        {
            self.findings.add(|| absent(name, &condition.value).at(place.clone()));
        }
        Some(id)
    }
}

fn unknown<'k>(name: &str, known: impl Iterator<Item = &'k str>, hint: Option<String>) -> Diagnostic {
    let message = format!("there is no parameter or resource `{}`", shown(name));
    let finding = Diagnostic::error("template::unknown-name", message);
    // Logical ids are alphanumeric; with anything else in it, it is hardly a slip.
    let is_ours = name.starts_with("AWS::") || name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let meant = did_you_mean(name, known.chain(PSEUDO_PARAMETERS));
    match if is_ours { meant.or(hint) } else { hint.or(meant) } {
        Some(help) => finding.help(help),
        None => finding,
    }
}

fn absent(name: &str, condition: &str) -> Diagnostic {
    let message = format!("`{}` does not exist: its condition `{}` is false", shown(name), shown(condition));
    Diagnostic::error("template::absent-resource", message)
        .help("give this resource the same condition, or refer to it in a branch of `!If`")
}

#[cfg(test)]
mod tests {
    use crate::template::resolve::tests::{finding, resolved};

    const TEMPLATE: &str = "
Parameters: {Topic: {Type: String, Default: a/b}, Open: {Type: String}, List: {Type: CommaDelimitedList, Default: 'x,y'}}
Conditions: {Never: !Equals [a, b]}
Resources:
  Queue: {Type: 'AWS::SQS::Queue'}
  Hidden: {Type: 'AWS::SQS::Queue', Condition: Never}
  Other: {Type: 'Some::Other::Type'}
";

    #[test]
    fn parameters_and_pseudo_parameters_have_values() {
        assert_eq!(resolved(TEMPLATE, "!Ref Topic"), "a/b");
        assert_eq!(resolved(TEMPLATE, "{Ref: Topic}"), "a/b");
        assert_eq!(resolved(TEMPLATE, "!Ref AWS::Region"), "us-east-1");
        assert_eq!(resolved(TEMPLATE, "!Ref Open"), "{Open} (gap: Parameter(\"Open\"))");
        assert_eq!(resolved(TEMPLATE, "!Ref List"), "[x, y]");
        assert_eq!(resolved(TEMPLATE, "[!Ref AWS::NoValue, {a: !Ref AWS::NoValue}]"), "[{}]");
    }

    #[test]
    fn resources_have_plausible_names() {
        assert_eq!(
            resolved(TEMPLATE, "!GetAtt Queue.Arn"),
            "arn:aws:sqs:us-east-1:123456789012:campanile-Queue"
        );
        assert_eq!(resolved(TEMPLATE, "{Fn::GetAtt: [Queue, QueueName]}"), "campanile-Queue");
        assert_eq!(resolved(TEMPLATE, "!Ref Other"), "{Other}");
        assert_eq!(resolved(TEMPLATE, "!GetAtt Other.A.B"), "{Other.A.B}");
        assert_eq!(resolved(TEMPLATE, "!GetAtt [Other, !Ref AWS::Region]"), "{Other.us-east-1}");
    }

    #[test]
    fn unknown_names_say_what_was_probably_meant() {
        let help = |text| finding(TEMPLATE, text).help;
        assert_eq!(help("!Ref Topik").as_deref(), Some("did you mean `Topic`?"));
        assert_eq!(help("!GetAtt Quue.Arn").as_deref(), Some("did you mean `Queue`?"));
        assert_eq!(help("!Ref AWS::Regon").as_deref(), Some("did you mean `AWS::Region`?"));
        assert_eq!(help("!Ref Zebra"), None);
        assert_eq!(help("!Ref Queue.Arn").as_deref(), Some("attributes are written `!GetAtt Queue.Arn`"));
    }

    #[test]
    fn a_resource_whose_condition_is_false_does_not_exist() {
        let absent = "`Hidden` does not exist: its condition `Never` is false";
        assert_eq!(finding(TEMPLATE, "!Ref Hidden").message, absent);
        assert_eq!(resolved(TEMPLATE, "!If [Never, !Ref Hidden, x]"), "x");
    }

    #[test]
    fn other_arguments_are_refused() {
        for text in
            ["!Ref [a]", "!GetAtt Queue", "!GetAtt [Queue]", "!GetAtt [!Ref Topic, Arn]", "!GetAtt {a: b}"]
        {
            assert_eq!(finding(TEMPLATE, text).code, "template::function", "{text}");
        }
    }
}
