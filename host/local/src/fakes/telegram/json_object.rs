//! Fields of JSON objects, with the errors of TDLib (`tdutils/td/utils/JsonBuilder.cpp`).

use std::fmt::Display;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::entities::strict;

/// A JSON object that came in a parameter.
#[derive(Clone, Copy, Debug)]
pub(super) struct JsonObject<'a>(pub(super) &'a Map<String, Value>);

impl<'a> JsonObject<'a> {
    /// A number, or a text that is one.
    pub(super) fn number<T: FromStr + Display>(self, name: &str) -> Result<T, String> {
        let text = match self.required(name)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return Err(format!("Field \"{name}\" must be of type Number")),
        };
        strict(&text).ok_or_else(|| format!("Can't parse as an integer string \"{text}\""))
    }

    /// A text, or a number as text.
    pub(super) fn text(self, name: &str) -> Result<String, String> {
        match self.required(name)? {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            _ => Err(format!("Field \"{name}\" must be of type String")),
        }
    }

    /// A text that may be left out.
    pub(super) fn optional_text(self, name: &str) -> Result<String, String> {
        if self.0.contains_key(name) { self.text(name) } else { Ok(String::new()) }
    }

    /// A truth value that may be left out.
    pub(super) fn optional_flag(self, name: &str) -> Result<bool, String> {
        match self.0.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(format!("Field \"{name}\" must be of type Boolean")),
        }
    }

    /// An object.
    pub(super) fn object(self, name: &str) -> Result<Self, String> {
        let object = self.required(name)?.as_object();
        object.map(Self).ok_or_else(|| format!("Field \"{name}\" must be of type Object"))
    }

    fn required(self, name: &str) -> Result<&'a Value, String> {
        self.0.get(name).ok_or_else(|| format!("Can't find field \"{name}\""))
    }
}
