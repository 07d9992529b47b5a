//! From what is measured to how a device is: thresholds with hysteresis, and debouncing. Pure: time is given, from any clock that never
//! goes back.

mod debounce;
mod reading;
mod threshold;

pub use self::debounce::{Change, Debounce, Held};
pub use self::reading::{Interpreter, LINE_BYTES, Names, STATUS_BYTES, Signal, SignalError, is_status};
pub use self::threshold::{Bad, Threshold, ThresholdError};
