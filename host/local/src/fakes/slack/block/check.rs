//! What is wrong with blocks, each with the place where it is: words and pointers as the API has been seen to answer them.

use serde_json::{Map, Value};

use crate::fakes::slack::refusal::Refusal;

/// Collects what is wrong.
#[derive(Debug, Default)]
pub(in crate::fakes::slack) struct Checker {
    problems: Vec<String>,
}

impl Checker {
    /// Adds a problem.
    pub(super) fn add(&mut self, pointer: &str, problem: &str) {
        self.problems.push(format!("{problem} [json-pointer:{pointer}]"));
    }

    /// Adds a problem if there are too few items, or too many.
    pub(super) fn count(&mut self, pointer: &str, count: usize, min: usize, max: usize) {
        if count > max {
            self.add(pointer, &format!("no more than {max} items allowed"));
        } else if count < min {
            self.add(pointer, &format!("no less than {min} items allowed"));
        }
    }

    /// Adds a problem if text is too short or too long.
    pub(super) fn length(&mut self, pointer: &str, text: &str, min: usize, max: usize) {
        let length = text.chars().count();
        if length > max {
            self.add(pointer, &format!("must be less than {} characters", max + 1));
        } else if length < min {
            self.add(pointer, &format!("must be more than {} characters", min - 1));
        }
    }

    /// The object at `pointer`.
    pub(super) fn object<'v>(&mut self, pointer: &str, value: &'v Value) -> Option<Object<'v>> {
        let fields = value.as_object();
        if fields.is_none() {
            self.add(pointer, "must provide an object");
        }
        Some(Object { pointer: pointer.to_owned(), json: value, fields: fields? })
    }

    /// Whether nothing was wrong since there were `before` problems.
    pub(super) fn problems(&self) -> usize {
        self.problems.len()
    }

    /// Puts a problem before those that were found since there were `before`.
    pub(super) fn insert(&mut self, before: usize, pointer: &str, problem: &str) {
        self.problems.insert(before, format!("{problem} [json-pointer:{pointer}]"));
    }

    /// A refusal, unless nothing is wrong.
    pub(in crate::fakes::slack) fn into_result(self) -> Result<(), Refusal> {
        if self.problems.is_empty() { Ok(()) } else { Err(Refusal::blocks(self.problems)) }
    }
}

/// An object and where it is.
#[derive(Debug)]
pub(super) struct Object<'v> {
    pointer: String,
    json: &'v Value,
    fields: &'v Map<String, Value>,
}

impl<'v> Object<'v> {
    pub(super) fn pointer(&self) -> &str {
        &self.pointer
    }

    pub(super) fn json(&self) -> &'v Value {
        self.json
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// A field and its place.
    pub(super) fn child(&self, name: &str) -> Option<(String, &'v Value)> {
        Some((format!("{}/{name}", self.pointer), self.fields.get(name)?))
    }

    /// The field `type`.
    pub(super) fn kind(&self, checker: &mut Checker) -> Option<&'v str> {
        self.required("type", 1, 100, checker)
    }

    /// Refuses fields other than these, `type` and `block_id`.
    pub(super) fn only(&self, names: &[&str], checker: &mut Checker) {
        for name in self.fields.keys() {
            if !names.contains(&name.as_str()) && name != "type" && name != "block_id" {
                checker.add(&self.pointer, &format!("invalid additional property: {name}"));
            }
        }
    }

    /// Text that may be there.
    pub(super) fn string(
        &self,
        name: &str,
        min: usize,
        max: usize,
        checker: &mut Checker,
    ) -> Option<&'v str> {
        let (pointer, value) = self.child(name)?;
        let Some(text) = value.as_str() else {
            checker.add(&pointer, "must provide a string");
            return None;
        };
        checker.length(&pointer, text, min, max);
        Some(text)
    }

    /// Text that must be there.
    pub(super) fn required(
        &self,
        name: &str,
        min: usize,
        max: usize,
        checker: &mut Checker,
    ) -> Option<&'v str> {
        if !self.has(name) {
            checker.add(&self.pointer, &format!("missing required field: {name}"));
        }
        self.string(name, min, max, checker)
    }

    /// A list of 1 to `max` items, each read by `read`.
    pub(super) fn list<T>(
        &self,
        name: &str,
        max: usize,
        checker: &mut Checker,
        read: impl Fn(&str, &Value, &mut Checker) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Some((pointer, value)) = self.child(name) else {
            checker.add(&self.pointer, &format!("missing required field: {name}"));
            return None;
        };
        let Some(items) = value.as_array() else {
            checker.add(&pointer, "must provide an array");
            return None;
        };
        checker.count(&pointer, items.len(), 1, max);
        let items = items.iter().enumerate();
        Some(items.filter_map(|(index, item)| read(&format!("{pointer}/{index}"), item, checker)).collect())
    }
}
