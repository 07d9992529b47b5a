//! The values of rule SQL: JSON and Undefined, as the developer guide's "Data types" has them.
//!
//! Values borrow from the payload and share what they don't own, so that passing a payload on copies nothing. Reading,
//! writing, comparing and converting are in the modules below; what operators do with values is in `evaluate`.

mod compare;
mod convert;
mod decimal;
mod number;
mod read;
mod text;
mod write;

use std::sync::Arc;

pub use decimal::Decimal;
pub(crate) use decimal::Rounding;
pub use number::Number;
pub use read::{JsonError, read_json, read_owned_json};
pub use text::Text;

pub(crate) use compare::equal;
pub(crate) use convert::{boolean, decimal, decimal_of_text, int, text};
pub use write::{to_json, write_json};

/// A value.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// No value: a missing attribute, or a function that got arguments it can't work with. Left out of JSON.
    Undefined,
    /// The value `null`.
    Null,
    /// True or false.
    Boolean(bool),
    /// An `Int` or a `Decimal`.
    Number(Number<'a>),
    /// A string.
    String(Text<'a>),
    /// A list.
    Array(Array<'a>),
    /// A map.
    Object(Object<'a>),
    /// A payload that is no JSON.
    Bytes(&'a [u8]),
}

/// A list. Knows about how long its JSON is, so that nobody has to walk through what was shared many times.
#[derive(Clone, Debug)]
pub struct Array<'a> {
    items: Arc<Vec<Value<'a>>>,
    weight: usize,
}

/// A map that keeps the order of its keys. No key occurs twice.
#[derive(Clone, Debug)]
pub struct Object<'a> {
    entries: Arc<Vec<(Text<'a>, Value<'a>)>>,
    weight: usize,
}

// === impl Value ===

impl<'a> Value<'a> {
    /// A string.
    pub(crate) fn string(text: impl Into<Text<'a>>) -> Self {
        Self::String(text.into())
    }

    /// The attribute `key`; Undefined where there is none.
    #[must_use]
    pub fn get(&self, key: &str) -> Self {
        match self {
            Self::Object(object) => object.get(key).cloned().unwrap_or(Self::Undefined),
            _ => Self::Undefined,
        }
    }

    /// Whether this is no value.
    #[must_use]
    pub const fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined)
    }

    /// A copy that borrows nothing. Bytes, which only a payload has, become Undefined.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Undefined | Self::Bytes(_) => Value::Undefined,
            Self::Null => Value::Null,
            Self::Boolean(value) => Value::Boolean(value),
            Self::Number(Number::Small(number)) => Value::Number(Number::Small(number)),
            Self::Number(Number::Spelled(spelling)) => Value::Number(Number::Spelled(spelling.into_owned())),
            Self::Number(Number::Calculated(number)) => Value::Number(Number::Calculated(number)),
            Self::String(text) => Value::String(text.into_owned()),
            Self::Array(array) => {
                array.items().iter().cloned().map(Value::into_owned).collect::<Vec<_>>().into()
            }
            Self::Object(object) => {
                let entries = object.entries().iter().cloned();
                let owned = entries.map(|(key, value)| (key.into_owned(), value.into_owned())).collect();
                Value::Object(Object::distinct(owned))
            }
        }
    }

    /// Bytes of its JSON, roughly.
    pub(crate) fn weight(&self) -> usize {
        match self {
            Self::Undefined => 0,
            Self::Null | Self::Boolean(_) => 4,
            Self::Number(number) => number.weight(),
            Self::String(text) => text.len() + 2,
            Self::Array(array) => array.weight,
            Self::Object(object) => object.weight,
            Self::Bytes(bytes) => bytes.len(),
        }
    }

    /// What kind of value it is, in the developer guide's words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Undefined => "Undefined",
            Self::Null => "Null",
            Self::Boolean(_) => "Boolean",
            Self::Number(number) if number.is_int() => "Int",
            Self::Number(_) => "Decimal",
            Self::String(_) => "String",
            Self::Array(_) => "Array",
            Self::Object(_) => "Object",
            Self::Bytes(_) => "bytes",
        }
    }
}

impl From<bool> for Value<'_> {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl From<i64> for Value<'_> {
    fn from(value: i64) -> Self {
        Self::Number(Number::Small(value))
    }
}

impl From<Decimal> for Value<'_> {
    fn from(value: Decimal) -> Self {
        Self::Number(value.into())
    }
}

