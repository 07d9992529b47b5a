//! Decimals of 34 digits: the arithmetic of the rules engine.
//!
//! The developer guide ("Data types") gives a precision of 34 digits and magnitudes from 1E-999 to 9.99…E999, which are the
//! digits of IEEE 754 decimal128; so results are rounded half to even, as it does. What does not fit is no value.

use std::cmp::Ordering;
use std::num::NonZeroU64;
use std::str::FromStr as _;

use bigdecimal::num_bigint::BigInt;
use bigdecimal::{BigDecimal, RoundingMode, ToPrimitive as _, Zero as _};

/// Digits that are kept.
const DIGITS: NonZeroU64 = NonZeroU64::new(34).unwrap();

/// Largest exponent of ten of the first digit, in both directions.
const MAGNITUDE: i64 = 999;

/// Longest spelling that is read: every number that fits can be written shorter.
const SPELLING: usize = 4096;

/// A finite decimal that fits.
#[derive(Clone, Debug)]
pub struct Decimal(BigDecimal);

impl Decimal {
    /// The number that `spelling` stands for, in JSON's notation; none if it does not fit.
    #[must_use]
    pub fn parse(spelling: &str) -> Option<Self> {
        if spelling.len() > SPELLING {
            return None;
        }
        Self::fitting(BigDecimal::from_str(spelling).ok()?)
    }

    /// The number of double precision; none for infinities and NaN.
    #[must_use]
    pub fn from_f64(number: f64) -> Option<Self> {
        // The shortest spelling that reads back as the same double, as Java prints it.
        number.is_finite().then(|| format!("{number:e}")).and_then(|spelling| Self::parse(&spelling))
    }

    /// Rounded to 34 digits; none if it is too large or too small.
    fn fitting(number: BigDecimal) -> Option<Self> {
        if number.is_zero() {
            return Some(Self(BigDecimal::zero()));
        }
        let rounded = if number.digits() > DIGITS.get() {
            number.with_precision_round(DIGITS, RoundingMode::HalfEven)
        } else {
            number
        };
        let magnitude = i64::try_from(rounded.digits()).ok()?.checked_sub(1)?;
        let magnitude = magnitude.checked_sub(rounded.fractional_digit_count())?;
        (-MAGNITUDE..=MAGNITUDE).contains(&magnitude).then_some(Self(rounded))
    }

    pub(crate) fn add(&self, other: &Self) -> Option<Self> {
        Self::fitting(&self.0 + &other.0)
    }

    pub(crate) fn subtract(&self, other: &Self) -> Option<Self> {
        Self::fitting(&self.0 - &other.0)
    }

    pub(crate) fn multiply(&self, other: &Self) -> Option<Self> {
        Self::fitting(&self.0 * &other.0)
    }

    /// None if `other` is zero.
    pub(crate) fn divide(&self, other: &Self) -> Option<Self> {
        if other.0.is_zero() {
            return None;
        }
        Self::fitting(&self.0 / &other.0)
    }

    /// What is left of a division that rounds towards zero, with the sign of `self`; none if `other` is zero.
    pub(crate) fn remainder(&self, other: &Self) -> Option<Self> {
        if other.0.is_zero() {
            return None;
        }
        Self::fitting(&self.0 % &other.0)
    }

    pub(crate) fn negate(&self) -> Self {
        Self(-&self.0)
    }

    pub(crate) fn abs(&self) -> Self {
        Self(self.0.abs())
    }

    /// Rounded to `places` digits after the point.
    pub(crate) fn round(&self, places: i64, how: Rounding) -> Self {
        if self.0.fractional_digit_count() <= places {
            return self.clone();
        }
        let mode = match how {
            Rounding::Up => RoundingMode::Ceiling,
            Rounding::Down => RoundingMode::Floor,
            Rounding::TowardsZero => RoundingMode::Down,
            Rounding::Nearest => RoundingMode::HalfUp,
        };
        Self(self.0.with_scale_round(places, mode))
    }

    /// -1, 0 or 1.
    pub(crate) fn sign(&self) -> i64 {
        match self.0.sign() {
            bigdecimal::num_bigint::Sign::Minus => -1,
            bigdecimal::num_bigint::Sign::NoSign => 0,
            bigdecimal::num_bigint::Sign::Plus => 1,
        }
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.0.is_integer()
    }

    pub(crate) fn to_i64(&self) -> Option<i64> {
        self.is_whole().then(|| self.0.to_i64()).flatten()
    }

    /// Its whole part, or the end of the range of 64 bits that it is beyond.
    pub(crate) fn clamp_i64(&self) -> i64 {
        let beyond = if self.sign() < 0 { i64::MIN } else { i64::MAX };
        self.0.with_scale_round(0, RoundingMode::Down).to_i64().unwrap_or(beyond)
    }

    /// The whole number it is, for operations on bits.
    pub(crate) fn to_bits(&self) -> Option<BigInt> {
        self.is_whole().then(|| self.0.with_scale(0).into_bigint_and_scale().0)
    }

    pub(crate) fn from_bits(bits: BigInt) -> Option<Self> {
        Self::fitting(BigDecimal::from_bigint(bits, 0))
    }

