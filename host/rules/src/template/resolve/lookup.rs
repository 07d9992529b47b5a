//! `FindInMap`.

use std::ops::Range;

use campanile_diagnostic::Diagnostic;

use super::super::findings::did_you_mean;
use super::super::function::Call;
use super::super::node::Node;
use super::super::shown::shown;
use super::{Piece, Resolver};

impl<'t> Resolver<'t> {
    pub(super) fn find_in_map(&mut self, call: Call<'_>) -> Node {
        let span = call.node.span.clone();
        let Some([mapping, first, second]) = self.arguments(call, 3..=3) else {
            return Piece::mistake().node(span);
        };
        let keys = [mapping, first, second].map(|key| (self.text(key, call), key.span.clone()));
        if let Some(gap) = keys.iter().find_map(|(key, _)| key.gap.clone()) {
            return Node::of_text(span, "{Fn::FindInMap}".to_owned(), Some(gap));
        }
        // The values of a mapping are literal (user guide, "Mappings section").
        match self.found(&keys).and_then(|node| self.plain(node)) {
            Some(node) => Node { span, ..node },
            None => Piece::mistake().node(span),
        }
    }

    fn found(&mut self, [mapping, first, second]: &[(Piece, Range<usize>); 3]) -> Option<&'t Node> {
        let sections = self.sections;
        let Some(part) = sections.mappings.get(mapping.0.text.as_str()) else {
            self.unknown_key(mapping, sections.mappings.keys().copied());
            return None;
        };
        let mut node = part.node;
        for key in [first, second] {
            // Keys are looked for one by one: many of them, often, are work too.
            if !self.afford(node.map().map_or(0, <[_]>::len) * size_of::<usize>(), &key.1) {
                return None;
            }
            let Some(value) = node.get(&key.0.text) else {
                let known = node.map().unwrap_or_default().iter().map(|entry| entry.key.value.as_str());
                self.unknown_key(key, known);
                return None;
            };
            node = value;
        }
        Some(node)
    }

    fn unknown_key<'k>(&mut self, (key, span): &(Piece, Range<usize>), known: impl Iterator<Item = &'k str>) {
        self.findings.add(|| {
            let message = format!("no mapping has the key `{}` here", shown(&key.text));
            let finding = Diagnostic::error("template::unknown-name", message).at(span.clone());
            match did_you_mean(&key.text, known) {
                Some(help) => finding.help(help),
                None => finding,
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::template::resolve::tests::{finding, resolved};

    const TEMPLATE: &str = "
Mappings: {Topics: {us-east-1: {Main: a/b, List: [x, y]}}}
Resources: {}
";

    #[test]
    fn values_are_found() {
        assert_eq!(resolved(TEMPLATE, "!FindInMap [Topics, !Ref AWS::Region, Main]"), "a/b");
        assert_eq!(resolved(TEMPLATE, "{Fn::FindInMap: [Topics, us-east-1, List]}"), "[x, y]");
    }

    #[test]
    fn unknown_keys_say_what_was_probably_meant() {
        let help = |text| finding(TEMPLATE, text).help.unwrap();
        assert_eq!(help("!FindInMap [Topic, us-east-1, Main]"), "did you mean `Topics`?");
        assert_eq!(help("!FindInMap [Topics, us-east-2, Main]"), "did you mean `us-east-1`?");
        assert_eq!(help("!FindInMap [Topics, us-east-1, Mains]"), "did you mean `Main`?");
        assert_eq!(finding(TEMPLATE, "!FindInMap [Topics, us-east-1]").code, "template::function");
    }
}
