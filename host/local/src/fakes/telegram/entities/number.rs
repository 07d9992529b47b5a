//! Numbers as TDLib reads them (`tdutils/td/utils/misc.h`).

use std::fmt::Display;
use std::str::FromStr;

/// The number that is written exactly so (`to_integer_safe`): no sign `+`, no leading zero, no white space.
pub(in super::super) fn strict<T: FromStr + Display>(text: &str) -> Option<T> {
    text.parse().ok().filter(|number: &T| number.to_string() == text)
}

/// The digits at the beginning, wrapping around (`to_integer<int64>`): 0 if there is none.
pub(in super::super) fn lenient_i64(text: &str) -> i64 {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
    let value = digits
        .chars()
        .map_while(|digit| digit.to_digit(10))
        .fold(0_i64, |value, digit| value.wrapping_mul(10).wrapping_add(i64::from(digit)));
    if negative { value.wrapping_neg() } else { value }
}

/// [`lenient_i64`] in 32 bits.
pub(in super::super) fn lenient_i32(text: &str) -> i32 {
    let [a, b, c, d, ..] = lenient_i64(text).to_le_bytes();
    i32::from_le_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strict_number_is_written_in_one_way() {
        assert_eq!(strict::<i64>("-100"), Some(-100));
        for text in ["", "+1", "01", "1 ", "-0", "1.0", "9223372036854775808"] {
            assert_eq!(strict::<i64>(text), None, "{text}");
        }
    }

    #[test]
    fn a_lenient_number_is_the_digits_at_the_beginning() {
        for (text, number) in [("", 0), ("abc", 0), ("12abc", 12), ("-5", -5), ("99999999999", 1_215_752_191)]
        {
            assert_eq!(lenient_i32(text), number, "{text}");
        }
    }
}