    /// The nearest double.
    pub(crate) fn to_f64(&self) -> f64 {
        // Through text: exactly rounded, which a conversion by steps is not.
        self.0.to_scientific_notation().parse().unwrap_or(f64::NAN)
    }

    /// Its spelling: plain where that is short, else scientific, by the rule of Java's `BigDecimal.toString`. Whole numbers of
    /// up to 34 digits are plain.
    pub(crate) fn spelling(&self) -> String {
        const SMALLEST_PLAIN: i64 = -6;
        let number = self.0.normalized();
        let magnitude = number.order_of_magnitude();
        let plain = if number.is_integer() { magnitude < 34 } else { magnitude >= SMALLEST_PLAIN };
        if plain {
            return number.to_plain_string();
        }
        scientific(&number)
    }
}

fn scientific(number: &BigDecimal) -> String {
    let (digits, _) = number.as_bigint_and_exponent();
    let sign = if digits < BigInt::from(0) { "-" } else { "" };
    let digits = digits.magnitude().to_string();
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let magnitude = number.order_of_magnitude();
    let plus = if magnitude >= 0 { "+" } else { "" };
    format!("{sign}{first}{point}{rest}E{plus}{magnitude}")
}

/// Which of the two neighbours a number is rounded to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// To the larger one.
    Up,
    /// To the smaller one.
    Down,
    /// To the one that is nearer to zero.
    TowardsZero,
    /// To the nearer one; half way, away from zero.
    Nearest,
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.0.partial_cmp(&other.0)
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        Self(number.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(spelling: &str) -> Decimal {
        Decimal::parse(spelling).unwrap()
    }

    #[test]
    fn thirty_four_digits_are_kept_and_rounded_half_to_even() {
        let most = "1234567890123456789012345678901234";
        assert_eq!(decimal(most).spelling(), most);
        assert_eq!(
            decimal("12345678901234567890123456789012345").spelling(),
            "1.234567890123456789012345678901234E+34"
        );
        assert_eq!(decimal("0.1").add(&decimal("0.2")).unwrap().spelling(), "0.3");
        assert_eq!(decimal("1").divide(&decimal("3")).unwrap().spelling(), format!("0.{}", "3".repeat(34)));
        assert_eq!(
            decimal("9007199254740993").multiply(&decimal("1.0")).unwrap().spelling(),
            "9007199254740993"
        );
    }

    #[test]
    fn what_is_too_large_or_too_small_is_no_value() {
        for fits in ["9.99E999", "1E-999", "0E5000", "-1E999"] {
            assert!(Decimal::parse(fits).is_some(), "{fits}");
        }
        let long = "1".repeat(100_000);
        for not in ["1E1000", "1E-1000", "1E999999999999", "1E-9999999999999999999999", &long, "x", ""] {
            assert!(Decimal::parse(not).is_none(), "{}", &not[..not.len().min(20)]);
        }
        assert!(decimal("9E999").multiply(&decimal("10")).is_none());
        assert!(decimal("1E-999").divide(&decimal("10")).is_none());
        assert!(decimal("1").divide(&decimal("0")).is_none());
        assert!(decimal("1").remainder(&decimal("0")).is_none());
    }

    #[test]
    fn small_and_large_numbers_are_scientific_as_java_writes_them() {
        for (from, to) in [
            ("5E-12", "5E-12"),
            ("0.000001", "0.000001"),
            ("0.0000001", "1E-7"),
            ("-123E-20", "-1.23E-18"),
            ("1E33", "1000000000000000000000000000000000"),
            ("1E34", "1E+34"),
            ("-0", "0"),
            ("2.50", "2.5"),
            ("100", "100"),
        ] {
            assert_eq!(decimal(from).spelling(), to, "{from}");
        }
    }

    #[test]
    fn remainders_have_the_sign_of_the_dividend() {
        for (a, b, rest) in [("8", "3", "2"), ("-8", "3", "-2"), ("8", "-3", "2"), ("5.5", "2", "1.5")] {
            assert_eq!(decimal(a).remainder(&decimal(b)).unwrap().spelling(), rest);
        }
    }

    proptest! {
        #[test]
        fn sums_and_products_of_ints_are_exact(a in -(1i64 << 40)..1i64 << 40, b in -(1i64 << 40)..1i64 << 40) {
            let (x, y) = (Decimal::from(a), Decimal::from(b));
            prop_assert_eq!(x.add(&y).unwrap().spelling(), (a + b).to_string());
            prop_assert_eq!(x.multiply(&y).unwrap().spelling(), (i128::from(a) * i128::from(b)).to_string());
        }

        #[test]
        fn a_spelling_reads_back_as_the_same_number(digits in 1u64.., exponent in -900i32..900) {
            let number = decimal(&format!("{digits}E{exponent}"));
            prop_assert_eq!(decimal(&number.spelling()), number);
        }

        #[test]
        fn doubles_survive(number in proptest::num::f64::NORMAL) {
            prop_assert_eq!(Decimal::from_f64(number).unwrap().to_f64(), number);
        }
    }
}
