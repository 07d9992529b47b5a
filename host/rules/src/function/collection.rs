//! Arrays and objects.

use super::{Function, Invocation};
use crate::limits::TRANSFORM_BYTES;
use crate::value::{self, Object, Text, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("concat", (0, usize::MAX), concat),
    Function::new("get", (2, 2), get),
    Function::new("get_or_default", (1, 2), get_or_default).since_2016(),
    Function::new("transform", (3, 3), transform).since_2016(),
];

/// One argument is returned as it is: the guide's table says so, its example `concat(1) = "1"` does not.
fn concat<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    let is_array = |value: &Value<'_>| matches!(value, Value::Array(_));
    let is_string = |value: &Value<'_>| matches!(value, Value::String(_));
    match call.values {
        [] => Value::Undefined,
        [only] => only.clone(),
        values if values.iter().any(is_array) => {
            let spread = values.iter().flat_map(|value| match value {
                Value::Array(array) => array.items(),
                other => std::slice::from_ref(other),
            });
            spread.cloned().collect::<Vec<_>>().into()
        }
        values if values.iter().any(is_string) => {
            let texts: Option<Vec<Text<'a>>> = (0..values.len()).map(|index| call.text(index)).collect();
            texts.map_or(Value::Undefined, |texts| {
                Value::string(texts.iter().map(|text| &**text).collect::<String>())
            })
        }
        _ => Value::Undefined,
    }
}

/// Places count from 0, in strings too: so the guide's table, against its example `get("abc", 1) = "a"`.
fn get<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    let place = || usize::try_from(value::int(call.values.get(1)?)?.to_i64()?).ok();
    match (call.value(0), call.value(1)) {
        (Value::Array(array), _) => {
            place().and_then(|place| array.items().get(place).cloned()).unwrap_or(Value::Undefined)
        }
        (Value::String(text), _) => {
            let character = place().and_then(|place| text.chars().nth(place));
            character.map_or(Value::Undefined, |character| Value::string(character.to_string()))
        }
        (object @ Value::Object(_), Value::String(key)) => object.get(&key),
        _ => Value::Undefined,
    }
}

/// The default stands in for Null and Undefined.
fn get_or_default<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    match call.value(0) {
        Value::Undefined | Value::Null => call.value(1),
        value => value,
    }
}

/// Adds the attributes of an object to every object of an array.
fn transform<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    let (Value::String(mode), Value::Object(attributes), Value::Array(array)) =
        (call.value(0), call.value(1), call.value(2))
    else {
        return Value::Undefined;
    };
    // Checked before anything is copied: a small object in a long array makes a lot.
    let grown = attributes.weight().saturating_mul(array.items().len()).saturating_add(array.weight());
    if &*mode != "enrichArray" || grown > TRANSFORM_BYTES {
        return Value::Undefined;
    }
    let enriched = array.items().iter().map(|item| match item {
        Value::Object(item) => Some(Value::Object(enrich(item, &attributes))),
        _ => None,
    });
    enriched.collect::<Option<Vec<_>>>().map_or(Value::Undefined, Value::from)
}

fn enrich<'a>(item: &Object<'a>, attributes: &Object<'a>) -> Object<'a> {
    item.entries().iter().chain(attributes.entries()).cloned().collect::<Vec<_>>().into()
}
