//! Operators with two operands, by the tables of the developer guide ("Operators").

use std::cmp::Ordering;

use super::{Evaluation, Row};
use crate::sql::tree::{Expression, Operator};
use crate::value::{self, Decimal, Number, Value};

impl<'a> Evaluation<'a> {
    pub(super) fn binary(
        &self,
        operator: Operator,
        [left, right]: &'a [Expression; 2],
        row: Row<'_, 'a>,
    ) -> Value<'a> {
        let (left, right) = (self.value(left, row), self.value(right, row));
        match operator {
            Operator::And => both(&left, &right).map(|(left, right)| left && right).into(),
            Operator::Or => both(&left, &right).map(|(left, right)| left || right).into(),
            Operator::Equal => self.equal(&left, &right).into(),
            Operator::NotEqual => self.equal(&left, &right).map(|equal| !equal).into(),
            Operator::Less => compare(&left, &right).map(Ordering::is_lt).into(),
            Operator::LessOrEqual => compare(&left, &right).map(Ordering::is_le).into(),
            Operator::Greater => compare(&left, &right).map(Ordering::is_gt).into(),
            Operator::GreaterOrEqual => compare(&left, &right).map(Ordering::is_ge).into(),
            Operator::In => self.is_in(&left, &right).into(),
            Operator::Plus => self.plus(&left, &right),
            Operator::Minus => arithmetic(&left, &right, i64::checked_sub, Decimal::subtract),
            Operator::Times => arithmetic(&left, &right, i64::checked_mul, Decimal::multiply),
            // Of two Ints the exact quotient, which is an Int if it is whole: the guide's table says Int, its example for SET
            // has (75 - 32) * 5 / 9 = 23.89.
            Operator::Divide => arithmetic(&left, &right, |_, _| None, Decimal::divide),
            Operator::Modulo => arithmetic(&left, &right, i64::checked_rem, Decimal::remainder),
        }
    }

    /// Comparing takes as many steps as there is to compare.
    pub(super) fn equal(&self, left: &Value<'a>, right: &Value<'a>) -> Option<bool> {
        self.affordable(left.weight().min(right.weight())).then(|| value::equal(left, right)).flatten()
    }

    /// Undefined elements are equal to nothing.
    fn is_in(&self, left: &Value<'a>, right: &Value<'a>) -> Option<bool> {
        match (left, right) {
            (Value::Undefined, _) => None,
            (_, Value::Array(array))
                if self.affordable(array.items().len().saturating_mul(left.weight())) =>
            {
                Some(array.items().iter().any(|item| value::equal(left, item) == Some(true)))
            }
            _ => None,
        }
    }

    /// Joins if one side is a string, else adds.
    fn plus(&self, left: &Value<'a>, right: &Value<'a>) -> Value<'a> {
        if !matches!((left, right), (Value::String(_), _) | (_, Value::String(_))) {
            return match (left, right) {
                (Value::Number(_), Value::Number(_)) => {
                    arithmetic(left, right, i64::checked_add, Decimal::add)
                }
                _ => Value::Undefined,
            };
        }
        let length = left.weight().saturating_add(right.weight());
        if !self.fits(length) || !self.affordable(length) {
            return Value::Undefined;
        }
        match (value::text(left, self.version), value::text(right, self.version)) {
            (Some(left), Some(right)) => Value::string([&*left, &*right].concat()),
            _ => Value::Undefined,
        }
    }
}

/// Both as Booleans. The guide's table has Undefined for everything else, so also for `true OR Undefined`.
fn both(left: &Value<'_>, right: &Value<'_>) -> Option<(bool, bool)> {
    Some((value::boolean(left)?, value::boolean(right)?))
}

fn compare(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    if let (Value::Number(left), Value::Number(right)) = (left, right) {
        return left.compare(right);
    }
    value::decimal(left)?.partial_cmp(&value::decimal(right)?)
}

/// Ints in 64 bits as long as they fit, else Decimals. No result where there is none: division by zero, for one.
fn arithmetic<'a>(
    left: &Value<'a>,
    right: &Value<'a>,
    small: impl Fn(i64, i64) -> Option<i64>,
    decimal: impl Fn(&Decimal, &Decimal) -> Option<Decimal>,
) -> Value<'a> {
    if let (Value::Number(Number::Small(left)), Value::Number(Number::Small(right))) = (left, right)
        && let Some(result) = small(*left, *right)
    {
        return result.into();
    }
    let result = || decimal(&value::decimal(left)?, &value::decimal(right)?);
    result().into()
}
