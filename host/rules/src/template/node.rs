//! What a template says, as a tree: texts, lists and mappings, each with its place.
//!
//! CloudFormation turns every scalar into text before it uses it, so numbers and booleans are texts here too. The tree
//! knows nothing of functions: a short one such as `!Sub` is a tag, a long one a mapping.

use std::ops::Range;

/// A value and its place: bytes of the template's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub span: Range<usize>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it is written, its tag included.
    pub span: Range<usize>,
    /// The tag without its `!`, for example `Sub`; none after resolving.
    pub tag: Option<String>,
    /// What it is.
    pub value: Value,
    /// After resolving: why a text is not what will be deployed.
    pub gap: Option<Gap>,
}

/// What a [`Node`] is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing: `null`, `~` or empty.
    Null,
    /// A scalar.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A mapping in the order of the text; of equal keys only the last is here.
    Map(Vec<Entry>),
}

/// One key of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The key.
    pub key: Located<String>,
    /// Its value.
    pub value: Node,
}

/// Why a resolved text holds a placeholder such as `{CodeBucket}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A parameter that has no value yet.
    Parameter(String),
    /// A function whose value is known only when the template is deployed.
    Function(String),
    /// A mistake, which has its own finding.
    Mistake,
}

impl Node {
    /// A resolved text.
    pub(super) fn of_text(span: Range<usize>, text: String, gap: Option<Gap>) -> Self {
        Self { span, tag: None, value: Value::Text(text), gap }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if it is a list.
    #[must_use]
    pub fn list(&self) -> Option<&[Self]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// The keys and values, if it is a mapping.
    #[must_use]
    pub fn map(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The key `key` with its value.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.map()?.iter().find(|entry| entry.key.value == key)
    }

    /// The value of the key `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The text with its place, if it is one.
    pub(super) fn located(&self) -> Option<Located<String>> {
        self.text().map(|text| Located { value: text.to_owned(), span: self.span.clone() })
    }

    /// The items of a list, or the one thing that stands for a list of one.
    pub(super) fn one_or_more(&self) -> &[Self] {
        self.list().unwrap_or(std::slice::from_ref(self))
    }

    /// What it is, in words.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "empty",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// Whether both say the same, wherever they are written.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Text(left), Value::Text(right)) => left == right,
            (Value::List(left), Value::List(right)) => {
                left.len() == right.len() && left.iter().zip(right).all(|(a, b)| a.says_the_same(b))
            }
            (Value::Map(left), Value::Map(right)) => {
                let same =
                    |(a, b): (&Entry, &Entry)| a.key.value == b.key.value && a.value.says_the_same(&b.value);
                left.len() == right.len() && left.iter().zip(right).all(same)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::yaml;

    fn node(text: &str) -> Node {
        yaml::parse(text).unwrap().root
    }

    #[test]
    fn keys_lead_to_values() {
        let tree = node("a: {b: [c]}");
        assert_eq!(tree.get("a").unwrap().get("b").unwrap().list().unwrap()[0].text(), Some("c"));
        assert_eq!(tree.get("c"), None);
        assert_eq!(tree.get("a").unwrap().list(), None);
    }

    #[test]
    fn places_make_no_difference() {
        assert!(node("{a: 1, b: [x, {c: null}]}").says_the_same(&node("a: '1'\nb:\n- x\n- c:\n")));
        assert!(!node("{a: 1}").says_the_same(&node("{a: 2}")));
        assert!(!node("{a: 1}").says_the_same(&node("{b: 1}")));
        assert!(!node("[1]").says_the_same(&node("[1, 1]")));
    }

    #[test]
    fn one_thing_stands_for_a_list_of_one() {
        assert_eq!(node("[a, b]").one_or_more().len(), 2);
        assert_eq!(node("a").one_or_more()[0].text(), Some("a"));
    }
}
