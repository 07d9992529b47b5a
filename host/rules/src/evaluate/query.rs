//! Queries inside a statement (developer guide, "Nested object queries").

use super::{Evaluation, Row};
use crate::sql::tree::{Kind, Query};
use crate::value::Value;

/// What a query goes through.
enum Rows<'a> {
    /// The elements of an array: the result is an array.
    Many(Value<'a>),
    /// An object: the result is what is selected from it.
    One(Value<'a>),
    /// Nothing.
    None,
}

impl<'a> Evaluation<'a> {
    /// Of an array, the array of what is selected from each element. Of an object, what is selected from it: the guide's third
    /// example of `transform` needs an object there. Of `*`, an array of one, as the AWS validation tool saw it.
    pub(super) fn query(&self, query: &'a Query, row: Row<'_, 'a>) -> Value<'a> {
        match self.rows(query, row) {
            Rows::Many(Value::Array(array)) => {
                let mut selected = Vec::new();
                for item in array.items() {
                    selected.extend(self.select_from(query, item).filter(|value| !value.is_undefined()));
                    if self.exceeded() {
                        return Value::Undefined;
                    }
                }
                selected.into()
            }
            Rows::One(object) => self.select_from(query, &object).unwrap_or(Value::Undefined),
            Rows::Many(_) | Rows::None => Value::Undefined,
        }
    }

    /// Whether at least one row is selected.
    pub(super) fn exists(&self, query: &'a Query, row: Row<'_, 'a>) -> Value<'a> {
        let found = match self.rows(query, row) {
            Rows::Many(Value::Array(array)) => array.items().iter().any(|item| self.is_selected(query, item)),
            Rows::One(object) => self.is_selected(query, &object),
            Rows::Many(_) | Rows::None => false,
        };
        found.into()
    }

    fn rows(&self, query: &'a Query, row: Row<'_, 'a>) -> Rows<'a> {
        let source = self.value(&query.source, row);
        match (source, &query.source.kind) {
            (array @ Value::Array(_), _) => Rows::Many(array),
            (Value::Undefined | Value::Bytes(_), _) => Rows::None,
            (everything, Kind::Everything) => Rows::Many(vec![everything].into()),
            (object @ Value::Object(_), _) => Rows::One(object),
            _ => Rows::None,
        }
    }

    fn select_from(&self, query: &'a Query, item: &Value<'a>) -> Option<Value<'a>> {
        self.is_selected(query, item)
            .then(|| self.select(&query.select, Row { value: item, of_message: false }))
    }

    fn is_selected(&self, query: &'a Query, item: &Value<'a>) -> bool {
        let row = Row { value: item, of_message: false };
        self.affordable(0) && query.filter.as_ref().is_none_or(|filter| self.holds(&self.value(filter, row)))
    }

    /// Whether a condition counts as met: only `true` itself, and "true" as a string.
    pub(crate) fn holds(&self, value: &Value<'a>) -> bool {
        crate::value::boolean(value) == Some(true)
    }
}
