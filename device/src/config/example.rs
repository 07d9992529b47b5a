//! The configuration with every setting as it is if nothing is said, and what each means: what `campanile-device config` prints.

/// It is read by the tests, so that it says what is.
pub const EXAMPLE: &str = include_str!("../../examples/device.toml");
