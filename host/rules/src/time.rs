//! The date patterns of two SQL functions: `parse_time` formats with a Joda-Time pattern, `time_to_epoch` parses with
//! a pattern of the JDK's `java.time`.
//!
//! A pattern is compiled once and used for every message. Nothing here reads a clock, the environment or a file: the
//! zones are those of the bundled time zone database. All texts are English, as the service's are.
//!
//! The letters are those of <https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html> and of
//! <https://docs.oracle.com/en/java/javase/11/docs/api/java.base/java/time/format/DateTimeFormatter.html>. What this
//! module can't do as those libraries do is refused when the pattern is compiled, never approximated.

mod error;
mod jdk;
mod joda;
mod names;
mod pattern;
#[cfg(test)]
mod tests;
mod zone;

pub(crate) use error::PatternError;
pub(crate) use jdk::JdkPattern;
pub(crate) use joda::JodaPattern;
pub(crate) use zone::zone;
