//! `[channels.NAME.settings]`: what a plugin is told. Only the plugin's description says what may be in it.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Map, Number, Value};
use toml::de::DeValue;

use super::table::{self, Entry, Findings, Table};
use crate::diagnostic::Diagnostic;

/// Settings as JSON, with their places in the file.
#[derive(Clone, Debug)]
pub struct Settings {
    /// A JSON object.
    pub json: Map<String, Value>,
    /// Where each value is, by JSON pointer; the empty pointer is the whole.
    places: BTreeMap<String, Range<usize>>,
    /// Where each key is, by JSON pointer.
    keys: BTreeMap<String, Range<usize>>,
}

impl Settings {
    /// Where the last key of the JSON `pointer` is, or the value it is in.
    #[must_use]
    pub fn key_place(&self, pointer: &str) -> Range<usize> {
        self.keys.get(pointer).cloned().unwrap_or_else(|| self.place(pointer))
    }

    /// Where the value at the JSON `pointer` is, or the value it is in.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Range<usize> {
        let mut pointer = pointer;
        loop {
            if let Some(place) = self.places.get(pointer) {
                return place.clone();
            }
            pointer = pointer.rsplit_once('/').map_or("", |(outer, _)| outer);
            if pointer.is_empty() {
                return self.places.get("").cloned().unwrap_or_default();
            }
        }
    }
}

/// Reads the settings; `channel` is the place of all of them if there are none.
pub(super) fn read(table: Option<Table<'_>>, channel: Range<usize>, found: &mut Findings) -> Settings {
    let span = table.as_ref().map_or(channel, |table| table.span.clone());
    let places = BTreeMap::from([(String::new(), span)]);
    let mut settings = Settings { json: Map::new(), places, keys: BTreeMap::new() };
    if let Some(table) = table {
        settings.json = settings.object("", table.entries(), found);
    }
    settings
}

impl Settings {
    fn object<'t>(
        &mut self,
        outer: &str,
        entries: impl Iterator<Item = (&'t str, Range<usize>, Entry<'t>)>,
        found: &mut Findings,
    ) -> Map<String, Value> {
        let mut read = |(key, span, value): (&str, _, _)| {
            // A JSON pointer, RFC 6901.
            let pointer = format!("{outer}/{}", key.replace('~', "~0").replace('/', "~1"));
            self.keys.insert(pointer.clone(), span);
            (key.to_owned(), self.value(&pointer, value, found))
        };
        entries.map(&mut read).collect()
    }

    fn value(&mut self, pointer: &str, value: Entry<'_>, found: &mut Findings) -> Value {
        self.places.insert(pointer.to_owned(), value.span());
        match value.get_ref() {
            DeValue::String(text) => Value::from(text.as_ref()),
            DeValue::Boolean(truth) => Value::from(*truth),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) => number(pointer, value, found),
            DeValue::Array(items) => {
                let items = items.iter().enumerate();
                items.map(|(index, item)| self.value(&format!("{pointer}/{index}"), item, found)).collect()
            }
            DeValue::Table(table) => Value::Object(self.object(pointer, table::entries(table), found)),
        }
    }
}

/// A number as JSON has it. TOML has more: dates, infinities.
fn number(pointer: &str, value: Entry<'_>, found: &mut Findings) -> Value {
    let (number, problem) = match value.get_ref() {
        DeValue::Integer(number) => {
            (i64::from_str_radix(number.as_str(), number.radix()).ok().map(Number::from), "too large")
        }
        DeValue::Float(number) => {
            (number.as_str().parse().ok().and_then(Number::from_f64), "not a finite number")
        }
        _ => (None, "a date or time, which JSON does not have; write it as text"),
    };
    if number.is_none() {
        let message = format!("the setting `{}` is {problem}", pointer.trim_start_matches('/'));
        found.push(Diagnostic::error("config::invalid-value", message).at(value.span()));
    }
    number.map_or(Value::Null, Value::Number)
}
