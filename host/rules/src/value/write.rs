//! Writes values as JSON: compact, keys in their order, numbers exact.

use super::Value;
use crate::version::Version;

/// The JSON of `value`, as an action gets it. A value alone that JSON can't say is an empty text.
#[must_use]
pub fn to_json(value: &Value<'_>, version: Version) -> Vec<u8> {
    let mut json = Vec::with_capacity(value.weight() + 16);
    write_json(value, version, &mut json);
    json
}

/// Appends the JSON of `value`. Inside arrays and objects, what JSON can't say is left out.
pub fn write_json(value: &Value<'_>, version: Version, json: &mut Vec<u8>) {
    match value {
        Value::Undefined | Value::Bytes(_) => {}
        Value::Null => json.extend_from_slice(b"null"),
        Value::Boolean(true) => json.extend_from_slice(b"true"),
        Value::Boolean(false) => json.extend_from_slice(b"false"),
        Value::Number(number) => number.write(version, json),
        Value::String(text) => write_text(text, json),
        Value::Array(array) => {
            let items = array.items().iter().filter(|item| is_json(item));
            separated(b'[', items, b']', json, |item, json| write_json(item, version, json));
        }
        Value::Object(object) => {
            let entries = object.entries().iter().filter(|(_, value)| is_json(value));
            separated(b'{', entries, b'}', json, |(key, value), json| {
                write_text(key, json);
                json.push(b':');
                write_json(value, version, json);
            });
        }
    }
}

fn is_json(value: &Value<'_>) -> bool {
    !matches!(value, Value::Undefined | Value::Bytes(_))
}

fn separated<T>(
    open: u8,
    items: impl Iterator<Item = T>,
    close: u8,
    json: &mut Vec<u8>,
    mut write: impl FnMut(T, &mut Vec<u8>),
) {
    json.push(open);
    for (index, item) in items.enumerate() {
        if index > 0 {
            json.push(b',');
        }
        write(item, json);
    }
    json.push(close);
}

fn write_text(text: &str, json: &mut Vec<u8>) {
    let written = serde_json::to_writer(json, text);
    debug_assert!(written.is_ok(), "a vector takes everything");
}

#[cfg(test)]
mod tests {
    use super::super::read_json;
    use super::*;

    fn rewritten(json: &str) -> String {
        let value = read_json(json.as_bytes()).unwrap();
        String::from_utf8(to_json(&value, Version::V2016)).unwrap()
    }

    #[test]
    fn what_was_read_is_written_without_loss() {
        for json in [
            r#"{"b":[1,-2,{"c":"\"\\\n\u0001é😀"}],"a":null,"t":true,"f":false,"e":{},"n":[]}"#,
            "9007199254740993",
            "1234567890123456789012345678901234567890.5",
            "0.1000",
            r#""text""#,
        ] {
            assert_eq!(rewritten(json), json);
        }
    }

    #[test]
    fn whole_decimals_become_ints_unless_the_old_version_asks() {
        assert_eq!(rewritten("[5.0, 1e3, 10.00, -0.0, 1.5E-7]"), "[5,1000,10,0,1.5E-7]");
        let value = read_json(b"[5.0,1e3]").unwrap();
        assert_eq!(to_json(&value, Version::V2015), b"[5.0,1e3]");
    }

    #[test]
    fn what_is_no_json_is_named_with_its_place() {
        for (json, at) in [("", 0), ("{", 1), ("{\"a\" 1}", 5), ("[1,]", 3), ("1 2", 2), ("nul", 1)] {
            assert_eq!(read_json(json.as_bytes()).unwrap_err().at, at, "{json}");
        }
        assert!(read_json(&b"[".repeat(100_000)).is_err());
        assert!(read_json(b"\"\xff\"").is_err());
    }

    #[test]
    fn undefined_and_bytes_are_left_out() {
        let value = Value::from(vec![1.into(), Value::Undefined, Value::Bytes(b"x"), Value::Null]);
        assert_eq!(to_json(&value, Version::V2016), b"[1,null]");
        assert_eq!(to_json(&Value::Undefined, Version::V2016), b"");
    }
}
