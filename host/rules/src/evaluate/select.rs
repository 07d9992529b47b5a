//! What SELECT makes of a row.

use super::{Evaluation, Row};
use crate::sql::tree::{Item, Kind, Select};
use crate::value::{Text, Value};

type Entries<'a> = Vec<(Text<'a>, Value<'a>)>;

impl<'a> Evaluation<'a> {
    pub(crate) fn select(&self, select: &'a Select, row: Row<'_, 'a>) -> Value<'a> {
        let items = match select {
            Select::Value(value) => return self.value(value, row),
            Select::Items(items) => items,
        };
        // `SELECT *` alone passes on what is there, be it an object, an array, or bytes.
        if let [Item { expression, path, .. }] = items.as_slice()
            && path.is_empty()
            && matches!(expression.kind, Kind::Everything)
        {
            return row.value.clone();
        }
        let mut entries = Vec::with_capacity(items.len());
        for item in items {
            match (self.value(&item.expression, row), item.path.as_slice()) {
                (Value::Object(object), []) => entries.extend_from_slice(object.entries()),
                (Value::Undefined, _) | (_, []) => {}
                (value, path) => insert(&mut entries, path, value),
            }
        }
        self.bounded(entries.into())
    }
}

/// Puts a value where a path of names leads; `a.b` makes an object `a` or adds to the one that is there.
fn insert<'a>(entries: &mut Entries<'a>, path: &'a [String], value: Value<'a>) {
    match path {
        [] => {}
        [name] => entries.push((name.as_str().into(), value)),
        [name, rest @ ..] => {
            let there = entries.iter().rposition(|(key, _)| **key == **name);
            let mut inner = match there.and_then(|place| entries.get(place)) {
                Some((_, Value::Object(object))) => object.entries().to_vec(),
                _ => Vec::new(),
            };
            insert(&mut inner, rest, value);
            match there.and_then(|place| entries.get_mut(place)) {
                Some((_, slot)) => *slot = inner.into(),
                None => entries.push((name.as_str().into(), inner.into())),
            }
        }
    }
}
