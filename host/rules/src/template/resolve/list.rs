//! `Join`, `Split` and `Select`.

use campanile_diagnostic::Diagnostic;

use super::super::function::Call;
use super::super::node::{Node, Value};
use super::{Piece, Resolver};

impl Resolver<'_> {
    pub(super) fn join(&mut self, call: Call<'_>) -> Piece {
        let Some([delimiter, values]) = self.arguments(call, 2..=2) else { return Piece::mistake() };
        let delimiter = self.text(delimiter, call);
        let Some(items) = self.values(values, call) else { return Piece::mistake() };
        let mut result = Piece { text: String::new(), gap: delimiter.gap.clone() };
        for (index, item) in items.into_iter().enumerate() {
            let Node { value: Value::Text(text), gap, .. } = item else {
                self.malformed_at(&item.span, call);
                return Piece::mistake();
            };
            if !self.afford(delimiter.text.len() + text.len(), &call.node.span) {
                return Piece::mistake();
            }
            if index > 0 {
                result.text.push_str(&delimiter.text);
            }
            result.push(Piece { text, gap });
        }
        result
    }

    pub(super) fn split(&mut self, call: Call<'_>) -> Node {
        let span = call.node.span.clone();
        let Some([delimiter, text]) = self.arguments(call, 2..=2) else { return Piece::mistake().node(span) };
        let delimiter = self.text(delimiter, call);
        let text = self.text(text, call);
        let gap = delimiter.gap.or(text.gap);
        if gap.is_some() {
            // How many parts an unknown text has is not known either.
            return Node::of_text(span, text.text, gap);
        }
        if delimiter.text.is_empty() {
            self.malformed(call);
            return Piece::mistake().node(span);
        }
        let parts = text.text.split(&delimiter.text);
        let size = parts.clone().map(|part| part.len() + size_of::<Node>()).sum();
        if !self.afford(size, &span) {
            return Piece::mistake().node(span);
        }
        let items = parts.map(|part| Node::of_text(span.clone(), part.to_owned(), None)).collect();
        Node { span, tag: None, value: Value::List(items), gap: None }
    }

    pub(super) fn select(&mut self, call: Call<'_>) -> Option<Node> {
        let span = call.node.span.clone();
        let Some([index, values]) = self.arguments(call, 2..=2) else {
            return Some(Piece::mistake().node(span));
        };
        let index = self.text(index, call);
        let values = self.resolve(values);
        let gap = index.gap.clone().or(values.as_ref().and_then(|values| values.gap.clone()));
        if gap.is_some() {
            return Some(Node::of_text(span, format!("{{{}}}", call.function.name()), gap));
        }
        let (Ok(wanted), Some(Value::List(items))) =
            (index.text.parse::<usize>(), values.map(|values| values.value))
        else {
            self.malformed(call);
            return Some(Piece::mistake().node(span));
        };
        let count = items.len();
        if let Some(item) = items.into_iter().nth(wanted) {
            return Some(Node { span, ..item });
        }
        self.findings.add(|| {
            let message = format!("there is no item {wanted}: the list has {count}, counted from 0");
            Diagnostic::error("template::function", message).at(span.clone())
        });
        Some(Piece::mistake().node(span))
    }

    fn values(&mut self, node: &Node, call: Call<'_>) -> Option<Vec<Node>> {
        match self.resolve(node) {
            Some(Node { value: Value::List(items), .. }) => Some(items),
            // A list that is not known yet.
            Some(open @ Node { gap: Some(_), .. }) => Some(vec![open]),
            _ => {
                self.malformed_at(&node.span, call);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::template::resolve::tests::{finding, resolved};

    const TEMPLATE: &str = "
Parameters: {List: {Type: CommaDelimitedList, Default: 'x,y'}, Open: {Type: String}}
Resources: {}
";

    #[test]
    fn lists_are_joined_split_and_chosen_from() {
        assert_eq!(resolved(TEMPLATE, "!Join ['/', [a, !Ref AWS::Region, b]]"), "a/us-east-1/b");
        assert_eq!(resolved(TEMPLATE, "!Join ['-', !Ref List]"), "x-y");
        assert_eq!(resolved(TEMPLATE, "!Join [_, !Split ['-', a-b-c]]"), "a_b_c");
        assert_eq!(resolved(TEMPLATE, "!Join ['', [a, !Ref AWS::NoValue, b]]"), "ab");
        assert_eq!(resolved(TEMPLATE, "{Fn::Select: [1, [a, b]]}"), "b");
        assert_eq!(resolved(TEMPLATE, "!Select ['0', !Ref List]"), "x");
        assert_eq!(resolved(TEMPLATE, "!Split [',', 'a,b']"), "[a, b]");
    }

    #[test]
    fn what_is_unknown_stays_unknown() {
        assert_eq!(resolved(TEMPLATE, "!Join [',', [a, !Ref Open]]"), "a,{Open} (gap: Parameter(\"Open\"))");
        assert_eq!(
            resolved(TEMPLATE, "!Join [',', !GetAZs '']"),
            "{Fn::GetAZs} (gap: Function(\"Fn::GetAZs\"))"
        );
        assert_eq!(
            resolved(TEMPLATE, "!Select [0, !Split [',', !Ref Open]]"),
            "{Fn::Select} (gap: Parameter(\"Open\"))"
        );
    }

    #[test]
    fn other_arguments_are_refused() {
        let wrong = [
            "!Join [a]",
            "!Join [',', a]",
            "!Join [',', [{a: b}]]",
            "!Split ['', a]",
            "!Select [2, [a]]",
            "!Select [x, [a]]",
            "!Split a",
        ];
        for text in wrong {
            assert_eq!(finding(TEMPLATE, text).code, "template::function", "{text}");
        }
    }
}