/// No value where there is none.
impl<'a, T: Into<Self>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Undefined, Into::into)
    }
}

// === impl Array ===

impl<'a> Array<'a> {
    pub(crate) fn items(&self) -> &[Value<'a>] {
        &self.items
    }

    pub(crate) const fn weight(&self) -> usize {
        self.weight
    }
}

impl<'a> From<Vec<Value<'a>>> for Array<'a> {
    fn from(items: Vec<Value<'a>>) -> Self {
        let weight = items.iter().fold(2, |sum, item| item.weight().saturating_add(1).saturating_add(sum));
        Self { items: Arc::new(items), weight }
    }
}

impl<'a> From<Vec<Self>> for Value<'a> {
    fn from(items: Vec<Self>) -> Self {
        Self::Array(items.into())
    }
}

// === impl Object ===

impl<'a> Object<'a> {
    /// The value of `key`.
    pub(crate) fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.entries.iter().find(|(name, _)| &**name == key).map(|(_, value)| value)
    }

    pub(crate) fn entries(&self) -> &[(Text<'a>, Value<'a>)] {
        &self.entries
    }

    pub(crate) const fn weight(&self) -> usize {
        self.weight
    }

    /// From entries whose keys are known to differ.
    fn distinct(entries: Vec<(Text<'a>, Value<'a>)>) -> Self {
        let weight = entries.iter().fold(2, |sum: usize, (key, value)| {
            sum.saturating_add(key.len() + 4).saturating_add(value.weight())
        });
        Self { entries: Arc::new(entries), weight }
    }
}

/// Of keys that occur more than once, the last value counts, at the place of the first.
impl<'a> From<Vec<(Text<'a>, Value<'a>)>> for Object<'a> {
    fn from(mut entries: Vec<(Text<'a>, Value<'a>)>) -> Self {
        merge_repeated(&mut entries);
        Self::distinct(entries)
    }
}

impl<'a> From<Vec<(Text<'a>, Self)>> for Value<'a> {
    fn from(entries: Vec<(Text<'a>, Self)>) -> Self {
        Self::Object(entries.into())
    }
}

/// Few keys are compared with each other, which is quicker than hashing; many are hashed, as somebody may send thousands.
fn merge_repeated<'a>(entries: &mut Vec<(Text<'a>, Value<'a>)>) {
    const FEW: usize = 24;
    let repeated = if entries.len() <= FEW {
        let mut rest = entries.iter();
        std::iter::from_fn(|| rest.next().map(|entry| (entry, rest.clone())))
            .any(|((key, _), mut later)| later.any(|(other, _)| key == other))
    } else {
        let mut seen = std::collections::HashSet::with_capacity(entries.len());
        entries.iter().any(|(key, _)| !seen.insert(&**key))
    };
    if repeated {
        let mut places: std::collections::HashMap<Text<'a>, usize> = std::collections::HashMap::new();
        let mut merged: Vec<(Text<'a>, Value<'a>)> = Vec::with_capacity(entries.len());
        for (key, value) in entries.drain(..) {
            match places.get(&*key).and_then(|place| merged.get_mut(*place)) {
                Some((_, earlier)) => *earlier = value,
                None => {
                    places.insert(key.clone(), merged.len());
                    merged.push((key, value));
                }
            }
        }
        *entries = merged;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_repeated_keys_the_last_value_counts_at_the_first_place() {
        for more in [0, 40] {
            let mut entries: Vec<(Text<'_>, Value<'_>)> =
                vec![("a".into(), 1.into()), ("b".into(), 2.into()), ("a".into(), 3.into())];
            entries.extend((0..more).map(|n: i64| (Text::from(format!("k{n}")), n.into())));
            let object = Object::from(entries);
            assert_eq!(object.entries().len(), 2 + usize::try_from(more).unwrap());
            assert_eq!(&*object.entries()[0].0, "a");
            assert!(matches!(object.get("a"), Some(Value::Number(Number::Small(3)))));
        }
    }

    #[test]
    fn weight_is_about_the_length_of_the_json() {
        let json = r#"{"a":[1,2,{"b":"text"}],"c":null}"#;
        let value = read_json(json.as_bytes()).unwrap();
        assert!(value.weight().abs_diff(json.len()) < 12, "{} {}", value.weight(), json.len());
    }
}
