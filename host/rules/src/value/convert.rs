//! Conversions of a value to the type that an operator or function wants (developer guide, "Conversions"). None where the
//! guide says Undefined or Null; nothing is converted to Array, Object, Null or Undefined.

use super::decimal::Rounding;
use super::{Decimal, Number, Text, Value, write_json};
use crate::version::Version;

/// To Decimal. Strings must be numbers in the guide's notation, see [`decimal_of_text`].
pub(crate) fn decimal(value: &Value<'_>) -> Option<Decimal> {
    match value {
        Value::Number(number) => number.decimal(),
        Value::String(text) => decimal_of_text(text),
        _ => None,
    }
}

/// The number that a text stands for by the guide's expression `^-?\d+(\.\d+)?((?i)E-?\d+)?$`: no plus sign, no spaces.
pub(crate) fn decimal_of_text(text: &str) -> Option<Decimal> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let exponent = exponent.is_none_or(|exponent| digits(exponent.strip_prefix('-').unwrap_or(exponent)));
    let mantissa = match mantissa.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(mantissa),
    };
    (mantissa && exponent).then(|| Decimal::parse(text)).flatten()
}

/// To Int: Decimals to the nearest one, strings by cutting off what is after the point.
pub(crate) fn int(value: &Value<'_>) -> Option<Decimal> {
    match value {
        Value::Number(Number::Small(number)) => Some((*number).into()),
        Value::Number(number) => Some(number.decimal()?.round(0, Rounding::Nearest)),
        Value::String(text) => Some(decimal_of_text(text)?.round(0, Rounding::TowardsZero)),
        _ => None,
    }
}

/// To Boolean: besides Booleans only the strings "true" and "false", in any case.
pub(crate) fn boolean(value: &Value<'_>) -> Option<bool> {
    match value {
        Value::Boolean(value) => Some(*value),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// To String: arrays and objects as JSON.
pub(crate) fn text<'a>(value: &Value<'a>, version: Version) -> Option<Text<'a>> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Undefined | Value::Null | Value::Bytes(_) => None,
        Value::Boolean(true) => Some("true".into()),
        Value::Boolean(false) => Some("false".into()),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            let mut json = Vec::new();
            write_json(value, version, &mut json);
            String::from_utf8(json).ok().map(Into::into)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_strings_of_the_documented_form_are_numbers() {
        for number in ["0", "-1.2", "5E-12", "5e12", "007", "0.10"] {
            assert!(decimal_of_text(number).is_some(), "{number}");
        }
        for not in ["", "+2", " 2", "2 ", "1.", ".5", "1E+5", "1E", "E5", "--1", "1.2.3", "0x10", "NaN", "١"]
        {
            assert!(decimal_of_text(not).is_none(), "{not}");
        }
    }

    #[test]
    fn ints_of_decimals_are_nearest_and_of_strings_truncated() {
        let int = |value: Value<'_>| int(&value).and_then(|int| int.to_i64());
        assert_eq!(int(Value::Number(Number::spelled("2.745"))), Some(3));
        assert_eq!(int(Value::Number(Number::spelled("-2.5"))), Some(-3));
        assert_eq!(int(Value::string("2.745")), Some(2));
        assert_eq!(int(Value::Boolean(true)), None);
        assert_eq!(int(Value::Null), None);
    }
}
