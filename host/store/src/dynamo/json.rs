//! Attributes as JSON. A rule's action makes them of what its statement selects, so this gives back what was selected.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;

/// The JSON value; none of what no JSON value becomes: sets and binary.
pub(super) fn value(attribute: AttributeValue) -> Option<Value> {
    Some(match attribute {
        AttributeValue::S(text) => text.into(),
        AttributeValue::N(digits) => number(digits),
        AttributeValue::Bool(holds) => holds.into(),
        AttributeValue::Null(_) => Value::Null,
        AttributeValue::L(list) => list.into_iter().map(value).collect::<Option<_>>()?,
        AttributeValue::M(map) => {
            let entries = map.into_iter().map(|(name, attribute)| Some((name, value(attribute)?)));
            Value::Object(entries.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// The digits are a JSON number; one that is beyond a double's range stays text.
fn number(digits: String) -> Value {
    match serde_json::from_str(&digits) {
        Ok(number @ Value::Number(_)) => number,
        _ => Value::String(digits),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::json;

    use super::*;

    #[test]
    fn attributes_become_what_they_were_made_of() {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let number = |digits: &str| AttributeValue::N(digits.to_owned());
        let map = HashMap::from([("a".to_owned(), AttributeValue::Null(true))]);
        let list = vec![
            text("1"),
            number("1795406708000"),
            number("-21.5"),
            number("1E+30"),
            AttributeValue::Bool(false),
            AttributeValue::M(map),
            AttributeValue::L(Vec::new()),
        ];
        let expected = json!(["1", 1_795_406_708_000_i64, -21.5, 1e30, false, { "a": null }, []]);
        assert_eq!(value(AttributeValue::L(list)), Some(expected));
        let set = AttributeValue::Ss(vec!["a".to_owned()]);
        assert_eq!(value(AttributeValue::L(vec![set])), None);
    }
}
