//! Operations on bits: of two's complement without end, so `bitnot(13)` is -14. (The guide prints 2, which is the complement in
//! four bits; nothing says how many bits there are.)

use bigdecimal::num_bigint::BigInt;

use super::{Function, Invocation};
use crate::value::{Decimal, Rounding, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("bitand", (2, 2), |call| both(call, |a, b| a & b)),
    Function::new("bitor", (2, 2), |call| both(call, |a, b| a | b)),
    Function::new("bitxor", (2, 2), |call| both(call, |a, b| a ^ b)),
    Function::new("bitnot", (1, 1), |call| {
        operand(call, 0).and_then(|bits| Decimal::from_bits(!bits)).into()
    }),
];

fn both<'a>(call: &Invocation<'_, 'a>, operation: impl Fn(BigInt, BigInt) -> BigInt) -> Value<'a> {
    let result = || Decimal::from_bits(operation(operand(call, 0)?, operand(call, 1)?));
    result().into()
}

/// Numbers, and strings that are numbers, are rounded down.
fn operand(call: &Invocation<'_, '_>, index: usize) -> Option<BigInt> {
    call.decimal(index)?.round(0, Rounding::Down).to_bits()
}
