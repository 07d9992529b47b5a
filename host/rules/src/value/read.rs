//! Reads JSON without losing a digit and without copying text. `serde_json` can keep digits only by a feature that changes its
//! numbers for every crate of the workspace, see decision 0005.

use std::fmt;

use hifijson::num::LexWrite as _;
use hifijson::str::LexAlloc as _;
use hifijson::token::{Expect, Lex as _};
use hifijson::{Error, SliceLexer};

use super::{Number, Object, Text, Value};
use crate::limits::JSON_NESTING;

/// Why bytes are no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// Where, in bytes from the start.
    pub at: usize,
    reason: String,
}

impl fmt::Display for JsonError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at byte {}", self.reason, self.at)
    }
}

impl std::error::Error for JsonError {}

/// Reads one JSON value.
///
/// # Errors
///
/// What is wrong and where, also if the value is nested deeper than [`JSON_NESTING`].
pub fn read_json(bytes: &[u8]) -> Result<Value<'_>, JsonError> {
    let mut lexer = SliceLexer::new(bytes);
    let read = lexer.exactly_one(SliceLexer::ws_peek, |next, lexer| value(next, lexer, JSON_NESTING));
    read.map_err(|error| JsonError { at: bytes.len() - lexer.as_slice().len(), reason: error.to_string() })
}

/// Reads one JSON value out of a text that does not live as long as the value.
///
/// # Errors
///
/// As [`read_json`].
pub fn read_owned_json(text: &str) -> Result<Value<'static>, JsonError> {
    read_json(text.as_bytes()).map(Value::into_owned)
}

fn value<'a>(next: u8, lexer: &mut SliceLexer<'a>, depth: usize) -> Result<Value<'a>, Error> {
    match next {
        b'"' => Ok(Value::String(lexer.discarded().str_string()?.into())),
        b'0'..=b'9' | b'-' => number(lexer),
        b'{' => object(lexer, depth.checked_sub(1).ok_or(Error::Depth)?),
        b'[' => array(lexer, depth.checked_sub(1).ok_or(Error::Depth)?),
        b'a'..=b'z' => Ok(lexer.null_or_bool().ok_or(Expect::Value)?.map_or(Value::Null, Value::Boolean)),
        _ => Err(Expect::Value)?,
    }
}

fn number<'a>(lexer: &mut SliceLexer<'a>) -> Result<Value<'a>, Error> {
    let (spelled, _) = lexer.num_string().validated()?;
    Ok(Value::Number(Number::spelled(spelled)))
}

fn array<'a>(lexer: &mut SliceLexer<'a>, depth: usize) -> Result<Value<'a>, Error> {
    let mut items = Vec::new();
    lexer.discarded().seq(b']', SliceLexer::ws_peek, |next, lexer| {
        items.push(value(next, lexer, depth)?);
        Ok::<_, Error>(())
    })?;
    Ok(items.into())
}

fn object<'a>(lexer: &mut SliceLexer<'a>, depth: usize) -> Result<Value<'a>, Error> {
    let mut entries: Vec<(Text<'a>, Value<'a>)> = Vec::with_capacity(16);
    lexer.discarded().seq(b'}', SliceLexer::ws_peek, |next, lexer| {
        lexer.expect(|_| Some(next), b'"').ok_or(Expect::String)?;
        let key = lexer.str_string().map_err(Error::Str)?;
        lexer.expect(SliceLexer::ws_peek, b':').ok_or(Expect::Colon)?;
        let next = lexer.ws_peek().ok_or(Expect::Value)?;
        entries.push((key.into(), value(next, lexer, depth)?));
        Ok::<_, Error>(())
    })?;
    Ok(Value::Object(Object::from(entries)))
}
