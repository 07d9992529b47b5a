//! When two values are equal (developer guide, "= operator").

use std::cmp::Ordering;

use super::{Array, Number, Object, Value};

/// `a = b`: none if one of them is Undefined, or a number that does not fit. Values of different types differ; there is no
/// conversion. `null = null` is missing from the guide's table and taken for true, as `null <> null` is false there.
pub(crate) fn equal(a: &Value<'_>, b: &Value<'_>) -> Option<bool> {
    match (a, b) {
        (Value::Undefined, _) | (_, Value::Undefined) => None,
        (Value::Number(a), Value::Number(b)) => a.compare(b).map(|order| order == Ordering::Equal),
        _ => Some(equals(a, b)),
    }
}

/// The same inside arrays and objects, where a missing part is a difference.
pub(crate) fn equals(a: &Value<'_>, b: &Value<'_>) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Boolean(a), Value::Boolean(b)) => a == b,
        (Value::Number(a), Value::Number(b)) => numbers(a, b),
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Array(a), Value::Array(b)) => arrays(a, b),
        (Value::Object(a), Value::Object(b)) => objects(a, b),
        (Value::Bytes(a), Value::Bytes(b)) => a == b,
        _ => false,
    }
}

/// Numbers that don't fit are equal if they are spelled alike.
fn numbers(a: &Number<'_>, b: &Number<'_>) -> bool {
    match (a, b) {
        (Number::Spelled(a), Number::Spelled(b)) if a == b => true,
        _ => a.compare(b) == Some(Ordering::Equal),
    }
}

fn arrays(a: &Array<'_>, b: &Array<'_>) -> bool {
    a.items().len() == b.items().len() && a.items().iter().zip(b.items()).all(|(a, b)| equals(a, b))
}

/// The order of keys does not matter. It mostly is the same, so that is tried first.
fn objects(a: &Object<'_>, b: &Object<'_>) -> bool {
    if a.entries().len() != b.entries().len() {
        return false;
    }
    let same_order = a.entries().iter().zip(b.entries()).all(|((a, _), (b, _))| a == b);
    if same_order {
        return a.entries().iter().zip(b.entries()).all(|((_, a), (_, b))| equals(a, b));
    }
    let mut sorted = [a, b].map(|object| {
        let mut entries: Vec<_> = object.entries().iter().collect();
        entries.sort_by(|(a, _), (b, _)| str::cmp(a, b));
        entries
    });
    let [a, b] = &mut sorted;
    a.iter().zip(b).all(|((a_key, a), (b_key, b))| a_key == b_key && equals(a, b))
}

#[cfg(test)]
mod tests {
    use super::super::read_json;
    use super::*;

    #[test]
    fn equality_is_by_type_and_value() {
        for (a, b, expected) in [
            ("3", "3.0", true),
            ("3", "\"3\"", false),
            ("null", "null", true),
            ("null", "false", false),
            ("[1,2]", "[1.0,2]", true),
            ("[1,2]", "[2,1]", false),
            (r#"{"a":1,"b":[2]}"#, r#"{"b":[2],"a":1}"#, true),
            (r#"{"a":1}"#, r#"{"a":2}"#, false),
            (r#"{"a":1}"#, r#"{"b":1}"#, false),
            ("0.1", "0.10", true),
            ("9007199254740993", "9007199254740993.0", true),
            ("9007199254740993", "9007199254740992", false),
        ] {
            let (a, b) = (read_json(a.as_bytes()).unwrap(), read_json(b.as_bytes()).unwrap());
            assert_eq!(equal(&a, &b), Some(expected), "{a:?} {b:?}");
        }
        assert_eq!(equal(&Value::Undefined, &Value::Null), None);
        let huge = read_json(b"1E5000").unwrap();
        assert_eq!(equal(&huge, &1.into()), None);
    }
}
