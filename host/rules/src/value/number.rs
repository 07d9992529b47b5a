//! A number: small, as it was spelled, or calculated. Most numbers only pass through, so reading one is put off.

use std::cmp::Ordering;
use std::sync::Arc;

use super::{Decimal, Text};
use crate::version::Version;

/// A number.
#[derive(Clone, Debug)]
pub enum Number<'a> {
    /// A whole number of up to 18 digits.
    Small(i64),
    /// A JSON number that is not small, as it was spelled. May not fit into a [`Decimal`]; then it only passes through.
    Spelled(Text<'a>),
    /// The result of a calculation.
    Calculated(Arc<Decimal>),
}

impl<'a> Number<'a> {
    /// The number of this spelling, which is JSON's.
    pub(crate) fn spelled(spelling: &'a str) -> Self {
        /// Every number of so many characters fits into 64 bits.
        const SMALL: usize = 18;
        let small = (spelling.len() <= SMALL && spelling != "-0").then(|| spelling.parse().ok()).flatten();
        small.map_or_else(|| Self::Spelled(spelling.into()), Self::Small)
    }

    /// For calculating; none if it does not fit.
    pub(crate) fn decimal(&self) -> Option<Decimal> {
        match self {
            Self::Small(number) => Some((*number).into()),
            Self::Spelled(spelling) => Decimal::parse(spelling),
            Self::Calculated(number) => Some((**number).clone()),
        }
    }

    /// How it compares with `other`; none if one of them does not fit.
    pub(crate) fn compare(&self, other: &Number<'_>) -> Option<Ordering> {
        match (self, other) {
            (Self::Small(a), Number::Small(b)) => Some(a.cmp(b)),
            _ => self.decimal()?.partial_cmp(&other.decimal()?),
        }
    }

    /// Whether it is an `Int`: a whole number, however it is spelled.
    pub(crate) fn is_int(&self) -> bool {
        match self {
            Self::Small(_) => true,
            Self::Spelled(spelling) => Decimal::parse(spelling).is_some_and(|number| number.is_whole()),
            Self::Calculated(number) => number.is_whole(),
        }
    }

    pub(super) fn weight(&self) -> usize {
        /// Sign, 34 digits, point and exponent.
        const CALCULATED: usize = 42;
        match self {
            Self::Small(number) => {
                usize::try_from(number.unsigned_abs().checked_ilog10().unwrap_or(0)).unwrap_or(0) + 1
            }
            Self::Spelled(spelling) => spelling.len(),
            Self::Calculated(_) => CALCULATED,
        }
    }

    /// Appends its spelling. From 2016-03-23 on, decimals that are whole are Ints: `5.0` is `5` (developer guide, `cast`; the
    /// AWS validation tool saw it on the real service). Digits are never lost.
    pub(super) fn write(&self, version: Version, to: &mut Vec<u8>) {
        match self {
            Self::Small(number) => to.extend_from_slice(number.to_string().as_bytes()),
            Self::Spelled(spelling) if version > Version::V2015 => match whole(spelling) {
                Some(whole) => to.extend_from_slice(whole.as_bytes()),
                None => to.extend_from_slice(spelling.as_bytes()),
            },
            Self::Spelled(spelling) => to.extend_from_slice(spelling.as_bytes()),
            Self::Calculated(number) => to.extend_from_slice(number.spelling().as_bytes()),
        }
    }
}

/// The spelling of a whole number without its point or exponent; none if it is not whole or has neither.
fn whole(spelling: &str) -> Option<String> {
    let plain = spelling.strip_prefix('-').unwrap_or(spelling);
    if plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return (spelling == "-0").then(|| "0".to_owned());
    }
    match plain.split_once('.') {
        Some((_, fraction)) if fraction.bytes().all(|byte| byte.is_ascii_digit() && byte != b'0') => None,
        _ => Decimal::parse(spelling).filter(Decimal::is_whole).map(|number| number.spelling()),
    }
}

impl From<Decimal> for Number<'_> {
    fn from(number: Decimal) -> Self {
        number.to_i64().map_or_else(|| Self::Calculated(Arc::new(number)), Self::Small)
    }
}
