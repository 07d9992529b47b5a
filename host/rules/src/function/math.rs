//! Arithmetic and the functions of double precision.

use super::{Function, Invocation};
use crate::value::{Decimal, Rounding, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abs", (1, 1), |call| exact(call, |number| number.abs())),
    Function::new("ceil", (1, 1), |call| exact(call, |number| number.round(0, Rounding::Up))),
    Function::new("floor", (1, 1), |call| exact(call, |number| number.round(0, Rounding::Down))),
    // Half way goes away from zero: the guide has Round(1.5) = 2 and Round(-1.5) = -2.
    Function::new("round", (1, 1), |call| exact(call, |number| number.round(0, Rounding::Nearest))),
    Function::new("sign", (1, 1), |call| call.decimal(0).map(|number| number.sign()).into()),
    Function::new("trunc", (2, 2), trunc),
    Function::new("mod", (2, 2), remainder),
    Function::new("remainder", (2, 2), remainder),
    Function::new("acos", (1, 1), |call| double(call, f64::acos)),
    Function::new("asin", (1, 1), |call| double(call, f64::asin)),
    Function::new("atan", (1, 1), |call| double(call, f64::atan)),
    Function::new("atan2", (2, 2), |call| doubles(call, f64::atan2)),
    Function::new("cos", (1, 1), |call| double(call, f64::cos)),
    Function::new("cosh", (1, 1), |call| double(call, f64::cosh)),
    Function::new("exp", (1, 1), |call| double(call, f64::exp)),
    Function::new("ln", (1, 1), |call| double(call, f64::ln)),
    Function::new("log", (1, 1), |call| double(call, f64::log10)),
    Function::new("power", (2, 2), |call| doubles(call, f64::powf)),
    Function::new("sin", (1, 1), |call| double(call, f64::sin)),
    Function::new("sinh", (1, 1), |call| double(call, f64::sinh)),
    Function::new("sqrt", (1, 1), |call| double(call, f64::sqrt)),
    Function::new("tan", (1, 1), |call| double(call, f64::tan)),
    Function::new("tanh", (1, 1), |call| double(call, f64::tanh)),
    Function::new("rand", (0, 0), |call| Decimal::from_f64(call.evaluation.surroundings().random()).into()),
];

fn exact<'a>(call: &Invocation<'_, 'a>, function: impl Fn(Decimal) -> Decimal) -> Value<'a> {
    call.decimal(0).map(function).into()
}

/// In double precision. Imaginary and infinite results are Undefined.
fn double<'a>(call: &Invocation<'_, 'a>, function: impl Fn(f64) -> f64) -> Value<'a> {
    call.double(0).and_then(|number| Decimal::from_f64(function(number))).into()
}

fn doubles<'a>(call: &Invocation<'_, 'a>, function: impl Fn(f64, f64) -> f64) -> Value<'a> {
    let result = || Decimal::from_f64(function(call.double(0)?, call.double(1)?));
    result().into()
}

fn remainder<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    let result = || call.decimal(0)?.remainder(&call.decimal(1)?);
    result().into()
}

/// Places are rounded down and kept between 0 and 34. They may not be a string: the guide's table has none there.
fn trunc<'a>(call: &Invocation<'_, 'a>) -> Value<'a> {
    const MOST: i64 = 34;
    let result = || {
        let Value::Number(places) = call.value(1) else { return None };
        let places = places.decimal()?.round(0, Rounding::Down).clamp_i64().clamp(0, MOST);
        Some(call.decimal(0)?.round(places, Rounding::TowardsZero))
    };
    result().into()
}
