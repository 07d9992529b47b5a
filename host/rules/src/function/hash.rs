//! Hashes, in lower-case hexadecimal digits.

use std::fmt::Write as _;

use sha2::digest::Digest;

use super::{Function, Invocation};
use crate::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("md2", (1, 1), hash::<md2::Md2>),
    Function::new("md5", (1, 1), hash::<md5::Md5>),
    Function::new("sha1", (1, 1), hash::<sha1::Sha1>),
    Function::new("sha224", (1, 1), hash::<sha2::Sha224>),
    Function::new("sha256", (1, 1), hash::<sha2::Sha256>),
    Function::new("sha384", (1, 1), hash::<sha2::Sha384>),
    Function::new("sha512", (1, 1), hash::<sha2::Sha512>),
];

fn hash<'a, D: Digest>(call: &Invocation<'_, 'a>) -> Value<'a> {
    call.text(0).map_or(Value::Undefined, |text| {
        let digest = D::digest(text.as_bytes());
        let hex = digest.iter().fold(String::new(), |mut hex, byte| {
            let written = write!(hex, "{byte:02x}");
            debug_assert!(written.is_ok(), "a string takes everything");
            hex
        });
        Value::string(hex)
    })
}
